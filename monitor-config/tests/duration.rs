//! Durations as people write them, and as messages show them.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::time::Duration;

use monitor_config::duration::{display, parse_duration, seconds};

const SECOND: u64 = 1_000_000_000;

#[test]
fn every_form_is_read_exactly() {
    for (text, nanos) in [
        ("2m", 120 * SECOND),
        ("2min", 120 * SECOND),
        ("500ms", 500_000_000),
        ("1h30m", 5_400 * SECOND),
        (" 1 h 30 min ", 5_400 * SECOND),
        ("2s", 2 * SECOND),
        ("250us", 250_000),
        ("250µs", 250_000),
        ("250μs", 250_000),
        ("7ns", 7),
        ("1.5s", 1_500_000_000),
        ("0.1s", 100_000_000),
        ("0.12345678901234567890123s", 123_456_789),
        ("1.5d", 129_600 * SECOND),
        ("1d", 86_400 * SECOND),
        ("0s", 0),
    ] {
        assert_eq!(
            parse_duration(text),
            Ok(Duration::from_nanos(nanos)),
            "{text}"
        );
    }
}

#[test]
fn every_mistake_says_what_to_write_instead() {
    for (text, message) in [
        (
            "",
            r#"the duration is empty: write one such as "2m" or "500ms""#,
        ),
        (
            "  ",
            r#"the duration is empty: write one such as "2m" or "500ms""#,
        ),
        (
            "90",
            r#""90" has no unit: write "90s", or 90 without quotes for seconds"#,
        ),
        (
            "1h30",
            r#"the 30 in "1h30" has no unit: write a unit after each number, such as "1h30m""#,
        ),
        (
            "-2s",
            r#""-2s" is negative: write a duration from zero up, such as "2m" or "500ms""#,
        ),
        (
            "soon",
            r#""soon" is not a duration: write a number and a unit, such as "2m" or "500ms""#,
        ),
        (
            "NaN",
            r#""NaN" is not a duration: write a number and a unit, such as "2m" or "500ms""#,
        ),
        (
            "1,5s",
            r#""1,5s" has a comma: write decimals with a point, such as "1.5s", and parts without a separator, such as "1h30m""#,
        ),
        (
            "2m,5s",
            r#"unknown unit `m,` in "2m,5s" (units: `ns`, `us`, `ms`, `s`, `m`, `h`, `d`)"#,
        ),
        (
            "2 minutes",
            r#"unknown unit `minutes` in "2 minutes": write "2m" (units: `ns`, `us`, `ms`, `s`, `m`, `h`, `d`)"#,
        ),
        (
            "2S",
            r#"unknown unit `S` in "2S": write "2s" (units: `ns`, `us`, `ms`, `s`, `m`, `h`, `d`)"#,
        ),
        (
            "2w",
            r#"unknown unit `w` in "2w" (units: `ns`, `us`, `ms`, `s`, `m`, `h`, `d`)"#,
        ),
        (
            "1.s",
            r#"`1.` in "1.s" is not a number: write one such as "2m" or "1.5s""#,
        ),
        (
            ".5s",
            r#"`.5` in ".5s" is not a number: write one such as "2m" or "1.5s""#,
        ),
        (
            "1.2.3s",
            r#"`1.2.3` in "1.2.3s" is not a number: write one such as "2m" or "1.5s""#,
        ),
        (
            "30m1h",
            r#""30m1h" has `h` after `m`: write each unit once, the larger before the smaller, such as "1h30m""#,
        ),
        (
            "99999999999999999999s",
            r#""99999999999999999999s" is too long for a duration: leave the setting out where no limit is wanted"#,
        ),
    ] {
        assert_eq!(parse_duration(text).unwrap_err(), message, "{text}");
    }
    let endless = parse_duration(&format!("{}d", "9".repeat(1_000))).unwrap_err();
    assert!(endless.contains("9…\" is too long"), "{endless}");
    assert!(parse_duration("18446744073709551615s 1ns").is_ok());
    assert!(parse_duration("18446744073709551616s").is_err());
}

#[test]
fn bare_numbers_are_seconds() {
    assert_eq!(seconds(2.0), Ok(Duration::from_secs(2)));
    assert_eq!(seconds(0.1), Ok(Duration::from_millis(100)));
    assert_eq!(seconds(-0.0), Ok(Duration::ZERO));
    for (value, message) in [
        (
            -0.5,
            r#"-0.5 is negative: write seconds from zero up, such as 2 or 0.5, or text such as "500ms""#,
        ),
        (
            f64::NAN,
            r#"NaN is not a duration: write seconds such as 2 or 0.5, or text such as "500ms""#,
        ),
        (
            f64::INFINITY,
            "infinity is too long for a duration: leave the setting out where no limit is wanted",
        ),
        (
            1e300,
            "1e300 seconds is too long for a duration: leave the setting out where no limit is wanted",
        ),
    ] {
        assert_eq!(seconds(value).unwrap_err(), message);
    }
    assert!(
        seconds(f64::NEG_INFINITY)
            .unwrap_err()
            .starts_with("-inf is negative")
    );
}

#[test]
fn durations_are_shown_short() {
    for (nanos, shown) in [
        (0, "0 s"),
        (7, "7 ns"),
        (999, "999 ns"),
        (250_000, "250 µs"),
        (1_500_000, "1.5 ms"),
        (500_000_000, "500 ms"),
        (999_960_000, "1 s"),
        (4 * SECOND, "4 s"),
        (45_200_000_000, "45.2 s"),
        (59_960_000_000, "1 min"),
        (90 * SECOND, "1 min 30 s"),
        (120 * SECOND, "2 min"),
        (3_599_600_000_000, "1 h"),
        (5_400 * SECOND, "1 h 30 min"),
        (90_000 * SECOND, "1 d 1 h"),
    ] {
        assert_eq!(display(Duration::from_nanos(nanos)), shown);
    }
    assert_eq!(display(Duration::MAX), "213503982334601 d 7 h");
}

#[test]
fn what_is_shown_can_be_read_again() {
    for exponent in 0..64 {
        let shown = display(Duration::from_nanos(3_u64 << exponent >> 1));
        assert_eq!(parse_duration(&shown).map(display), Ok(shown));
    }
}
