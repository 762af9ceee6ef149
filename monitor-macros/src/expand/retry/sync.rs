//! Attempts of a sync function: closures that the runtime calls.

use proc_macro2::{Group, Span, TokenStream};
use quote::quote_spanned;

use super::{Attempts, attempt, marker};

impl Attempts<'_> {
    pub(super) fn in_closure(&self, body: &Group) -> TokenStream {
        let ms = Span::mixed_site();
        let body = self.fresh.bound(body);
        let (private, output) = (&self.private, &self.output);
        let (marker, attempt, mode) = (marker(), attempt(), self.mode.module());
        let succeeded = self.succeeded(&quote_spanned!(ms=> __monitor_out));
        let judged = self.judged(&quote_spanned!(ms=> __monitor_out));
        quote_spanned! {ms=>
            #private::#mode::run(
                &__MONITOR_RETRY,
                #private::#mode::#marker(|#attempt: #private::Attempt| -> #output #body),
                |__monitor_out: &_| #succeeded,
                |__monitor_out: &_| #judged,
            )
        }
    }
}
