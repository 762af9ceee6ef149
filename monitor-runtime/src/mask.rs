//! Secrets in captured error texts, masked before any sink sees them: the user-info
//! and the query of URLs, and the values of the environment variables that
//! monitor.toml lists under `redact`.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

const MASK: &str = "***";

/// A shorter value would turn up in texts that have nothing to do with it.
const MIN_SECRET: usize = 4;

static SECRETS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// From now on these values are masked.
pub(crate) fn learn(values: impl IntoIterator<Item = String>) {
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    for value in values {
        if value.len() >= MIN_SECRET && !secrets.contains(&value) {
            secrets.push(value);
        }
    }
    // A secret may be part of another: the longer one goes first.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
}

/// `text` without what must not leave the process.
pub(crate) fn mask(text: String) -> String {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    let text = secrets
        .iter()
        .filter(|secret| text.contains(secret.as_str()))
        .fold(Cow::Borrowed(text.as_str()), |text, secret| {
            Cow::Owned(text.replace(secret.as_str(), MASK))
        });
    match urls(&text) {
        Some(masked) => masked,
        None => text.into_owned(),
    }
}

/// The text with its URLs masked, if there is something to mask.
fn urls(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(ends_url).unwrap_or(after.len());
        let (url, next) = after.split_at(end);
        let (authority, tail) = url.split_at(url.find(['/', '?', '#']).unwrap_or(url.len()));
        match authority.rsplit_once('@') {
            Some((_, host)) => {
                found = true;
                out.push_str(MASK);
                out.push('@');
                out.push_str(host);
            }
            None => out.push_str(authority),
        }
        match tail.split_once('?') {
            Some((path, query)) => {
                found = true;
                out.push_str(path);
                out.push('?');
                out.push_str(MASK);
                // What closes a sentence or a bracket is not part of the query.
                out.push_str(
                    &query[query.trim_end_matches([')', ']', '.', ',', ':', ';']).len()..],
                );
            }
            None => out.push_str(tail),
        }
        rest = next;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// Characters that RFC 3986 allows nowhere in a URL.
fn ends_url(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        mask(text.to_owned())
    }

    #[test]
    fn queries_and_user_info_of_urls_are_masked() {
        for (text, expected) in [
            ("no url here? none", "no url here? none"),
            ("https://api.example/v1/x", "https://api.example/v1/x"),
            (
                "error for url (https://api.example/v1?key=abc&b=c): timed out",
                "error for url (https://api.example/v1?***): timed out",
            ),
            (
                "postgres://me:pw@db:5432/nba failed",
                "postgres://***@db:5432/nba failed",
            ),
            (
                "redis://:p@ss@h/0?x=1, then http://a.b?q",
                "redis://***@h/0?***, then http://a.b?***",
            ),
            ("\"http://h/?a=1\" and ://", "\"http://h/?***\" and ://"),
            ("é://ü?ö", "é://ü?***"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn learnt_values_are_masked_wherever_they_stand_the_longer_first() {
        learn([
            "tok-1234".to_owned(),
            "tok-1234-long".to_owned(),
            "abc".to_owned(),
        ]);
        assert_eq!(
            masked("a tok-1234-long and (tok-1234) of abc"),
            "a *** and (***) of abc"
        );
    }
}
