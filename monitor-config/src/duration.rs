//! Durations as people write them, and as messages show them.

use std::time::Duration;

use crate::spelling::quoted;

mod show;

pub use show::display;

/// The units of a duration, in each spelling, with their length in nanoseconds.
const UNITS: [(&[&str], u128); 7] = [
    (&["ns"], 1),
    // Two different characters look like a micro sign: U+00B5 and the Greek U+03BC.
    (&["us", "µs", "μs"], 1_000),
    (&["ms"], 1_000_000),
    (&["s"], SECOND),
    (&["m", "min"], 60 * SECOND),
    (&["h"], 3_600 * SECOND),
    (&["d"], 86_400 * SECOND),
];

/// Nanoseconds.
const SECOND: u128 = 1_000_000_000;

/// Reads a duration such as `"2m"`, `"500ms"`, `"1h30m"` or `"1.5s"`.
///
/// The units are `ns`, `us`, `ms`, `s`, `m` (or `min`), `h` and `d`, the larger before the smaller. Spaces between
/// numbers and units are allowed, so that what [`display`] shows can be read again.
///
/// # Errors
///
/// A message that says what is wrong and what to write instead.
///
/// ```
/// use monitor_config::parse_duration;
/// use std::time::Duration;
///
/// assert_eq!(parse_duration("1h30m"), Ok(Duration::from_secs(5400)));
/// assert_eq!(
///     parse_duration("90").unwrap_err(),
///     r#""90" has no unit: write "90s", or 90 without quotes for seconds"#
/// );
/// ```
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(r#"the duration is empty: write one such as "2m" or "500ms""#.to_owned());
    }
    if rest.starts_with(['-', '−']) {
        return Err(format!(
            r#""{}" is negative: write a duration from zero up, such as "2m" or "500ms""#,
            quoted(text)
        ));
    }
    let mut total: u128 = 0;
    let mut previous: Option<(&str, u128)> = None;
    while !rest.is_empty() {
        let (number, after) = split_at_first(rest, |c| !c.is_ascii_digit() && c != '.');
        if number.is_empty() {
            return Err(format!(
                r#""{}" is not a duration: write a number and a unit, such as "2m" or "500ms""#,
                quoted(text)
            ));
        }
        let (unit, after) = split_at_first(after.trim_start(), |c| {
            c.is_ascii_digit() || c == '.' || c.is_whitespace()
        });
        let (unit, length) = find_unit(number, unit, text)?;
        if let Some((previous, longer)) = previous
            && length >= longer
        {
            return Err(format!(
                r#""{}" has `{unit}` after `{previous}`: write each unit once, the larger before the smaller, such as "1h30m""#,
                quoted(text)
            ));
        }
        previous = Some((unit, length));
        total = scale(number, length, text)?
            .checked_add(total)
            .ok_or_else(|| too_long(text))?;
        rest = after.trim_start();
    }
    from_nanos(total).ok_or_else(|| too_long(text))
}

/// Turns a bare number, which counts seconds, into a duration.
///
/// # Errors
///
/// A message that says why the number is no duration, and what to write instead.
///
/// ```
/// use monitor_config::duration;
/// use std::time::Duration;
///
/// assert_eq!(duration::seconds(0.5), Ok(Duration::from_millis(500)));
/// assert!(duration::seconds(-1.0).unwrap_err().starts_with("-1 is negative"));
/// ```
pub fn seconds(value: f64) -> Result<Duration, String> {
    if value.is_nan() {
        return Err(
            r#"NaN is not a duration: write seconds such as 2 or 0.5, or text such as "500ms""#
                .to_owned(),
        );
    }
    if value < 0.0 {
        return Err(format!(
            r#"{value} is negative: write seconds from zero up, such as 2 or 0.5, or text such as "500ms""#
        ));
    }
    Duration::try_from_secs_f64(value).map_err(|_| {
        let value = if value.is_infinite() {
            "infinity".to_owned()
        } else {
            format!("{value:e} seconds")
        };
        format!(
            "{value} is too long for a duration: leave the setting out where no limit is wanted"
        )
    })
}

fn split_at_first(text: &str, stop: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(stop).unwrap_or(text.len()))
}

fn find_unit<'a>(number: &str, unit: &'a str, text: &str) -> Result<(&'a str, u128), String> {
    let text = quoted(text);
    if unit.is_empty() {
        let number = quoted(number);
        // "1h30" lacks a unit in its last part only, where a bare number is no way out.
        return Err(if text.trim() == number {
            format!(
                r#""{text}" has no unit: write "{number}s", or {number} without quotes for seconds"#
            )
        } else {
            format!(
                r#"the {number} in "{text}" has no unit: write a unit after each number, such as "1h30m""#
            )
        });
    }
    if let Some((_, length)) = UNITS.iter().find(|(names, _)| names.contains(&unit)) {
        return Ok((unit, *length));
    }
    if unit.starts_with(',') {
        return Err(format!(
            r#""{text}" has a comma: write decimals with a point, such as "1.5s", and parts without a separator, such as "1h30m""#
        ));
    }
    let hint = meant(unit).map_or(String::new(), |unit| {
        format!(": write \"{}{unit}\"", quoted(number))
    });
    Err(format!(
        r#"unknown unit `{}` in "{text}"{hint} (units: `ns`, `us`, `ms`, `s`, `m`, `h`, `d`)"#,
        quoted(unit)
    ))
}

/// The unit that a longer or capital spelling stands for.
fn meant(unit: &str) -> Option<&'static str> {
    Some(match unit.to_lowercase().as_str() {
        "nanos" | "nanosecond" | "nanoseconds" => "ns",
        "micros" | "microsecond" | "microseconds" | "usec" => "us",
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => "ms",
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        _ => return None,
    })
}

/// The nanoseconds of a decimal number of units, in whole numbers, so that "0.1s" is exactly 100 ms.
fn scale(number: &str, length: u128, text: &str) -> Result<u128, String> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(format!(
            r#"`{}` in "{}" is not a number: write one such as "2m" or "1.5s""#,
            quoted(number),
            quoted(text)
        ));
    }
    // Both hold digits only, so that the one reason to fail is size.
    let whole: u128 = whole.parse().map_err(|_| too_long(text))?;
    // A day has 14 digits of nanoseconds: what stands behind the 17th digit is less than one.
    let digits = &fraction[..fraction.len().min(17)];
    let part = digits
        .bytes()
        .fold(0, |sum, digit| sum * 10 + u128::from(digit - b'0'))
        * length
        / digits.bytes().fold(1, |power, _| power * 10);
    whole
        .checked_mul(length)
        .and_then(|whole| whole.checked_add(part))
        .ok_or_else(|| too_long(text))
}

fn too_long(text: &str) -> String {
    format!(
        r#""{}" is too long for a duration: leave the setting out where no limit is wanted"#,
        quoted(text)
    )
}

/// The duration of so many nanoseconds, unless it is longer than [`Duration::MAX`].
pub(crate) fn from_nanos(nanos: u128) -> Option<Duration> {
    let seconds = u64::try_from(nanos / SECOND).ok()?;
    let rest = u32::try_from(nanos % SECOND).ok()?;
    Some(Duration::new(seconds, rest))
}
