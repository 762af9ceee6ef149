//! The start and the end of a call, in whatever way the body runs in between.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{capture, classify, site};
use crate::check::monitored::{Count, Monitored};
use crate::compose::{self, Around};
use crate::item::Function;

/// The site, and the start of the call.
pub(super) fn enter(
    function: &Function,
    args: &Monitored,
    private: &TokenStream,
    around: &Around,
    how: &str,
) -> TokenStream {
    let site = site::site(function, args, private);
    let ms = Span::mixed_site();
    let call = call(args, private, around, how);
    // What ends by itself when it is dropped is not changed.
    let is_ended = (how == "enter").then(|| quote_spanned!(ms=> mut));
    quote_spanned!(ms=> #site let #is_ended __monitor_call = #call;)
}

/// The call, as an expression.
pub(super) fn call(
    args: &Monitored,
    private: &TokenStream,
    around: &Around,
    how: &str,
) -> TokenStream {
    let ms = Span::mixed_site();
    let knows_records = args.records_in.is_some() || args.records_total.is_some();
    let is_plain = args.fields.is_empty() && !knows_records && around.attempt.is_none();
    if is_plain {
        let how = Ident::new(how, ms);
        return quote_spanned!(ms=> __MONITOR_SITE.#how());
    }
    let how = Ident::new(&format!("{how}_with"), ms);
    let fields = args
        .fields
        .iter()
        .map(|field| capture::field(field, private));
    let given = capture::given(args, private);
    let attempt = match &around.attempt {
        Some(attempt) => quote!(#attempt),
        None => quote_spanned!(ms=> #private::Attempt::ONLY),
    };
    quote_spanned!(ms=> __MONITOR_SITE.#how([#(#fields),*], #given, #attempt))
}

/// The end of the call; `out` is an expression that refers to what the body gave.
pub(super) fn finish(args: &Monitored, private: &TokenStream, out: &TokenStream) -> TokenStream {
    let ms = Span::mixed_site();
    let outcome = classify(private, out);
    if args.counts_nothing_after() {
        return quote_spanned!(ms=> __monitor_call.finish(#outcome););
    }
    let count = |count: &Option<Count>| capture::count(count.as_ref(), args.krate.as_ref(), out);
    let (records, rejected) = (count(&args.records), count(&args.rejected));
    quote_spanned!(ms=> __monitor_call.finish_counted(#outcome, #records, #rejected);)
}

/// A place of the user's for what stands in for the function.
pub(super) fn at(function: &Function) -> Span {
    function.sig.fn_token.span
}

/// The function that runs the body, by which other attributes find it.
pub(super) fn marker() -> Ident {
    Ident::new(compose::MONITORED, Span::mixed_site())
}
