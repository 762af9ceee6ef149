//! Durations as messages show them.

use std::time::Duration;

use super::SECOND;

/// Shows a duration in the short form of messages and documentation lines.
///
/// Under a minute the form has one unit and at most one decimal, above it two units; the rest is rounded.
///
/// ```
/// use monitor_config::duration::display;
/// use std::time::Duration;
///
/// assert_eq!(display(Duration::from_millis(45_200)), "45.2 s");
/// assert_eq!(display(Duration::from_secs(5_400)), "1 h 30 min");
/// ```
#[must_use]
pub fn display(d: Duration) -> String {
    /// Name, length, and the step to which a value shown in the unit is rounded.
    const SHOWN: [(&str, u128, u128); 7] = [
        ("ns", 1, 1),
        ("µs", 1_000, 100),
        ("ms", 1_000_000, 100_000),
        ("s", SECOND, SECOND / 10),
        ("min", 60 * SECOND, SECOND),
        ("h", 3_600 * SECOND, 60 * SECOND),
        ("d", 86_400 * SECOND, 3_600 * SECOND),
    ];

    let nanos = d.as_nanos();
    if nanos == 0 {
        return "0 s".to_owned();
    }
    let round = |step: u128| (nanos + step / 2) / step * step;
    // Rounded first, chosen second: 59.96 s is "1 min", never "60 s".
    let index = SHOWN
        .windows(2)
        .position(|pair| round(pair[0].2) < pair[1].1)
        .unwrap_or(SHOWN.len() - 1);
    let (name, length, step) = SHOWN[index];
    let (whole, rest) = (round(step) / length, round(step) % length / step);
    match (rest, name) {
        (0, _) => format!("{whole} {name}"),
        (_, "min" | "h" | "d") => format!("{whole} {name} {rest} {}", SHOWN[index - 1].0),
        _ => format!("{whole}.{rest} {name}"),
    }
}
