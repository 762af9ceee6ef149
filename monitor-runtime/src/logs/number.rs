//! Integers as decimal digits.

/// `00` to `99`.
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        pairs[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    pairs
};

/// Appends `number` to `out`.
pub(crate) fn unsigned(out: &mut Vec<u8>, mut number: u64) {
    // The digits are written where they stay: a processor is slow to read what was just
    // written in other pieces.
    let begin = out.len();
    let count = number.checked_ilog10().unwrap_or(0) as usize + 1;
    out.extend_from_slice(&[b'0'; 20]);
    out.truncate(begin + count);
    let (first, pairs) = out[begin..].as_rchunks_mut();
    for two in pairs.iter_mut().rev() {
        *two = pair(number % 100);
        number /= 100;
    }
    if let [first] = first {
        *first = b'0' + number as u8;
    }
}

/// The same for a number that may be negative.
pub(crate) fn signed(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    unsigned(out, number.unsigned_abs());
}

/// Two digits of a number below 100.
pub(crate) fn pair(number: u64) -> [u8; 2] {
    PAIRS.get(number as usize).copied().unwrap_or(*b"??")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        let powers = (0..20).map(|power| 10_u64.pow(power));
        let around = powers.flat_map(|power| [power - 1, power, power + 1]);
        for number in around.chain([0, 1 << 53, (1 << 53) + 1, u64::MAX - 1, u64::MAX]) {
            let mut out = Vec::new();
            unsigned(&mut out, number);
            assert_eq!(String::from_utf8(out), Ok(number.to_string()));
        }
        for number in [0, -1, 1, -99, -100, i64::MIN, i64::MIN + 1, i64::MAX] {
            let mut out = Vec::new();
            signed(&mut out, number);
            assert_eq!(String::from_utf8(out), Ok(number.to_string()));
        }
    }
}
