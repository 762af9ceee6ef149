//! One line of the outbox: what happened to an alert, with a checksum.
//!
//! ```json
//! {"at":"2026-02-05T12:34:56.789012Z","event":"raised","alert":{…},"crc":"1c291ca3"}
//! ```

use std::time::SystemTime;

use serde_json::{Map, Value};

use super::crc::crc32;
use crate::logs::timestamp::Timestamp;

/// How each line begins.
const BEGINNING: &str = "{\"at\":\"";
/// What stands in front of the checksum, which is of all before this, and behind it.
const CHECKSUM: &str = ",\"crc\":\"";
const END: &str = "\"}";
/// In hex digits.
const CHECKSUM_LENGTH: usize = 8;

/// A line for what has happened by `now`.
pub(super) fn encode(now: SystemTime, event: &str, members: &[(&str, Value)]) -> String {
    let at = Timestamp::of(now);
    let mut line = format!("{BEGINNING}{at}\",\"event\":{}", Value::from(event));
    for (name, value) in members {
        line.push_str(&format!(",{}:{value}", Value::from(*name)));
    }
    let crc = crc32(line.as_bytes());
    line.push_str(&format!("{CHECKSUM}{crc:08x}{END}\n"));
    line
}

/// The entries in a line: one, or none. Or the one behind what a killed process had begun,
/// when another went on in the same line.
pub(super) fn decode(line: &str) -> Option<Map<String, Value>> {
    line.match_indices(BEGINNING)
        .find_map(|(begin, _)| decode_whole(line.get(begin..)?))
}

fn decode_whole(line: &str) -> Option<Map<String, Value>> {
    let checked = line.strip_suffix(END)?;
    let (rest, sum) = checked.split_at_checked(checked.len().checked_sub(CHECKSUM_LENGTH)?)?;
    let content = rest.strip_suffix(CHECKSUM)?;
    if u32::from_str_radix(sum, 16) != Ok(crc32(content.as_bytes())) {
        return None;
    }
    serde_json::from_str(line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::time::{Duration, UNIX_EPOCH};

    fn line() -> String {
        let now = UNIX_EPOCH + Duration::from_secs(1_770_294_896);
        let alert = json!({"message": "\u{1f6a8} {\"at\":\"now\"}\n"});
        encode(now, "raised", &[("alert", alert)])
    }

    #[test]
    fn a_line_reads_back() {
        let line = line();
        assert!(line.starts_with("{\"at\":\"2026-02-05T12:34:56.000000Z\",\"event\":\"raised\","));
        let entry = decode(line.trim_end()).expect("an entry");
        assert_eq!(entry["alert"]["message"], "\u{1f6a8} {\"at\":\"now\"}\n");
    }

    #[test]
    fn what_is_cut_short_or_changed_is_no_entry() {
        let line = line();
        let line = line.trim_end();
        for end in (0..line.len()).filter(|end| line.is_char_boundary(*end)) {
            assert_eq!(decode(&line[..end]), None, "{end}");
        }
        assert_eq!(decode(&line.replace("raised", "raisee")), None);
    }

    #[test]
    fn what_stands_behind_a_torn_entry_is_read() {
        let line = line();
        for end in (0..line.len() - 1).filter(|end| line.is_char_boundary(*end)) {
            let glued = format!("{}{}", &line[..end], line.trim_end());
            assert!(decode(&glued).is_some(), "{end}");
        }
    }
}
