//! Text as the inside of a JSON string (RFC 8259, section 7).
//!
//! Beside what the format asks for, these are escaped: U+2028, U+2029 and U+0085, which
//! JavaScript, Python's `splitlines` and others take for the end of a line, and the other
//! controls above ASCII, which steer a terminal that shows the file.

/// What a byte is written as.
const PLAIN: u8 = 0;
const CONTROL: u8 = b'u';
/// The first byte of U+0080 to U+009F, and of others.
const MAYBE_CONTROL: u8 = 0xc2;
/// The first byte of U+2028 and U+2029, and of others.
const MAYBE_SEPARATOR: u8 = 0xe2;

/// For each byte, what it needs.
static NEEDS: [u8; 256] = {
    let mut table = [PLAIN; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = CONTROL;
        byte += 1;
    }
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table[b'\n' as usize] = b'n';
    table[b'\r' as usize] = b'r';
    table[b'\t' as usize] = b't';
    table[0x08] = b'b';
    table[0x0c] = b'f';
    table[0x7f] = CONTROL;
    table[0xc2] = MAYBE_CONTROL;
    table[0xe2] = MAYBE_SEPARATOR;
    table
};

/// The most bytes that a byte of text becomes.
pub(crate) const GROWTH: usize = 6;

/// Appends `text` to `out`.
#[inline]
pub(crate) fn escape(out: &mut Vec<u8>, text: &str) {
    if is_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        escape_each(out, text);
    }
}

/// Whether a text needs nothing, as most: found out without a look at each byte.
#[inline]
fn is_plain(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk() else {
        return match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                let half = |four: &[u8; 4]| u64::from(u32::from_le_bytes(*four));
                are_plain(half(first) << 32 | half(last))
            }
            _ => bytes.iter().all(|byte| NEEDS[usize::from(*byte)] == PLAIN),
        };
    };
    let (eights, _) = bytes.as_chunks();
    eights
        .iter()
        .chain([last])
        .all(|eight| are_plain(u64::from_le_bytes(*eight)))
}

#[inline(never)]
fn escape_each(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut written = 0;
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        // Most text needs nothing, and is looked at eight bytes at a time.
        if let Some(eight) = bytes[index..].first_chunk()
            && are_plain(u64::from_le_bytes(*eight))
        {
            index += 8;
            continue;
        }
        let need = NEEDS[usize::from(byte)];
        let length = match need {
            PLAIN => 0,
            MAYBE_CONTROL => match bytes.get(index + 1) {
                Some(0x80..0xa0) => 2,
                _ => 0,
            },
            MAYBE_SEPARATOR => match bytes.get(index + 1..index + 3) {
                Some([0x80, 0xa8 | 0xa9]) => 3,
                _ => 0,
            },
            _ => 1,
        };
        if length == 0 {
            index += 1;
            continue;
        }
        out.extend_from_slice(&bytes[written..index]);
        index += length;
        written = index;
        // The low half of a character of several bytes is in the last of them.
        let last = bytes[index - 1];
        match need {
            CONTROL | MAYBE_CONTROL => out.extend(*b"\\u00"),
            MAYBE_SEPARATOR => out.extend(*b"\\u20"),
            letter => {
                out.extend([b'\\', letter]);
                continue;
            }
        }
        // U+2028 ends in the byte 0xa8.
        let low = if need == MAYBE_SEPARATOR {
            last & 0x2f
        } else {
            last
        };
        out.extend([low >> 4, low & 0xf].map(hex));
    }
    out.extend_from_slice(&bytes[written..]);
}

/// Whether none of eight bytes needs anything, for what is certain without a look at each:
/// all are ASCII, and none a control, a quote or a backslash. After "Determine if a word has
/// a byte less than n" in Sean Eron Anderson, "Bit Twiddling Hacks".
#[inline]
fn are_plain(eight: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let below_space = eight.wrapping_sub(ONES * 0x20) & !eight;
    let special = has_zero(eight ^ (ONES * u64::from(b'"')))
        | has_zero(eight ^ (ONES * u64::from(b'\\')))
        | has_zero(eight ^ (ONES * 0x7f));
    (below_space | special | eight) & (ONES * 0x80) == 0
}

/// A digit of hexadecimal.
pub(crate) fn hex(digit: u8) -> u8 {
    match digit {
        0..10 => b'0' + digit,
        _ => b'a' + digit - 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        escape(&mut out, text);
        String::from_utf8(out).expect("text")
    }

    fn is_separator(c: char) -> bool {
        matches!(c, '\u{2028}' | '\u{2029}')
    }

    #[test]
    fn each_character_reads_back_as_itself() {
        let below = (0..=0xff_u8).map(char::from);
        let special = [
            '\u{2027}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{feff}',
            '\u{fffd}',
            '\u{ffff}',
            '🏀',
            '\u{10ffff}',
        ];
        for c in below.chain(special) {
            let long = format!("{c}12345678{c}1234567{c}123456{c}");
            for text in [c.to_string(), format!("a{c}b"), format!("{c}{c}"), long] {
                let line = format!("\"{}\"", escaped(&text));
                let read: String = serde_json::from_str(&line).expect("JSON");
                assert_eq!(read, text, "{line}");
                assert!(!line.contains(|c: char| c.is_control() || is_separator(c)));
            }
        }
    }

    #[test]
    fn short_forms_are_used_where_there_are_some() {
        assert_eq!(
            escaped("\"\\\n\r\t\u{8}\u{c}\u{1f}\u{2028}\u{2029}\u{85}\u{7f}/"),
            "\\\"\\\\\\n\\r\\t\\b\\f\\u001f\\u2028\\u2029\\u0085\\u007f/"
        );
    }
}
