//! No text makes the crate panic, and every place it reports lies within the text.

use std::iter;

use monitor_config::{
    Config, Level, Severity, check_event, check_stage_id, nearest, parse_duration,
};

const FULL: &str = include_str!("full.toml");

/// Numbers that look random and are the same in every run.
struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap_or(0)
    }
}

fn check(text: &str) {
    let Err(problems) = Config::parse(text) else {
        return;
    };
    assert!(!problems.is_empty());
    let mut last = (1, 1);
    for problem in problems {
        let place = (problem.line, problem.column);
        assert!(last <= place, "out of order: {problem}");
        last = place;
        let line = text
            .split('\n')
            .nth(problem.line - 1)
            .expect("the line exists");
        assert!(problem.column <= line.chars().count() + 1, "{problem}");
        assert!(!problem.message.contains(char::is_control), "{problem:?}");
    }
}

#[test]
fn a_file_cut_off_anywhere() {
    for end in 0..FULL.len() {
        check(&String::from_utf8_lossy(&FULL.as_bytes()[..end]));
    }
}

#[test]
fn a_file_with_changed_bytes() {
    const PIECES: &[u8] = b"[]{}\"'\\=.,#:+-_ \t\r\n\0\x7f0eExX9aZu@\xc3\xa4\xff";

    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2_000 {
        let mut bytes = FULL.as_bytes().to_vec();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            let piece = PIECES[random.below(PIECES.len())];
            match random.below(4) {
                0 => bytes[at] = piece,
                1 => bytes.insert(at, piece),
                2 => {
                    bytes.remove(at);
                }
                _ => {
                    let end = (at + random.below(40)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    let to = random.below(bytes.len());
                    bytes.splice(to..to, part);
                }
            }
        }
        check(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_file_with_shuffled_lines() {
    const MORE: [&str; 8] = [
        "[[stages]]",
        "[[stages.NBA-17]]",
        "[stages.NBA-17.title]",
        "stages.NBA-17.x.y = 1",
        "alerts.email.to = []",
        "[\"\"]",
        "\"\".\"\" = 1",
        "[[alerts.email.to]]",
    ];

    let lines: Vec<&str> = FULL.lines().chain(MORE).collect();
    let mut random = Xorshift(0x2545_f491_4f6c_dd1d);
    for _ in 0..2_000 {
        let count = random.below(12);
        let text: Vec<&str> = iter::repeat_with(|| lines[random.below(lines.len())])
            .take(count)
            .collect();
        check(&text.join("\n"));
    }
}

#[test]
fn deep_and_long_files() {
    for text in [
        format!("a = {}", "[".repeat(10_000)),
        format!("a = {}", "{a=".repeat(10_000)),
        format!("[{}]", vec!["a"; 10_000].join(".")),
        format!("{} = 1", vec!["a"; 10_000].join(".")),
        format!("a = \"{}\"", "x".repeat(1_000_000)),
        format!("[stages.{}]", "x".repeat(100_000)),
    ] {
        check(&text);
    }
}

#[test]
fn single_words() {
    const PIECES: [&str; 20] = [
        "",
        "-",
        ".",
        "1",
        "99999999999999999999",
        "1e9",
        "m",
        "ms",
        "µ",
        "d",
        "h",
        " ",
        "\0",
        "é",
        "🏀",
        "NaN",
        "s",
        "A",
        "_",
        "\u{feff}",
    ];

    let mut random = Xorshift(0xd1b5_4a32_d192_ed03);
    for _ in 0..5_000 {
        let count = random.below(7);
        let word: String = iter::repeat_with(|| PIECES[random.below(PIECES.len())])
            .take(count)
            .collect();
        let messages = [
            parse_duration(&word).err(),
            check_stage_id(&word).err(),
            check_event(&word).err(),
            Level::parse(&word).err(),
            Severity::parse(&word).err(),
        ];
        for message in messages.into_iter().flatten() {
            assert!(!message.contains(char::is_control), "{message:?}");
        }
        let _ = nearest(&word, PIECES);
    }
}
