//! Numbers for people.

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `-1234567` as `-1,234,567`.
pub(crate) fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        let groups = [0, 12, 999, 1_000, 5_228, 1_234_567].map(grouped);
        assert_eq!(groups, ["0", "12", "999", "1,000", "5,228", "1,234,567"]);
        assert_eq!([-5_228, 0, 7].map(signed), ["-5,228", "0", "7"]);
    }
}
