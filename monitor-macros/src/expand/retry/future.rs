//! Attempts of a future: a loop in an async block. It stands in the function itself, since
//! a helper that is generic over async closures would lose `Send`.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Attempts, Mode, attempt, marker};
use crate::expand::{Captures, async_block, inside};
use crate::future::{Keywords, Returned, Tail};
use crate::opaque;
use crate::owned;

impl Attempts<'_> {
    /// The loop around the body of an async function.
    pub(super) fn in_future(&self, body: &Group) -> TokenStream {
        self.in_future_as_it_is(&self.fresh.bound(body))
    }

    /// The loop around a body that binds its arguments itself.
    pub(super) fn in_future_as_it_is(&self, body: &Group) -> TokenStream {
        let private = &self.private;
        let at = self.function.sig.fn_token.span;
        let body = &self.with_unique_self(body);
        let block = async_block(private, &self.output, body, Captures::Borrow, at);
        match self.mode {
            Mode::Cloned => self.cloned(&block),
            Mode::Again => self.again(&block),
        }
    }

    /// The body with `self` borrowed mutably in it, though it may only read: a block that
    /// captures it so is `Send` where `Self` is, and needs no `Sync`.
    fn with_unique_self(&self, body: &Group) -> Group {
        let receiver = self.function.receiver_is_mut_ref();
        let uses_self = owned::uses_self(body.stream());
        if self.mode == Mode::Cloned || !receiver || !uses_self {
            return body.clone();
        }
        let inside = inside(body);
        let own = Ident::new("self", body.span());
        let mut new = Group::new(
            body.delimiter(),
            quote_spanned!(Span::mixed_site()=> if false { let _ = &mut *#own; } #inside),
        );
        new.set_span(body.span());
        new
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
        // A `return` in the body gives the future, and not what comes of it. A lifetime that
        // is named would have the first attempt borrow for as long as the function may.
        let future = opaque::unname_lifetimes(self.function.closure_output());
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
        let begun = self.begun();
        let out = self.limited(&quote_spanned!(ms=> __monitor_this(__monitor_begun)));
        let after = self.after();
        quote_spanned! {ms=>
            #begin
            let mut __monitor_n = 1_u32;
            let mut __monitor_run = #private::attempts(|#attempt: #private::Attempt| #private::#marker(#block));
            loop {
                let (__monitor_this, __monitor_next) = #private::share(__monitor_run, (&__MONITOR_RETRY).is_last(__monitor_n));
                let __monitor_wait = {
                    let __monitor_begun = #begun;
                    #out
                    match (#after, __monitor_next) {
                        (::core::option::Option::Some(__monitor_wait), ::core::option::Option::Some(__monitor_next)) => {
                            __monitor_run = __monitor_next;
                            __monitor_wait
                        }
                        _ => break __monitor_out,
                    }
                };
                (&__MONITOR_RETRY).wait(__monitor_n, __monitor_wait).await;
                __monitor_n += 1;
            }
        }
    }

    fn again(&self, block: &TokenStream) -> TokenStream {
        let ms = Span::mixed_site();
        let private = &self.private;
        let (marker, attempt, begin) = (marker(), attempt(), self.begin());
        let begun = self.begun();
        let out = self.limited(&quote_spanned!(ms=> {
            let #attempt = __monitor_begun;
            #private::#marker(#block)
        }));
        let after = self.after();
        quote_spanned! {ms=>
            #begin
            let mut __monitor_n = 1_u32;
            loop {
                let __monitor_wait = {
                    let __monitor_begun = #begun;
                    #out
                    match #after {
                        ::core::option::Option::Some(__monitor_wait) => __monitor_wait,
                        ::core::option::Option::None => break __monitor_out,
                    }
                };
                (&__MONITOR_RETRY).wait(__monitor_n, __monitor_wait).await;
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
            .then(|| quote_spanned!(ms=> (&__MONITOR_RETRY).count();));
        let start = self
            .args
            .deadline
            .is_some()
            .then(|| quote_spanned!(ms=> let __monitor_started = (&__MONITOR_RETRY).start();));
        quote!(#count #start)
    }

    /// What the next attempt is told.
    fn begun(&self) -> TokenStream {
        let ms = Span::mixed_site();
        if self.args.cuts_off() {
            quote_spanned!(ms=> (&__MONITOR_RETRY).limited_attempt(__monitor_n))
        } else {
            quote_spanned!(ms=> (&__MONITOR_RETRY).attempt(__monitor_n))
        }
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
            let __monitor_id = __monitor_begun.id();
            let (__monitor_out, __monitor_cut) =
                #private::#in_time::<#output>((&__MONITOR_RETRY).within(__monitor_id, #started, #attempt).await);
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
            quote_spanned!(ms=> ::core::option::Option::Some(&__monitor_started))
        } else {
            quote_spanned!(ms=> ::core::option::Option::None)
        };
        let succeeded = self.succeeded(&quote_spanned!(ms=> &__monitor_out));
        quote_spanned!(ms=> (&__MONITOR_RETRY).after(__monitor_n, #succeeded, || #judged, #started))
    }
}
