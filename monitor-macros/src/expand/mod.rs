//! From a function and checked arguments to the code that is emitted.
//!
//! Emitted code is thin: it names only functions of `monitor_runtime::__private`,
//! which can be tested without a macro. Names it introduces are `mixed_site`, so
//! that they can neither see nor hide the user's.

pub(crate) mod block;
mod call;
mod capture;
mod future;
pub(crate) mod main;
pub(crate) mod monitored;
pub(crate) mod retry;
mod site;
mod sync;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

/// The path of the runtime's private module.
pub(crate) fn private(krate: Option<&syn::Path>) -> TokenStream {
    private_at(krate, Span::mixed_site())
}

/// The same for an expression whose place matters.
pub(crate) fn private_at(krate: Option<&syn::Path>, at: Span) -> TokenStream {
    match krate {
        Some(path) => quote_spanned!(at=> #path::__private),
        None => quote_spanned!(at=> ::monitor_runtime::__private),
    }
}

/// An expression of type `Outcome` for the value that `out` refers to, by its type
/// alone.
pub(crate) fn classify(private: &TokenStream, out: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #private::classify(#out).__monitor_outcome())
}

/// How an async block gets what its body uses.
#[derive(Clone, Copy)]
pub(crate) enum Captures<'a> {
    /// By reference where the body only borrows.
    Borrow,
    /// By value. What is named here is dropped in this order when the block ends.
    Move(&'a [Ident]),
}

/// An async block of the body that gives `output`. An async block cannot state its
/// type; the unreachable `return` does it instead, so that `?` and `return` in the
/// body know what they convert to. `at` is a place of the user's.
pub(crate) fn async_block(
    private: &TokenStream,
    output: &TokenStream,
    body: &Group,
    captures: Captures<'_>,
    at: Span,
) -> TokenStream {
    let ms = Span::mixed_site();
    let (capture, first) = match captures {
        Captures::Borrow => (None, [].as_slice()),
        Captures::Move(first) => (Some(quote_spanned!(at=> move)), first),
    };
    let body = inside(body);
    // A block captures in the order in which it names things first.
    let inside = quote_spanned! {ms=>
        if false {
            #(#[allow(clippy::used_underscore_binding)] let _ = &#first;)*
            return #private::unreachable::<#output>();
        }
        #body
    };
    // The compiler names captured variables only in a block that is the user's own.
    quote_spanned!(at=> async #capture { #inside })
}

/// The body inside another block, with its own braces, since the edition of those says
/// when its temporaries are dropped. A body that is a single expression goes without: a
/// lint would call its braces unnecessary.
pub(crate) fn inside(body: &Group) -> TokenStream {
    let is_expression = !body.stream().into_iter().any(
        |token| matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | '#')),
    );
    if is_expression && !body.stream().is_empty() && !begins_with_item(body) {
        return body.stream();
    }
    body.to_token_stream()
}

/// Whether the body begins with something that is only seen in its own block.
fn begins_with_item(body: &Group) -> bool {
    const ITEMS: [&str; 15] = [
        "async",
        "const",
        "enum",
        "extern",
        "fn",
        "impl",
        "macro_rules",
        "mod",
        "pub",
        "static",
        "struct",
        "trait",
        "type",
        "unsafe",
        "union",
    ];
    match body.stream().into_iter().next() {
        Some(TokenTree::Ident(word)) => ITEMS.iter().any(|item| word == item),
        _ => false,
    }
}
