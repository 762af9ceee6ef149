//! What is captured before the body runs, and what is counted after it.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::private_at;
use crate::check::fields::{Capture, Field};
use crate::check::monitored::{Count, Monitored, Total};

/// A field as a name and its value.
pub(super) fn field(field: &Field, private: &TokenStream) -> TokenStream {
    let (name, value) = (&field.name, &field.value);
    let captured = match field.capture {
        Capture::Display => quote_spanned!(field.span=> #private::fields::display(&#value)),
        Capture::Debug => quote_spanned!(field.span=> #private::fields::debug(&#value)),
        Capture::Value => {
            let at = Span::mixed_site().located_at(field.span);
            // The imports must not hide what the user's expression names.
            quote_spanned! {at=>
                match &#value {
                    __monitor_value => {
                        use #private::fields::*;
                        (&&&Capture(__monitor_value)).__monitor_capture()
                    }
                }
            }
        }
    };
    quote_spanned!(Span::mixed_site()=> (#name, #captured))
}

/// The user's expressions that are evaluated before the body runs.
pub(super) fn expressions(args: &Monitored) -> TokenStream {
    let fields = args.fields.iter().map(|field| field.value.clone());
    let total = match &args.records_total {
        Some(Total::Given(count)) => Some(count),
        _ => None,
    };
    let counts = args.records_in.iter().chain(total);
    fields.chain(counts.map(|count| count.by.clone())).collect()
}

/// What is known of the records of a call before its body runs.
pub(super) fn given(args: &Monitored, private: &TokenStream) -> TokenStream {
    let ms = Span::mixed_site();
    let mut given = quote_spanned!(ms=> #private::Given::NOTHING);
    if let Some(Count { key, by }) = &args.records_in {
        let at = ms.located_at(*key);
        given = quote_spanned!(at=> #given.records_in(#by));
    }
    match &args.records_total {
        None => given,
        Some(Total::Told) => quote_spanned!(ms=> #given.records_total_later()),
        Some(Total::Given(Count { key, by })) => {
            let at = ms.located_at(*key);
            quote_spanned!(at=> #given.records_total(#by))
        }
    }
}

/// What a closure counts in the success value inside `out`, which is a reference.
pub(super) fn count(
    count: Option<&Count>,
    krate: Option<&syn::Path>,
    out: &TokenStream,
) -> TokenStream {
    let Some(Count { key, by }) = count else {
        return none();
    };
    // An error in what the closure gives stands where the key does.
    let at = Span::mixed_site().located_at(*key);
    let private = private_at(krate, at);
    quote_spanned! {at=>
        match #private::success(#out).__monitor_success() {
            // The closure is the documented form.
            #[allow(clippy::redundant_closure, clippy::redundant_closure_for_method_calls)]
            ::core::option::Option::Some(__monitor_value) => #private::records(__monitor_value, #by),
            ::core::option::Option::None => ::core::option::Option::None,
        }
    }
}

fn none() -> TokenStream {
    quote_spanned!(Span::mixed_site()=> ::core::option::Option::None)
}
