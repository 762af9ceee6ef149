//! An attribute in the place of `#[monitored]`, so that the same source can be
//! compiled with and without it.

use proc_macro::{Ident, TokenStream, TokenTree};

/// Gives the item back as it is, whatever the arguments say.
#[proc_macro_attribute]
pub fn monitored(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    item
}

/// Moves the body of a function without arguments into a function beside it, as attributes
/// do that remember results: `f` keeps its attributes and calls `f_moved`.
#[proc_macro_attribute]
pub fn moved(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = item.into_iter().collect();
    let keyword =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word.to_string() == "fn");
    let start = tokens.iter().position(keyword).unwrap_or(0);
    let (attributes, function) = tokens.split_at(start);
    let mut inner = function.to_vec();
    let TokenTree::Ident(name) = &function[1] else {
        return TokenStream::new();
    };
    let moved = Ident::new(&format!("{name}_moved"), name.span());
    inner[1] = moved.clone().into();
    let mut outer = attributes.to_vec();
    outer.extend_from_slice(&function[..function.len() - 1]);
    let call: TokenStream = format!("{{ {moved}() }}").parse().unwrap_or_default();
    let mut all: TokenStream = inner.into_iter().collect();
    all.extend(outer);
    all.extend(call);
    all
}
