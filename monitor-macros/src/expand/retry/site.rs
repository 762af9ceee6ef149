//! The `static` of a retried function.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::Attempts;

impl Attempts<'_> {
    /// The site, with what differs from the defaults.
    pub(super) fn site(&self) -> TokenStream {
        let ms = Span::mixed_site();
        let (private, args, in_call) = (&self.private, self.args, self.in_call);
        let schedule = &args.schedule;
        let (max, name) = (schedule.max, self.function.name());
        let (seconds, nanos) = parts(schedule.delay);
        #[expect(clippy::float_cmp, reason = "the default, as it is written")]
        let factor = (schedule.factor != 2.0).then(|| {
            let factor = schedule.factor;
            quote_spanned!(ms=> .factor(#factor))
        });
        let duration = |method: &str, duration: Option<Duration>| {
            let (seconds, nanos) = parts(duration?);
            let method = proc_macro2::Ident::new(method, ms);
            Some(quote_spanned!(ms=> .#method(#seconds, #nanos)))
        };
        let max_delay = duration("max_delay", schedule.max_delay);
        let deadline = duration("deadline", args.deadline);
        let attempt_timeout = duration("attempt_timeout", args.attempt_timeout);
        let jitter = args.jitter.then(|| quote_spanned!(ms=> .jitter()));
        let long_wait = args
            .allow_long_wait
            .then(|| quote_spanned!(ms=> .long_wait()));
        let budget = args.budget.as_ref().map(|(name, budget)| {
            let (ratio, floor) = (budget.ratio, budget.floor);
            quote_spanned!(ms=> .budget(#name, #ratio, #floor))
        });
        let watch = &args.watch;
        quote_spanned! {ms=>
            static __MONITOR_RETRY: #private::RetrySite =
                #private::RetrySite::new(#name, ::core::module_path!(), #max, #seconds, #nanos, #in_call, {
                    static STATE: #private::RetryState = #private::RetryState::new();
                    &STATE
                })
                    #factor #max_delay #jitter #deadline #attempt_timeout #long_wait #budget;
            #watch
        }
    }
}

fn parts(duration: Duration) -> (u64, u32) {
    (duration.as_secs(), duration.subsec_nanos())
}
