//! The expansion of `#[retry]`.
//!
//! Each attempt is a fresh closure. One that is not `move` captures what the body
//! consumes by value and all else by reference; cloned for all but the last
//! attempt, it clones exactly what is consumed. A body that borrows something
//! mutably cannot be cloned that way: its closure is called anew each time.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ReturnType;

use super::{Captures, async_block, classify, private};
use crate::bindings;
use crate::check::retry::Retry;
use crate::compose::{self, Buried};
use crate::documentation;
use crate::item::Function;
use crate::opaque;

/// The retried function.
pub(crate) fn expand(mut function: Function, args: &Retry) -> Result<TokenStream, Buried> {
    let borrowed = bindings::take_mut_of_references(&mut function);
    let fresh = bindings::take_mut(&mut function);
    let mode = Mode::of(&function);
    let body = compose::wrap_innermost(&function.body, |body, around| {
        let body = bindings::reborrow(body, &borrowed);
        let body = match mode {
            Mode::Cloned => bindings::rebind(&body, &fresh),
            Mode::Again => bindings::clone(&body, &fresh),
        };
        retried(&function, args, &body, mode, around.monitored)
    })?;
    if mode == Mode::Again && !fresh.is_empty() {
        // The argument is cloned for each attempt, but by value is what it takes.
        function.allow("needless_pass_by_value");
    }
    let sentence = format!("Retried: {}.", args.schedule.describe());
    documentation::add(&mut function, &[sentence]);
    Ok(function.with_body(body))
}

fn retried(
    function: &Function,
    args: &Retry,
    body: &Group,
    mode: Mode,
    in_call: bool,
) -> TokenStream {
    let private = private(args.krate.as_ref());
    let site = site(function, args, &private, in_call);
    let needs_result = needs_result(function, &private);
    let attempts = match (function.is_async(), mode) {
        (false, _) => sync(function, &private, body, mode),
        (true, Mode::Cloned) => async_cloned(function, &private, body),
        (true, Mode::Again) => async_again(function, &private, body),
    };
    quote_spanned!(Span::mixed_site()=> #site #needs_result #attempts)
}

fn site(function: &Function, args: &Retry, private: &TokenStream, in_call: bool) -> TokenStream {
    let ms = Span::mixed_site();
    let schedule = &args.schedule;
    let (max, name) = (schedule.max, function.name());
    let (seconds, nanos) = (schedule.delay.as_secs(), schedule.delay.subsec_nanos());
    quote_spanned! {ms=>
        static __MONITOR_RETRY: #private::RetrySite =
            #private::RetrySite::new(#name, ::core::module_path!(), #max, #seconds, #nanos, #in_call);
    }
}

/// A bound whose error stands at the return type.
fn needs_result(function: &Function, private: &TokenStream) -> TokenStream {
    let ReturnType::Type(_, ty) = &function.sig.output else {
        return TokenStream::new();
    };
    let mut tokens = ty.to_token_stream().into_iter();
    let first = tokens
        .next()
        .map_or_else(Span::call_site, |token| token.span());
    // Nothing else tells the compiler what an `_` stands for here.
    let output = opaque::replace(ty.to_token_stream(), &quote!(()));
    let check = quote_spanned!(Span::mixed_site().located_at(first)=> fallible);
    quote_spanned!(Span::mixed_site()=> #private::#check::<#output>();)
}

fn sync(function: &Function, private: &TokenStream, body: &Group, mode: Mode) -> TokenStream {
    let ms = Span::mixed_site();
    let output = function.closure_output();
    let (marker, attempt, mode) = (marker(), attempt(), mode.module());
    let outcome = classify(private, &quote_spanned!(ms=> __monitor_out));
    quote_spanned! {ms=>
        #private::#mode::run(
            &__MONITOR_RETRY,
            #private::#mode::#marker(|#attempt: #private::Attempt| -> #output #body),
            |__monitor_out: &_| #outcome,
        )
    }
}

fn async_cloned(function: &Function, private: &TokenStream, body: &Group) -> TokenStream {
    let ms = Span::mixed_site();
    let (marker, attempt) = (marker(), attempt());
    let (block, wait_or_break) = async_attempt(function, private, body);
    quote_spanned! {ms=>
        let mut __monitor_n = 1_u32;
        let __monitor_run = #private::attempts(|#attempt: #private::Attempt| #private::#marker(#block));
        loop {
            if __MONITOR_RETRY.is_last(__monitor_n) {
                break __monitor_run(__MONITOR_RETRY.attempt(__monitor_n)).await;
            }
            let __monitor_wait = {
                let __monitor_out = ::core::clone::Clone::clone(&__monitor_run)(__MONITOR_RETRY.attempt(__monitor_n)).await;
                #wait_or_break
            };
            #private::sleep(__monitor_wait).await;
            __monitor_n += 1;
        }
    }
}

fn async_again(function: &Function, private: &TokenStream, body: &Group) -> TokenStream {
    let ms = Span::mixed_site();
    let (marker, attempt) = (marker(), attempt());
    let (block, wait_or_break) = async_attempt(function, private, body);
    quote_spanned! {ms=>
        let mut __monitor_n = 1_u32;
        loop {
            let __monitor_wait = {
                let #attempt = __MONITOR_RETRY.attempt(__monitor_n);
                let __monitor_out = #private::#marker(#block).await;
                #wait_or_break
            };
            #private::sleep(__monitor_wait).await;
            __monitor_n += 1;
        }
    }
}

/// One attempt's async block, and what follows on its value: the wait before the next
/// attempt, or the end of the loop.
fn async_attempt(
    function: &Function,
    private: &TokenStream,
    body: &Group,
) -> (TokenStream, TokenStream) {
    let ms = Span::mixed_site();
    let output = function.closure_output();
    let block = async_block(
        private,
        &output,
        body,
        Captures::Borrow,
        function.sig.fn_token.span,
    );
    let outcome = classify(private, &quote_spanned!(ms=> &__monitor_out));
    let wait_or_break = quote_spanned! {ms=>
        match __MONITOR_RETRY.wait_after(__monitor_n, #outcome) {
            ::core::option::Option::Some(__monitor_wait) => __monitor_wait,
            ::core::option::Option::None => break __monitor_out,
        }
    };
    (block, wait_or_break)
}

/// How a second attempt gets what the first one used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The attempt's closure is cloned.
    Cloned,
    /// The closure is called again, since it borrows something mutably.
    Again,
}

impl Mode {
    fn of(function: &Function) -> Self {
        if function.borrows_mutably() {
            Self::Again
        } else {
            Self::Cloned
        }
    }

    fn module(self) -> Ident {
        let name = match self {
            Self::Cloned => "cloned",
            Self::Again => "again",
        };
        Ident::new(name, Span::mixed_site())
    }
}

fn marker() -> Ident {
    Ident::new(compose::RETRIED, Span::mixed_site())
}

fn attempt() -> Ident {
    Ident::new(compose::ATTEMPT, Span::mixed_site())
}
