//! How the body of a sync function runs inside its call.

use proc_macro2::{Group, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::call::{at, enter, finish, marker};
use super::{inside, private};
use crate::check::monitored::Monitored;
use crate::compose::Around;
use crate::item::Function;
use crate::owned;

/// A sync call that can only end well or with a panic: the body stays where it is, and
/// the call ends when the guard is dropped.
pub(super) fn guarded(function: &Function, args: &Monitored) -> TokenStream {
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, &Around::default(), "guard");
    let body = inside(&function.body);
    quote_spanned!(Span::mixed_site()=> #enter #body)
}

/// A sync call whose body stays where it is.
pub(super) fn in_place(function: &Function, args: &Monitored, body: &Group) -> TokenStream {
    let ms = Span::mixed_site();
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, &Around::default(), "enter");
    let output = function.closure_output();
    let finish = finish(args, &private, &quote_spanned!(ms=> &__monitor_out));
    quote_spanned! {ms=>
        #enter
        let __monitor_out: #output = #body;
        #[allow(unreachable_code)]
        {
            #finish
            __monitor_out
        }
    }
}

/// A sync call; `run` is the body's call, a path in the runtime's private module.
pub(super) fn around(
    function: &Function,
    args: &Monitored,
    run: &TokenStream,
    around: &Around,
) -> TokenStream {
    let ms = Span::mixed_site();
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, around, "enter");
    let finish = finish(args, &private, &quote_spanned!(ms=> &__monitor_out));
    // Handing an argument on is no use of it.
    let allow = function
        .keeps_something()
        .then(|| quote_spanned!(ms=> #[allow(clippy::used_underscore_binding)]));
    quote_spanned! {ms=>
        #enter
        #allow
        let __monitor_out = #private::#run;
        #finish
        __monitor_out
    }
}

/// Runs the body in a closure that has the arguments as its own: so they are dropped in
/// the order in which the function drops them, and what the compiler says of them is what
/// it says of a function's. `self`, which no closure can have as an argument, moves in.
pub(super) fn owning_body(function: &mut Function, body: &Group) -> TokenStream {
    let Some((names, patterns)) = owned::take(function) else {
        return borrowing_body(function, body);
    };
    let ms = Span::mixed_site();
    let own_self = owned::own_self(function, body);
    let body = match &own_self {
        None => quote!(#body),
        // Named whole, so that it is not captured, and dropped, in parts.
        Some(own) => {
            let body = inside(body);
            quote_spanned!(ms=> { if false { let _ = &#own; } #body })
        }
    };
    let (marker, output) = (marker(), function.closure_output());
    // The compiler names captured variables only in a closure that is the user's own.
    let at = at(function);
    if names.is_empty() {
        let closure = quote_spanned!(at=> move || -> #output #body);
        return quote_spanned!(ms=> sync::#marker(#closure));
    }
    let closure = quote_spanned!(at=> move |(#(#patterns,)*)| -> #output #body);
    quote_spanned!(ms=> owned::#marker((#(#names,)*), #closure))
}

/// Runs the body in a closure that captures what it uses, by reference where it only
/// borrows.
pub(super) fn borrowing_body(function: &Function, body: &Group) -> TokenStream {
    let (marker, output) = (marker(), function.closure_output());
    let closure = quote_spanned!(at(function)=> || -> #output #body);
    quote_spanned!(Span::mixed_site()=> sync::#marker(#closure))
}
