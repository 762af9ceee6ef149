//! What `#[async_trait]` puts in front of a method's body: each argument bound by a name
//! of its own, so that the future owns it. The attempts begin behind that, or they would
//! consume what the body only borrows.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;

use crate::bindings;
use crate::item::Function;

/// The parts of an async block that `#[async_trait]` wrote.
pub(super) struct Prologue {
    before: TokenStream,
    /// The method's own body.
    pub(super) body: Group,
    after: TokenStream,
    /// `__self`, where it is a mutable reference.
    pub(super) borrowed: Vec<Ident>,
    /// Arguments that were bound with `mut`.
    pub(super) changed: Vec<Ident>,
}

impl Prologue {
    /// Splits `if … { return __ret; } let a = a; … let __ret: T = { body }; __ret`.
    pub(super) fn of(block: &Group, function: &Function) -> Option<Self> {
        let tokens: Vec<TokenTree> = block.stream().into_iter().collect();
        if !matches!(tokens.first(), Some(TokenTree::Ident(word)) if word == "if") {
            return None;
        }
        let hint = tokens.iter().position(is_block)? + 1;
        let result = tokens.windows(3).position(|window| {
            matches!(&window[0], TokenTree::Ident(word) if word == "let")
                && matches!(&window[1], TokenTree::Ident(word) if word == "__ret")
                && matches!(&window[2], TokenTree::Punct(colon) if colon.as_char() == ':')
        })?;
        let body = result + tokens[result..].iter().position(is_block)?;
        let TokenTree::Group(group) = &tokens[body] else {
            return None;
        };
        let (mut names, bindings) = (Vec::new(), tokens.get(hint..result)?);
        let bindings = bindings::without_mut(bindings.iter().cloned().collect(), &mut names);
        // `let mut __self = self;` of `&mut self`: one thing that each attempt borrows.
        let is_reference = |name: &Ident| name == "__self" && function.receiver_is_mut_ref();
        let (borrowed, changed) = names.into_iter().partition(is_reference);
        let (hint, result) = (
            tokens[..hint].iter().cloned(),
            tokens[result..body].iter().cloned(),
        );
        Some(Self {
            before: hint.chain(bindings).chain(result).collect(),
            body: group.clone(),
            after: tokens[body + 1..].iter().cloned().collect(),
            borrowed,
            changed,
        })
    }

    /// The block with `attempts` in place of the body.
    pub(super) fn around(&self, attempts: &TokenStream) -> TokenStream {
        let Self { before, after, .. } = self;
        quote!(#before { #attempts } #after)
    }
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}
