//! Sizes of files, as people write them.

/// Reads a size in bytes: `"100 MiB"`, `"64KiB"`, `"1 GB"`, `"4096"`. `k`, `M` and `G` with `iB` count in powers of
/// 1,024, with `B` in powers of 1,000.
///
/// # Errors
///
/// A message that says what to write, for any other text.
///
/// ```
/// use monitor_config::parse_size;
///
/// assert_eq!(parse_size("100 MiB"), Ok(104_857_600));
/// assert_eq!(parse_size("2GB"), Ok(2_000_000_000));
/// assert!(parse_size("100 M").unwrap_err().contains("100 MiB"));
/// ```
pub fn parse_size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 8] = [
        ("", 1),
        ("b", 1),
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("kib", 1 << 10),
        ("mib", 1 << 20),
        ("gib", 1 << 30),
    ];

    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let unit = unit.trim().to_ascii_lowercase();
    let factor = UNITS.iter().find(|(name, _)| *name == unit);
    let number = digits.parse::<u64>().ok();
    match (number, factor) {
        (Some(number), Some((_, factor))) => number
            .checked_mul(*factor)
            .ok_or_else(|| "this size is larger than any file".to_owned()),
        (Some(number), None) => Err(format!(
            "this is not a size: write a whole number with B, KiB, MiB or GiB, such as \"{number} MiB\""
        )),
        _ => Err(
            "this is not a size: write a whole number with B, KiB, MiB or GiB, such as \"100 MiB\""
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_are_read_and_what_is_none_is_refused() {
        for (text, size) in [
            ("0", 0),
            ("4096", 4096),
            ("1 KiB", 1024),
            ("1kib", 1024),
            ("1 kB", 1000),
            (" 3GiB ", 3 << 30),
        ] {
            assert_eq!(parse_size(text), Ok(size), "{text}");
        }
        for text in [
            "",
            "MiB",
            "-1 MiB",
            "1.5 MiB",
            "1 TiB",
            "99999999999999999999",
            "18446744073709551615 KiB",
        ] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
