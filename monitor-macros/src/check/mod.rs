//! From arguments as written to arguments that are known to be right.

pub(crate) mod alert;
pub(crate) mod fields;
pub(crate) mod keys;
pub(crate) mod limits;
pub(crate) mod monitored;
mod retried;
pub(crate) mod retry;
mod schedule;
pub(crate) mod value;

use proc_macro2::{TokenStream, TokenTree};

/// Whether the arguments are `skip` and no more.
pub(crate) fn is_skip(arguments: &TokenStream) -> bool {
    let mut tokens = arguments.clone().into_iter();
    let word = tokens.next();
    let comma = tokens.next();
    matches!(word, Some(TokenTree::Ident(word)) if word == "skip")
        && comma
            .is_none_or(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        && tokens.next().is_none()
}
