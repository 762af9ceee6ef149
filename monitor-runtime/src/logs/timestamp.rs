//! Timestamps as RFC 3339 gives them, in UTC, to the microsecond.

use std::cell::Cell;
use std::fmt::{self, Display};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::number::pair;

/// A moment, shown as `2026-02-05T12:34:56.789012Z`. What lies before 1970 is shown
/// as its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timestamp {
    seconds: u64,
    micros: u32,
}

impl Timestamp {
    pub(crate) fn now() -> Self {
        Self::of(SystemTime::now())
    }

    /// In hundredths of a second since 1970.
    pub(crate) fn hundredths(self) -> u64 {
        self.seconds * 100 + u64::from(self.micros / 10_000)
    }

    pub(crate) fn of(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            seconds: since.as_secs(),
            micros: since.subsec_micros(),
        }
    }

    fn clock(self) -> (u64, u64, u64) {
        let second = self.seconds % 86_400;
        (second / 3_600, second / 60 % 60, second % 60)
    }

    /// Year, month and day in the proleptic Gregorian calendar, after `civil_from_days`
    /// of Howard Hinnant, "chrono-compatible low-level date algorithms": years are
    /// counted from 1 March, so that the leap day is a year's last.
    fn date(self) -> (u64, u64, u64) {
        let days = self.seconds / 86_400 + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        (era * 400 + year_of_era + u64::from(month <= 2), month, day)
    }
}

impl Timestamp {
    /// The moment that such a text shows, as far as it could have been written here.
    pub(crate) fn parse(text: &str) -> Option<SystemTime> {
        let number = |from: usize, to: usize| {
            let digits = text.get(from..to)?;
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse::<u64>().ok()).flatten()
        };
        let days = days_since_1970(number(0, 4)?, number(5, 7)?, number(8, 10)?)?;
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let micros = u32::try_from(number(20, 26)?).ok()?;
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
        let time = UNIX_EPOCH.checked_add(Duration::new(seconds, micros * 1_000))?;
        // A day that is none, a sign that is another.
        (Self::of(time).to_string() == text).then_some(time)
    }

    /// The text in two parts, without formatting machinery: each line has one. `None` for
    /// years of more than four digits.
    pub(crate) fn digits(self) -> Option<([u8; 20], [u8; 7])> {
        thread_local! {
            /// The last second, with its text: lines come many in one.
            static LAST: Cell<(u64, [u8; 20])> = const { Cell::new((u64::MAX, *EMPTY)) };
        }

        let (second, mut text) = LAST.try_with(Cell::get).unwrap_or((u64::MAX, *EMPTY));
        if second != self.seconds {
            text = self.digits_of_second()?;
            let _ = LAST.try_with(|last| last.set((self.seconds, text)));
        }
        let micros = u64::from(self.micros);
        let [a, b] = pair(micros / 10_000);
        let [c, d] = pair(micros / 100 % 100);
        let [e, f] = pair(micros % 100);
        Some((text, [a, b, c, d, e, f, b'Z']))
    }

    fn digits_of_second(self) -> Option<[u8; 20]> {
        let (year, month, day) = self.date();
        let (hour, minute, second) = self.clock();
        let mut text = *EMPTY;
        for (at, number) in [
            (0, year / 100),
            (2, year % 100),
            (5, month),
            (8, day),
            (11, hour),
            (14, minute),
            (17, second),
        ] {
            text[at..at + 2].copy_from_slice(&pair(number));
        }
        (year < 10_000).then_some(text)
    }
}

/// The way back from [`Timestamp::date`], after `days_from_civil` of the same source.
fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = year.checked_sub(u64::from(month <= 2))?;
    let shifted_month = (month + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day.checked_sub(1)?;
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}

const EMPTY: &[u8; 20] = b"0000-00-00T00:00:00.";

impl Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((second, micros)) = self.digits() {
            f.write_str(str::from_utf8(&second).unwrap_or_default())?;
            return f.write_str(str::from_utf8(&micros).unwrap_or_default());
        }
        let (year, month, day) = self.date();
        let (hour, minute, second) = self.clock();
        let micros = self.micros;
        write!(
            f,
            "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected texts from `date --utc --date=@… +%FT%T`.
    #[test]
    fn known_moments() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.000001Z"),
            (951_782_399, "2000-02-28T23:59:59.000001Z"),
            (951_782_400, "2000-02-29T00:00:00.000001Z"),
            (951_868_800, "2000-03-01T00:00:00.000001Z"),
            (1_770_294_896, "2026-02-05T12:34:56.000001Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000001Z"),
            (253_402_300_799, "9999-12-31T23:59:59.000001Z"),
        ] {
            let time = UNIX_EPOCH + Duration::new(seconds, 1_999);
            assert_eq!(Timestamp::of(time).to_string(), expected);
        }
    }

    #[test]
    fn each_day_of_four_centuries_follows_the_day_before() {
        let days_in = |year: u64, month: u64| match month {
            2 if year.is_multiple_of(4)
                && (!year.is_multiple_of(100) || year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for index in 0..146_097_u64 {
            let time = UNIX_EPOCH + Duration::from_secs(index * 86_400);
            assert_eq!(Timestamp::of(time).date(), (year, month, day));
            assert_eq!(days_since_1970(year, month, day), Some(index));
            day += 1;
            if day > days_in(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }

    #[test]
    fn a_text_is_read_as_the_moment_that_it_shows_or_not_at_all() {
        let time = UNIX_EPOCH + Duration::new(1_770_294_896, 789_012_000);
        assert_eq!(Timestamp::parse("2026-02-05T12:34:56.789012Z"), Some(time));
        for wrong in [
            "",
            "2026-02-05",
            "2026-02-30T12:34:56.789012Z",
            "2026-02-05 12:34:56.789012Z",
            "2026-02-05T12:34:56.789012+",
            "2026-02-05T24:34:56.789012Z",
            "2026-00-05T12:34:56.789012Z",
            "2026-13-05T12:34:56.789012Z",
            "0000-01-01T00:00:00.000000Z",
            "1969-12-31T23:59:59.000000Z",
            "+026-02-05T12:34:56.789012Z",
            "2026-02-05T12:34:56.789012ZZ",
            "２０２６-02-05T12:34:56.789012Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn before_1970_is_its_beginning() {
        let time = UNIX_EPOCH - Duration::from_secs(5);
        assert_eq!(
            Timestamp::of(time).to_string(),
            "1970-01-01T00:00:00.000000Z"
        );
    }
}
