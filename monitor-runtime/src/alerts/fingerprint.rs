//! What is the same trouble: stage, rule and error text, without what differs each time.

use monitor_config::Condition;

/// How much of a text tells: what is longer differs in what does not matter.
const LONGEST: usize = 200;

/// The fingerprint of a trouble. That of one stage begins with [`of_stage`].
pub(crate) fn fingerprint(stage: &str, on: Condition, text: &str) -> String {
    let mut fingerprint = of_stage(stage);
    fingerprint.push_str(on.as_str());
    fingerprint.push_str(": ");
    blank_into(&mut fingerprint, text);
    fingerprint
}

/// That of an alert that no rule asked for.
pub(crate) fn of_text(text: &str) -> String {
    let mut fingerprint = String::new();
    blank_into(&mut fingerprint, text);
    fingerprint
}

/// What the fingerprints of a stage begin with, and those of no other.
pub(crate) fn of_stage(stage: &str) -> String {
    // No id of a stage has a space.
    format!("{stage} ")
}

/// Appends a text with its digits, hex and quoted parts blanked.
fn blank_into(out: &mut String, text: &str) {
    let longest = out.len() + LONGEST;
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        if out.len() >= longest {
            break;
        }
        if let Some(length) = quoted(rest, before) {
            out.push_str("\"\"");
            rest = &rest[length..];
            before = '"';
        } else if c.is_ascii_alphanumeric() {
            let length = word(rest);
            blank_word(out, &rest[..length]);
            rest = &rest[length..];
            before = 'a';
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            before = c;
        }
    }
}

/// The length of the quoted part that a text begins with. An apostrophe within a word
/// opens none.
fn quoted(text: &str, before: char) -> Option<usize> {
    let mut chars = text.char_indices();
    let (_, open) = chars.next()?;
    let close = match open {
        '"' | '`' => open,
        '\'' if !before.is_alphanumeric() => open,
        '“' => '”',
        _ => return None,
    };
    let (end, c) = chars.find(|(_, c)| *c == close)?;
    Some(end + c.len_utf8())
}

/// The length of the word, number or id that a text begins with: an id may have hyphens.
fn word(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric();
    let mut end = bytes.iter().take_while(|byte| is_part(byte)).count();
    // A UUID: its parts without a digit are no words.
    if let Some(id) = bytes.get(..36)
        && id.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
        && !bytes.get(36).is_some_and(is_part)
    {
        end = 36;
    }
    end
}

fn blank_word(out: &mut String, word: &str) {
    let digits = word.strip_prefix("0x").unwrap_or(word);
    let is_hex = !digits.is_empty()
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    // Eight letters that happen to be hex digits are no word of any language.
    if is_hex && (has_digit || digits.len() >= 8) {
        out.push('#');
        return;
    }
    let mut in_number = false;
    for c in word.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !in_number {
            out.push('#');
        }
        in_number = c.is_ascii_digit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank(text: &str) -> String {
        let mut out = String::new();
        blank_into(&mut out, text);
        out
    }

    #[test]
    fn what_differs_each_time_is_blanked() {
        for (text, expected) in [
            ("", ""),
            ("connection refused", "connection refused"),
            ("timed out after 12.5 s", "timed out after #.# s"),
            ("page 7 of 2023-24", "page # of #-#"),
            (
                "id 0xdeadBEEF and deadbeef, not dead",
                "id # and #, not dead",
            ),
            ("row 3f2a", "row #"),
            (
                "job 0197a2b3-beef-7aaa-9bbb-ccccccddddee failed",
                "job # failed",
            ),
            ("attempt3 of v2beta", "attempt# of v#beta"),
            ("player 'LeBron' is \"gone\"", "player \"\" is \"\""),
            (
                "can't read `a.csv`, isn't there",
                "can't read \"\", isn't there",
            ),
            ("an open \" quote", "an open \" quote"),
            ("“São Paulo” nicht gefunden 🏀", "\"\" nicht gefunden 🏀"),
            ("NBA-17: ümläut 5", "NBA-#: ümläut #"),
        ] {
            assert_eq!(blank(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_and_its_end_tells_nothing() {
        let long = "word ".repeat(1_000);
        assert!(blank(&long).len() <= LONGEST + 8);
        assert_eq!(blank(&long), blank(&(long.clone() + "more")));
    }

    #[test]
    fn stages_and_rules_are_told_apart() {
        let of = |stage, on| fingerprint(stage, on, "refused 7");
        let one = of("NBA-17", Condition::Failure);
        assert_eq!(one, "NBA-17 failure: refused #");
        assert_ne!(one, of("NBA-18", Condition::Failure));
        assert_ne!(one, of("NBA-17", Condition::Records));
        assert!(!of("NBA-170", Condition::Slow).starts_with(&of_stage("NBA-17")));
    }
}
