//! How a future runs inside its call: that of an async function, or one that is returned.

use proc_macro2::{Group, Span, TokenStream};
use quote::quote_spanned;

use super::call::{at, call, enter, finish, marker};
use super::sync::owning_body;
use super::{Captures, async_block, private, private_at, site};
use crate::check::monitored::Monitored;
use crate::compose::Around;
use crate::future::{self, Keywords, Returned, Tail};
use crate::item::Function;
use crate::owned::Lent;

/// The body of an async function as a block that its call follows.
pub(super) fn follow(
    function: &Function,
    args: &Monitored,
    body: &Group,
    around: &Around,
    captures: Captures<'_>,
    lent: &Lent,
) -> TokenStream {
    let ms = Span::mixed_site();
    let private = private(args.krate.as_ref());
    if function.never_returns() {
        let enter = enter(function, args, &private, around, "enter_async");
        let marker = marker();
        return quote_spanned!(ms=> #enter #private::#marker(__monitor_call, async { #body }).await.0);
    }
    let output = if function.is_async() {
        function.closure_output()
    } else {
        future::output(&function.sig.output)
    };
    let block = async_block(&private, &output, body, captures, at(function));
    let site = site::site(function, args, &private);
    let call = call(args, &private, around, "enter_async");
    let Lent { names, patterns } = lent;
    // A future that gives a future is the user's own choice.
    let allow = Returned::of(&function.sig.output)
        .map(|_| quote_spanned!(ms=> #[allow(clippy::async_yields_async)]));
    let finish = finish(args, &private, &quote_spanned!(ms=> &__monitor_out));
    let marker = marker();
    let enter = if names.is_empty() {
        quote_spanned!(ms=> let __monitor_call = #call;)
    } else {
        // A variable that was ever borrowed keeps its place in the future, even when it
        // has moved on: so what is borrowed here is one that ends here.
        quote_spanned! {ms=>
            let (__monitor_call, #(#patterns),*) = {
                let (#(#names,)*) = (#(#names,)*);
                (#call, #(#names),*)
            };
        }
    };
    quote_spanned! {ms=>
        #site
        #enter
        #allow
        let (__monitor_out, __monitor_call) = #private::#marker(__monitor_call, #block).await;
        #finish
        __monitor_out
    }
}

/// A call that is what the async block does that a body ends with.
pub(super) fn watch_tail(function: &Function, args: &Monitored, tail: Tail) -> TokenStream {
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, &Around::default(), "enter_async");
    let output = future::output(&function.sig.output);
    let watched = tail.map(|Keywords { captures, span }, body| {
        let block = async_block(&private, &output, body, captures, span);
        let marker = marker();
        let block = quote_spanned!(Span::mixed_site().located_at(span)=> #private::watched::#marker(#block));
        watched(args, &output, &block, span)
    });
    quote_spanned!(Span::mixed_site()=> #enter #watched)
}

/// A call that is what a future does of which nothing is known but that it is returned.
pub(super) fn watch_body(
    function: &mut Function,
    args: &Monitored,
    returned: Returned,
) -> TokenStream {
    let ms = Span::mixed_site();
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, &Around::default(), "enter_async");
    let run = owning_body(function, &function.body.clone());
    let output = future::output(&function.sig.output);
    let run = quote_spanned!(ms=> #private::#run);
    let watched = watched(args, &output, &run, at(function));
    match returned {
        Returned::Opaque => quote_spanned!(ms=> #enter #watched),
        Returned::Boxed => quote_spanned!(ms=> #enter #private::Box::pin(#watched)),
    }
}

/// `future` as a call; `output` is what it gives, from which follows what a `?` in it
/// converts to.
fn watched(args: &Monitored, output: &TokenStream, future: &TokenStream, at: Span) -> TokenStream {
    let ms = Span::mixed_site();
    let finish = finish(
        args,
        &private(args.krate.as_ref()),
        &quote_spanned!(ms=> __monitor_out),
    );
    // What is wrong with the future is told where it is made.
    let ms = ms.located_at(at);
    let private = private_at(args.krate.as_ref(), ms);
    quote_spanned! {ms=>
        #private::watch::<#output, _, _>(
            __monitor_call,
            #future,
            move |__monitor_call: #private::AsyncCall, __monitor_out: &_| { #finish },
        )
    }
}
