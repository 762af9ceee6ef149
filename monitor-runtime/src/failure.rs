//! What went wrong in a call, borrowed from the value that the function returns.

use std::error::Error;
use std::fmt::{self, Debug, Display};

use crate::mask::mask;
use crate::text;

/// How a call ended that came to an end.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// With a value.
    Ok,
    /// With an error.
    Failed(Failure<'a>),
}

/// An error, as much of it as its type shows.
pub enum Failure<'a> {
    /// An error with its chain of sources.
    Error(&'a (dyn Error + 'a)),
    /// Something with a text for people.
    Display(&'a dyn Display),
    /// Something with a text for programmers.
    Debug(&'a dyn Debug),
    /// Something without a text.
    Opaque,
}

impl Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => Display::fmt(error, f),
            Self::Display(value) => Display::fmt(value, f),
            Self::Debug(value) => Debug::fmt(value, f),
            Self::Opaque => f.write_str("an error whose type has neither Display nor Debug"),
        }
    }
}

impl Debug for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// The texts of an error, owned, so that they outlive it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErrorText {
    /// The error itself.
    pub(crate) error: String,
    /// Its sources, the nearest first.
    pub(crate) chain: Vec<String>,
}

impl ErrorText {
    /// The only way to one: what must not leave the process is masked here.
    pub(crate) fn new(error: String, chain: Vec<String>) -> Self {
        Self {
            error: mask(error),
            chain: chain.into_iter().map(mask).collect(),
        }
    }

    pub(crate) fn of(failure: &Failure<'_>) -> Self {
        let chain = match failure {
            Failure::Error(error) => sources(error.source()),
            _ => Vec::new(),
        };
        Self::new(text::of(failure), chain)
    }
}

/// The longest chain that is followed: an error that is its own source must not
/// hold up the function that returned it.
const MAX_CHAIN: usize = 32;

/// The texts of `source` and of all that caused it.
pub(crate) fn sources(source: Option<&(dyn Error + 'static)>) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next = source;
    while let (Some(error), true) = (next, texts.len() < MAX_CHAIN) {
        texts.push(text::of(error));
        next = error.source();
    }
    texts
}
