//! What is captured before the body runs, and what is counted after it.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::private_at;
use crate::check::fields::{Capture, Field};
use crate::check::monitored::{Count, Monitored};

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
    let records_in = args.records_in.iter().map(|count| count.by.clone());
    fields.chain(records_in).collect()
}

/// The number of records that a call is given.
pub(super) fn records_in(args: &Monitored, private: &TokenStream) -> TokenStream {
    match &args.records_in {
        None => none(),
        Some(Count { key, by }) => {
            let at = Span::mixed_site().located_at(*key);
            quote_spanned!(at=> #private::records_in(#by))
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
