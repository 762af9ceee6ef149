//! The table at the end of a run: one row per stage, its functions below it.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use monitor_runtime::{CallStats, Snapshot};

const NANOS_PER_SECOND: u128 = 1_000_000_000;

pub(crate) struct Table<'a>(pub(crate) &'a Snapshot);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20} {:>5} {:>8} {:>9} {:>8} {:>8} {:>8} {:>6} {:>7}",
            "Stage", "Calls", "Records", "Records/s", "p50", "p95", "max", "Errors", "Retries",
        )?;
        for stage in &self.0.stages {
            row(f, &stage.stage, &stage.totals)?;
            for function in &stage.functions {
                row(f, &format!("  {}", function.function), &function.stats)?;
            }
        }
        Ok(())
    }
}

fn row(f: &mut Formatter<'_>, name: &str, stats: &CallStats) -> fmt::Result {
    let duration = &stats.duration;
    // A stage that was never reached has counts, but no times.
    let time = |time| match duration.count() {
        0 => "-".to_owned(),
        _ => human(time),
    };
    writeln!(
        f,
        "{name:<20} {:>5} {:>8} {:>9} {:>8} {:>8} {:>8} {:>6} {:>7}",
        stats.calls(),
        thousands(stats.records),
        rate(stats.records, duration.total()),
        time(duration.quantile(0.5)),
        time(duration.quantile(0.95)),
        time(duration.max()),
        stats.errors(),
        stats.retries,
    )
}

/// Records per second of work, or a dash where there is nothing to divide.
fn rate(records: u64, total: Duration) -> String {
    if records == 0 || total.is_zero() {
        return "-".to_owned();
    }
    thousands(u128::from(records) * NANOS_PER_SECOND / total.as_nanos())
}

fn human(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else if seconds >= 0.001 {
        format!("{:.1} ms", seconds * 1e3)
    } else {
        format!("{:.0} µs", seconds * 1e6)
    }
}

fn thousands(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{human, rate, thousands};

    #[test]
    fn numbers_are_for_people() {
        assert_eq!(thousands(0_u64), "0");
        assert_eq!(thousands(228_u64), "228");
        assert_eq!(thousands(5_228_u64), "5,228");
        assert_eq!(thousands(1_000_000_u64), "1,000,000");
        assert_eq!(human(Duration::from_micros(12)), "12 µs");
        assert_eq!(human(Duration::from_micros(12_340)), "12.3 ms");
        assert_eq!(human(Duration::from_millis(2_340)), "2.34 s");
        assert_eq!(rate(5_228, Duration::from_secs(2)), "2,614");
        assert_eq!(rate(0, Duration::from_secs(2)), "-");
    }
}
