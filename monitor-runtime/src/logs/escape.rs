//! Text as the inside of a JSON string (RFC 8259, section 7).
//!
//! Beside what the format asks for, U+2028 and U+2029 are escaped: JavaScript and some
//! readers of lines take them for the end of one.

/// What a byte is written as.
const PLAIN: u8 = 0;
const CONTROL: u8 = b'u';
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
    table[0xe2] = MAYBE_SEPARATOR;
    table
};

/// The most bytes that a byte of text becomes.
pub(crate) const GROWTH: usize = 6;

/// Appends `text` to `out`.
pub(crate) fn escape(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut written = 0;
    for (index, byte) in bytes.iter().enumerate() {
        let need = NEEDS[usize::from(*byte)];
        if need == PLAIN {
            continue;
        }
        let (code, length) = match need {
            MAYBE_SEPARATOR => match bytes.get(index + 1..index + 3) {
                Some([0x80, 0xa8]) => (b"\\u2028".as_slice(), 3),
                Some([0x80, 0xa9]) => (b"\\u2029".as_slice(), 3),
                _ => continue,
            },
            CONTROL => (b"\\u00".as_slice(), 1),
            _ => (b"\\".as_slice(), 1),
        };
        out.extend_from_slice(&bytes[written..index]);
        out.extend_from_slice(code);
        match need {
            CONTROL => out.extend([byte >> 4, byte & 0xf].map(hex)),
            MAYBE_SEPARATOR => {}
            letter => out.push(letter),
        }
        written = index + length;
    }
    out.extend_from_slice(&bytes[written..]);
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

    #[test]
    fn each_character_reads_back_as_itself() {
        let below = (0..=0x7f_u8).map(char::from);
        let special = [
            '\u{7f}',
            '\u{80}',
            '\u{a0}',
            'é',
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
            for text in [c.to_string(), format!("a{c}b"), format!("{c}{c}")] {
                let line = format!("\"{}\"", escaped(&text));
                let read: String = serde_json::from_str(&line).expect("JSON");
                assert_eq!(read, text, "{line}");
                assert!(!line.contains(['\n', '\r', '\u{2028}', '\u{2029}']));
            }
        }
    }

    #[test]
    fn short_forms_are_used_where_there_are_some() {
        assert_eq!(
            escaped("\"\\\n\r\t\u{8}\u{c}\u{1f}\u{2028}/"),
            "\\\"\\\\\\n\\r\\t\\b\\f\\u001f\\u2028/"
        );
    }
}
