//! Text in Slack's notation, in which nothing from data means anything.

use super::text::without_controls;

/// Put at the end of what had to be cut.
const CUT: &str = "\n… (cut)";
/// No character: it only keeps two backticks apart.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// The text with `&`, `<` and `>` escaped, so that neither `<!channel>` nor a
/// link can come from data, in at most `max` characters. An escape is never cut
/// in half.
pub(super) fn escaped(text: &str, max: usize) -> String {
    // Slack counts what it is sent, so the escapes count in full.
    fill(&without_controls(text), max, |c, _| match c {
        '&' => Token::Text("&amp;"),
        '<' => Token::Text("&lt;"),
        '>' => Token::Text("&gt;"),
        c => Token::Char(c),
    })
}

/// The text between code fences, in at most `max` characters with the fences.
/// No two backticks of the text stay neighbours, so that it cannot close them.
pub(super) fn fenced(text: &str, max: usize) -> String {
    const FENCE: &str = "```";
    let room = max.saturating_sub(2 * FENCE.len() + 2);
    let inner = fill(&without_controls(text), room, |c, before| match c {
        '&' => Token::Text("&amp;"),
        '<' => Token::Text("&lt;"),
        '>' => Token::Text("&gt;"),
        '`' if before == Some('`') => Token::Apart('`'),
        c => Token::Char(c),
    });
    format!("{FENCE}\n{inner}\n{FENCE}")
}

/// An address that can be clicked, if the text is nothing else: none of its characters means
/// anything to Slack, and it goes where it says.
pub(super) fn link(text: &str, max: usize) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:?#=%+".contains(c);
    let is_address = text.starts_with("https://") && text.chars().all(plain);
    (is_address && text.len() + 2 <= max).then(|| format!("<{text}>"))
}

/// What stands for one character.
enum Token {
    Char(char),
    Text(&'static str),
    Apart(char),
}

/// Puts token after token, and stops with a note before `max` characters are
/// exceeded.
fn fill(text: &str, max: usize, token: impl Fn(char, Option<char>) -> Token) -> String {
    let note = CUT.chars().count();
    let mut filled = String::with_capacity(text.len().min(4 * max));
    let mut count = 0;
    // Where to cut if the rest turns out not to fit: the last place with room for the note.
    let mut cut_at = 0;
    let mut before = None;
    for c in text.chars() {
        if count + note <= max {
            cut_at = filled.len();
        }
        match token(c, before) {
            Token::Char(c) => {
                filled.push(c);
                count += 1;
            }
            Token::Text(text) => {
                filled.push_str(text);
                count += text.len();
            }
            Token::Apart(c) => {
                filled.push(ZERO_WIDTH_SPACE);
                filled.push(c);
                count += 2;
            }
        }
        if count > max {
            filled.truncate(cut_at);
            filled.push_str(CUT);
            return filled;
        }
        before = Some(c);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 8] = [
        "<!channel> <@U123> <https://evil.example|click>",
        "&lt;!channel&gt; &&amp;",
        "```<!here>```\n```",
        "``````````",
        "a\r\nb\u{0}\u{1b}[31m\u{7f}\u{85}",
        "\u{202e}abc\u{2066}",
        "🚨🏀é\u{301}",
        "",
    ];

    fn check(text: &str, max: usize) {
        let escaped = escaped(text, max);
        let fenced = fenced(text, max);
        let inner = &fenced[4..fenced.len() - 4];
        assert!(fenced.starts_with("```\n") && fenced.ends_with("\n```"));
        assert!(!inner.contains("``"), "{inner:?}");
        for out in [escaped.as_str(), inner] {
            assert!(
                out.chars().count() <= max,
                "{} > {max}",
                out.chars().count()
            );
            assert!(
                !out.contains(['<', '>', '\u{0}', '\u{1b}', '\r']),
                "{out:?}"
            );
            for (at, _) in out.match_indices('&') {
                let entities = ["&amp;", "&lt;", "&gt;"];
                assert!(
                    entities.iter().any(|entity| out[at..].starts_with(entity)),
                    "{out:?}"
                );
            }
        }
        assert!(fenced.chars().count() <= max);
    }

    #[test]
    fn data_stays_data_at_every_length() {
        for text in HOSTILE {
            for max in 20..120 {
                check(&text.repeat(7), max);
            }
            check(text, 3_000);
        }
        // A simple generator: the same texts in every run.
        let alphabet: Vec<char> = "`<>&!|@a\n\r\t\u{0}é🚨".chars().collect();
        let mut state = 1_u64;
        for _ in 0..5_000 {
            let mut text = String::new();
            for _ in 0..state % 90 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                text.push(alphabet[(state >> 33) as usize % alphabet.len()]);
            }
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            check(&text, 20 + (state >> 40) as usize % 60);
        }
    }

    #[test]
    fn a_megabyte_is_cut_with_a_note() {
        for text in ["x", "&", "`", "🚨"] {
            let text = text.repeat(1_000_000);
            check(&text, 40_000);
            assert!(escaped(&text, 40_000).ends_with(CUT));
            assert!(fenced(&text, 3_000).ends_with("… (cut)\n```"));
        }
    }

    #[test]
    fn only_a_plain_address_becomes_a_link() {
        let right = "https://wiki.example.org/runbooks/nba-17#api";
        assert_eq!(link(right, 100), Some(format!("<{right}>")));
        for wrong in [
            "docs/runbooks/nba-17.md",
            "http://wiki.example.org/",
            "https://a.example/|click",
            "https://a.example/><!channel",
            "https://a.example/ x",
            "https://user@a.example/",
        ] {
            assert_eq!(link(wrong, 100), None, "{wrong}");
        }
        assert_eq!(link(right, 20), None);
    }

    #[test]
    fn what_fits_is_whole() {
        assert_eq!(escaped("a < b & c", 17), "a &lt; b &amp; c");
        assert_eq!(escaped("12345678901234567890", 20), "12345678901234567890");
        assert_eq!(fenced("{}", 3_000), "```\n{}\n```");
    }
}
