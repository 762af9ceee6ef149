//! The grammar of stage ids and of event prefixes.

/// The most characters that a stage id or an event prefix may have.
const LONGEST: usize = 64;

/// Checks a stage id: `[A-Za-z0-9][A-Za-z0-9._:-]{0,63}`, as in `NBA-17`.
///
/// # Errors
///
/// A message that names the offending character and its position, or what else is wrong.
///
/// ```
/// use monitor_config::check_stage_id;
///
/// assert_eq!(check_stage_id("NBA-17"), Ok(()));
/// assert_eq!(
///     check_stage_id("NBA 17").unwrap_err(),
///     r#"a stage id cannot contain a space (character 4): use letters A-Z and a-z, digits, `.`, `_`, `:` and `-`, as in "NBA-17""#
/// );
/// ```
pub fn check_stage_id(id: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err(r#"the stage id is empty: write one such as "NBA-17""#.to_owned());
    }
    for (index, c) in id.chars().enumerate() {
        if index == 0 && matches!(c, '.' | '_' | ':' | '-') {
            return Err(format!(
                r#"a stage id cannot start with `{c}`: start with a letter or a digit, as in "NBA-17""#
            ));
        }
        if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-')) {
            return Err(format!(
                "a stage id cannot contain {} (character {}): \
                 use letters A-Z and a-z, digits, `.`, `_`, `:` and `-`, as in \"NBA-17\"",
                named(c),
                index + 1
            ));
        }
    }
    check_length("stage id", id, "NBA-17")
}

/// Checks an event prefix: capitals, digits and `_`, starting with a capital, at most 64 characters, as in `INGESTION`.
///
/// # Errors
///
/// A message that says what is wrong and what to write instead.
///
/// ```
/// use monitor_config::check_event;
///
/// assert_eq!(check_event("INGESTION"), Ok(()));
/// assert_eq!(
///     check_event("ingestion").unwrap_err(),
///     r#"an event is written in capitals: write "INGESTION""#
/// );
/// ```
pub fn check_event(event: &str) -> Result<(), String> {
    if event.is_empty() {
        return Err(r#"the event is empty: write one such as "INGESTION""#.to_owned());
    }
    if is_event(event) {
        return check_length("event", event, "INGESTION");
    }
    if event.contains('.') {
        return Err(
            r#"an event cannot contain a dot, which marks the library's own events, such as `run.start`: use `_`, as in "DATA_INGESTION""#
                .to_owned(),
        );
    }
    let proposal = proposal(event);
    if event.to_ascii_uppercase() == proposal {
        return Err(format!(
            r#"an event is written in capitals: write "{proposal}""#
        ));
    }
    let (index, c) = event
        .chars()
        .enumerate()
        .find(|&(index, c)| {
            !(c.is_ascii_alphabetic() || index > 0 && (c.is_ascii_digit() || c == '_'))
        })
        .unwrap_or((0, ' '));
    let place = if index == 0 { "start with" } else { "contain" };
    let example = if is_event(&proposal) && proposal.len() <= LONGEST {
        format!("write \"{proposal}\"")
    } else {
        "write one such as \"INGESTION\"".to_owned()
    };
    Err(format!(
        "an event cannot {place} {} (character {}), only capitals A-Z, then digits and `_` as well: {example}",
        named(c),
        index + 1
    ))
}

fn is_event(event: &str) -> bool {
    event.starts_with(|c: char| c.is_ascii_uppercase())
        && event
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The event that the text most likely means: capitals, and `_` for what cannot stand in it.
fn proposal(event: &str) -> String {
    let capitals: String = event
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    capitals
        .trim_start_matches(|c: char| !c.is_ascii_uppercase())
        .to_owned()
}

fn check_length(what: &str, text: &str, example: &str) -> Result<(), String> {
    let length = text.chars().count();
    if length > LONGEST {
        return Err(format!(
            "the {what} has {length} characters: shorten it to at most {LONGEST}, as in \"{example}\""
        ));
    }
    Ok(())
}

/// A character as a reader can see it, even where it is blank.
fn named(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        c if c.is_ascii_graphic() || c.is_alphanumeric() => format!("`{c}`"),
        c => format!("the character U+{:04X}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_grammar_pass() {
        for id in ["NBA-17", "a", "7", "etl:v1.2_x-", &"x".repeat(64)] {
            assert_eq!(check_stage_id(id), Ok(()), "{id}");
        }
    }

    #[test]
    fn every_wrong_id_says_what_is_wrong() {
        let allowed = r#"use letters A-Z and a-z, digits, `.`, `_`, `:` and `-`, as in "NBA-17""#;
        for (id, message) in [
            ("", r#"the stage id is empty: write one such as "NBA-17""#.to_owned()),
            (
                "-17",
                r#"a stage id cannot start with `-`: start with a letter or a digit, as in "NBA-17""#.to_owned(),
            ),
            ("NBA 17", format!("a stage id cannot contain a space (character 4): {allowed}")),
            ("NBA\t17", format!("a stage id cannot contain a tab (character 4): {allowed}")),
            ("é", format!("a stage id cannot contain `é` (character 1): {allowed}")),
            ("NBA/17", format!("a stage id cannot contain `/` (character 4): {allowed}")),
            ("NBA\u{2011}17", format!("a stage id cannot contain the character U+2011 (character 4): {allowed}")),
            (
                &"x".repeat(70),
                r#"the stage id has 70 characters: shorten it to at most 64, as in "NBA-17""#.to_owned(),
            ),
        ] {
            assert_eq!(check_stage_id(id).unwrap_err(), message, "{id}");
        }
    }

    #[test]
    fn events_of_the_grammar_pass() {
        for event in ["INGESTION", "A", "STEP_2", "A_", &"X".repeat(64)] {
            assert_eq!(check_event(event), Ok(()), "{event}");
        }
    }

    #[test]
    fn every_wrong_event_says_what_to_write() {
        for (event, message) in [
            ("", r#"the event is empty: write one such as "INGESTION""#),
            (
                "Ingestion_2",
                r#"an event is written in capitals: write "INGESTION_2""#,
            ),
            (
                "run.start",
                r#"an event cannot contain a dot, which marks the library's own events, such as `run.start`: use `_`, as in "DATA_INGESTION""#,
            ),
            (
                "DATA INGESTION",
                r#"an event cannot contain a space (character 5), only capitals A-Z, then digits and `_` as well: write "DATA_INGESTION""#,
            ),
            (
                "2ND",
                r#"an event cannot start with `2` (character 1), only capitals A-Z, then digits and `_` as well: write "ND""#,
            ),
            (
                "É",
                r#"an event cannot start with `É` (character 1), only capitals A-Z, then digits and `_` as well: write one such as "INGESTION""#,
            ),
        ] {
            assert_eq!(check_event(event).unwrap_err(), message, "{event}");
        }
        assert_eq!(
            check_event(&"X".repeat(65)).unwrap_err(),
            r#"the event has 65 characters: shorten it to at most 64, as in "INGESTION""#
        );
    }
}
