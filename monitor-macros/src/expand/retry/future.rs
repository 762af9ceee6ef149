//! Attempts of a future: a loop in an async block. It stands in the function itself, since
//! a helper that is generic over async closures would lose `Send`.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Attempts, Mode, attempt, marker};
use crate::expand::{Captures, async_block};
use crate::future::{Keywords, Returned, Tail};

impl Attempts<'_> {
    /// The loop around the body of an async function.
    pub(super) fn in_future(&self, body: &Group) -> TokenStream {
        self.in_future_as_it_is(&self.fresh.bound(body))
    }

    /// The loop around a body that binds its arguments itself.
    pub(super) fn in_future_as_it_is(&self, body: &Group) -> TokenStream {
        let private = &self.private;
        let at = self.function.sig.fn_token.span;
        let block = async_block(private, &self.output, body, Captures::Borrow, at);
        match self.mode {
            Mode::Cloned => self.cloned(&block),
            Mode::Again => self.again(&block),
        }
    }

    /// The loop inside the async block that a function ends with.
    pub(super) fn of_tail(&self, tail: Tail) -> TokenStream {
        tail.map(|Keywords { captures, span }, block| {
            let attempts = self.in_block(block);
            let capture = match captures {
                Captures::Borrow => None,
                Captures::Move(_) => Some(quote_spanned!(span=> move)),
            };
            quote_spanned!(span=> async #capture { #attempts })
        })
    }

    /// The loop around a body that makes a future, which is made anew for each attempt.
    pub(super) fn of_returned(&self, body: &Group, returned: Returned) -> TokenStream {
        let ms = Span::mixed_site();
        let private = &self.private;
        // A `return` in the body gives the future, and not what comes of it.
        let future = self.function.closure_output();
        let body = self.fresh.bound(body);
        let made = quote_spanned!(ms=> { #private::make(|| -> #future #body).await });
        let made: Group = syn::parse_quote!(#made);
        let attempts = self.in_future_as_it_is(&made);
        let block = quote_spanned!(ms=> async move { #attempts });
        match returned {
            Returned::Opaque => block,
            Returned::Boxed => quote_spanned!(ms=> #private::Box::pin(#block)),
        }
    }

    fn cloned(&self, block: &TokenStream) -> TokenStream {
        let ms = Span::mixed_site();
        let private = &self.private;
        let (marker, attempt, begin) = (marker(), attempt(), self.begin());
        let out = self
            .limited(&quote_spanned!(ms=> __monitor_this(__MONITOR_RETRY.attempt(__monitor_n))));
        let after = self.after();
        quote_spanned! {ms=>
            #begin
            let mut __monitor_n = 1_u32;
            let mut __monitor_run = #private::attempts(|#attempt: #private::Attempt| #private::#marker(#block));
            loop {
                let (__monitor_this, __monitor_next) = #private::share(__monitor_run, __MONITOR_RETRY.is_last(__monitor_n));
                let __monitor_wait = {
                    #out
                    match (#after, __monitor_next) {
                        (::core::option::Option::Some(__monitor_wait), ::core::option::Option::Some(__monitor_next)) => {
                            __monitor_run = __monitor_next;
                            __monitor_wait
                        }
                        _ => break __monitor_out,
                    }
                };
                __MONITOR_RETRY.wait(__monitor_wait).await;
                __monitor_n += 1;
            }
        }
    }

    fn again(&self, block: &TokenStream) -> TokenStream {
        let ms = Span::mixed_site();
        let private = &self.private;
        let (marker, attempt, begin) = (marker(), attempt(), self.begin());
        let out = self.limited(&quote_spanned!(ms=> #private::#marker(#block)));
        let after = self.after();
        quote_spanned! {ms=>
            #begin
            let mut __monitor_n = 1_u32;
            loop {
                let __monitor_wait = {
                    let #attempt = __MONITOR_RETRY.attempt(__monitor_n);
                    #out
                    match #after {
                        ::core::option::Option::Some(__monitor_wait) => __monitor_wait,
                        ::core::option::Option::None => break __monitor_out,
                    }
                };
                __MONITOR_RETRY.wait(__monitor_wait).await;
                __monitor_n += 1;
            }
        }
    }

    /// What a call begins with that has a budget or a deadline.
    fn begin(&self) -> TokenStream {
        let ms = Span::mixed_site();
        let count = self
            .args
            .budget
            .is_some()
            .then(|| quote_spanned!(ms=> __MONITOR_RETRY.count();));
        let start = self
            .args
            .deadline
            .is_some()
            .then(|| quote_spanned!(ms=> let mut __monitor_started = __MONITOR_RETRY.start();));
        quote!(#count #start)
    }

    /// The value of an attempt, within the time that it has.
    fn limited(&self, attempt: &TokenStream) -> TokenStream {
        let ms = Span::mixed_site();
        let (private, output) = (&self.private, &self.output);
        if !self.args.cuts_off() {
            return quote_spanned!(ms=> let __monitor_out = #attempt.await;);
        }
        let in_time = Ident::new("in_time", self.at_output());
        let started = if self.args.deadline.is_some() {
            quote_spanned!(ms=> ::core::option::Option::Some(&__monitor_started))
        } else {
            quote_spanned!(ms=> ::core::option::Option::None)
        };
        quote_spanned! {ms=>
            let (__monitor_out, __monitor_cut) =
                #private::#in_time::<#output>(__MONITOR_RETRY.within(#started, #attempt).await);
        }
    }

    /// The wait after the attempt that gave `__monitor_out`.
    fn after(&self) -> TokenStream {
        let ms = Span::mixed_site();
        let mut judged = self.judged(&quote_spanned!(ms=> &__monitor_out));
        if self.args.cuts_off() {
            judged = quote_spanned!(ms=> #judged.cut(__monitor_cut));
        }
        let started = if self.args.deadline.is_some() {
            quote_spanned!(ms=> ::core::option::Option::Some(&mut __monitor_started))
        } else {
            quote_spanned!(ms=> ::core::option::Option::None)
        };
        let succeeded = self.succeeded(&quote_spanned!(ms=> &__monitor_out));
        quote_spanned!(ms=> __MONITOR_RETRY.after(__monitor_n, #succeeded, || #judged, #started))
    }
}
