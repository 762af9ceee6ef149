//! "Did you mean …?": the nearest choice, and choices as a sentence lists them.

use std::borrow::Cow;

/// The choice that differs least from the input, if it differs little.
///
/// The distance counts inserted, removed, replaced and swapped characters, without regard to case. It may be at most a
/// third of the input's length, and 1 for short inputs. Among equally near choices the first wins.
///
/// ```
/// use monitor_config::nearest;
///
/// assert_eq!(nearest("stgae", ["stage", "state"]), Some("stage"));
/// assert_eq!(nearest("colour", ["stage", "event"]), None);
/// ```
#[must_use]
pub fn nearest<'a>(input: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let input = folded(input);
    let limit = (input.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for choice in choices {
        let candidate = folded(choice);
        // The distance is never below the difference in length, which is much cheaper to know.
        if input.len().abs_diff(candidate.len()) > limit {
            continue;
        }
        let distance = distance(&input, &candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, choice));
        }
    }
    best.map(|(_, choice)| choice)
}

/// Lists choices as a sentence does: "`a`, `b` or `c`".
///
/// ```
/// assert_eq!(monitor_config::one_of(["a", "b", "c"]), "`a`, `b` or `c`");
/// ```
#[must_use]
pub fn one_of<'a>(choices: impl IntoIterator<Item = &'a str>) -> String {
    let choices: Vec<String> = choices
        .into_iter()
        .map(|choice| format!("`{choice}`"))
        .collect();
    match choices.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The end of a message about a wrong word: ": did you mean `slack`? (channels: `email`, `slack`)".
pub(crate) fn hint<'a>(
    input: &str,
    kind: &str,
    choices: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    let question = nearest(input, choices.clone())
        .map_or(String::new(), |near| format!(": did you mean `{near}`?"));
    let list: Vec<String> = choices
        .into_iter()
        .map(|choice| format!("`{choice}`"))
        .collect();
    format!("{question} ({kind}: {})", list.join(", "))
}

/// Foreign text as a message may hold it: on one line, without terminal codes, and not endless.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;

    let end = text.char_indices().nth(LONGEST).map(|(index, _)| index);
    if end.is_none() && !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for c in text[..end.unwrap_or(text.len())].chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    if end.is_some() {
        shown.push('…');
    }
    Cow::Owned(shown)
}

fn folded(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The optimal string alignment distance: Levenshtein's, with a swap of two neighbours counted as one.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, &y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_counts_once() {
        assert_eq!(nearest("stgae", ["event", "stage"]), Some("stage"));
        assert_eq!(nearest("dleay", ["delay"]), Some("delay"));
        assert_eq!(distance(&folded("ca"), &folded("abc")), 3);
        assert_eq!(distance(&folded("kitten"), &folded("sitting")), 3);
        assert_eq!(distance(&[], &folded("abc")), 3);
    }

    #[test]
    fn the_nearest_wins_and_the_first_of_equals() {
        assert_eq!(nearest("titel", ["tile", "title"]), Some("title"));
        assert_eq!(
            nearest("max_record", ["min_records", "max_records"]),
            Some("max_records")
        );
        assert_eq!(nearest("STAGE", ["state", "stage"]), Some("stage"));
    }

    #[test]
    fn what_is_far_is_not_proposed() {
        assert_eq!(nearest("", ["ab"]), None);
        assert_eq!(nearest("stage", []), None);
        assert_eq!(nearest("level", ["alert"]), None);
        assert_eq!(nearest(&"x".repeat(100_000), ["stage"]), None);
    }

    #[test]
    fn choices_read_as_a_sentence() {
        assert_eq!(one_of([]), "");
        assert_eq!(one_of(["a"]), "`a`");
        assert_eq!(one_of(["a", "b"]), "`a` or `b`");
    }

    #[test]
    fn foreign_text_stays_short_and_on_one_line() {
        assert_eq!(quoted("NBA-17 é"), "NBA-17 é");
        assert_eq!(quoted("a\nb\u{1b}[31m"), "a\\nb\\u{1b}[31m");
        assert_eq!(quoted(&"é".repeat(100)), format!("{}…", "é".repeat(80)));
    }
}
