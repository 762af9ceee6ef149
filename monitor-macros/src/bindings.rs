//! The names that a function's arguments bind, where the body's new surroundings ask
//! for them to be bound again.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{FnArg, Pat, PatType};

use crate::item::{Function, is_mut_ref};

/// Takes `mut` off the arguments and returns their names: what one attempt changes
/// must not be seen by the next, so each binds them anew.
pub(crate) fn take_mut(function: &mut Function) -> Vec<Ident> {
    let mut names = Vec::new();
    for arg in typed(function) {
        take_mut_of(arg, &mut names);
    }
    names
}

/// The arguments that are mutable references and plain names: those that are `mut`, which
/// loses its `mut`, and those that are not. A body that moves on in what
/// `mut rows: &mut [Row]` refers to needs to own the reference, not to borrow it.
pub(crate) fn take_mutable_references(function: &mut Function) -> (Vec<Ident>, Vec<Ident>) {
    let (mut changing, mut fixed) = (Vec::new(), Vec::new());
    for arg in typed(function).filter(|arg| is_mut_ref(&arg.ty)) {
        if let Pat::Ident(pat) = &mut *arg.pat
            && pat.by_ref.is_none()
            && pat.subpat.is_none()
        {
            let is_mut = pat.mutability.take().is_some();
            let names = if is_mut { &mut changing } else { &mut fixed };
            names.push(pat.ident.clone());
        }
    }
    (changing, fixed)
}

/// The names that a pattern binds, as far as what is written tells.
pub(crate) fn names_in(pattern: TokenStream) -> Vec<Ident> {
    let tokens: Vec<TokenTree> = pattern.into_iter().collect();
    let mut names = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => names.extend(names_in(group.stream())),
            TokenTree::Ident(word) => {
                let text = word.to_string();
                let is_lower = text.starts_with(|c: char| c.is_lowercase() || c == '_');
                let is_keyword = matches!(text.as_str(), "mut" | "ref" | "_" | "box");
                // `path::…`, `field: pattern`
                let is_more = matches!(tokens.get(index + 1), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
                if is_lower && !is_keyword && !is_more {
                    names.push(word.clone());
                }
            }
            _ => {}
        }
    }
    names
}

/// `body` with `let mut name = name;` in front.
pub(crate) fn rebind(body: &Group, names: &[Ident]) -> Group {
    prepend(body, names, |name| quote!(let mut #name = #name;))
}

/// `body` with `let mut name = &mut *name;` in front.
pub(crate) fn reborrow(body: &Group, names: &[Ident]) -> Group {
    prepend(body, names, |name| quote!(let mut #name = &mut *#name;))
}

/// `body` with `let name = &mut *name;` in front.
pub(crate) fn borrow(body: &Group, names: &[Ident]) -> Group {
    prepend(body, names, |name| quote!(let #name = &mut *#name;))
}

/// `body` with a clone of each name in front.
pub(crate) fn clone(body: &Group, names: &[Ident]) -> Group {
    prepend(
        body,
        names,
        |name| quote!(let mut #name = ::core::clone::Clone::clone(&#name);),
    )
}

fn prepend(body: &Group, names: &[Ident], bind: impl Fn(&Ident) -> TokenStream) -> Group {
    if names.is_empty() {
        return body.clone();
    }
    let bindings = names.iter().map(bind);
    let inside = body.stream();
    let mut new = Group::new(Delimiter::Brace, quote!(#(#bindings)* #inside));
    new.set_span(body.span());
    new
}

pub(crate) fn typed(function: &mut Function) -> impl Iterator<Item = &mut PatType> {
    function
        .sig
        .inputs
        .iter_mut()
        .filter_map(|input| match input {
            FnArg::Typed(arg) => Some(arg),
            FnArg::Receiver(_) => None,
        })
}

fn take_mut_of(arg: &mut PatType, names: &mut Vec<Ident>) {
    let pattern = without_mut(arg.pat.to_token_stream(), names);
    if let Ok(pattern) = Pat::parse_multi.parse2(pattern) {
        *arg.pat = pattern;
    }
}

/// The pattern without the `mut` of its names, which `names` gains.
pub(crate) fn without_mut(pattern: TokenStream, names: &mut Vec<Ident>) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    let mut tokens = pattern.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (token, tokens.peek()) {
            (TokenTree::Ident(word), Some(TokenTree::Ident(name)))
                if word == "mut" && !binds_reference(out.last()) =>
            {
                names.push(name.clone());
            }
            (TokenTree::Group(group), _) => {
                let mut inner = Group::new(group.delimiter(), without_mut(group.stream(), names));
                inner.set_span(group.span());
                out.push(TokenTree::Group(inner));
            }
            (other, _) => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// Whether `mut` after `before` belongs to a reference (`&mut x`, `ref mut x`).
fn binds_reference(before: Option<&TokenTree>) -> bool {
    match before {
        Some(TokenTree::Punct(punct)) => punct.as_char() == '&',
        Some(TokenTree::Ident(word)) => word == "ref",
        _ => false,
    }
}
