//! The call site's static: all that is known when the code is compiled. Only what
//! differs from the defaults is emitted, since every token costs time to compile.

use std::time::Duration;

use monitor_config::Level;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::check::monitored::Monitored;
use crate::item::Function;

/// `static __MONITOR_SITE`
pub(super) fn site(function: &Function, args: &Monitored, private: &TokenStream) -> TokenStream {
    let ms = Span::mixed_site();
    // The caller's location is the function's name, so that its line is the line of
    // the site.
    let at = ms.located_at(function.sig.ident.span());
    let (stage, event, name) = (&args.stage, &args.event, function.name());
    let more = [level(args, private), rules(args, private), limits(args)];
    let more: TokenStream = more.into_iter().flatten().collect();
    let watch = &args.watch;
    let new = if more.is_empty() && args.fields.is_empty() {
        let new = Ident::new("new", at);
        quote_spanned!(ms=> #new(#stage, #event, #name, ::core::module_path!(), &__MONITOR_SITE))
    } else {
        let new = Ident::new("declared", at);
        let fields = args.fields.iter().map(|field| &field.name);
        quote_spanned! {ms=> #new(
            #private::Declaration::new(#stage, #event, #name, ::core::module_path!()) #more,
            &["stage", #(#fields),*],
            &__MONITOR_SITE,
        )}
    };
    quote_spanned! {ms=>
        static __MONITOR_SITE: #private::Site = #private::Site::#new;
        #private::announce!(__MONITOR_SITE);
        #watch
    }
}

fn level(args: &Monitored, private: &TokenStream) -> Option<TokenStream> {
    let level = args.level;
    let variant = format_ident!("{level:?}");
    (level != Level::Info).then(|| quote!(.level(#private::Level::#variant)))
}

fn rules(args: &Monitored, private: &TokenStream) -> Option<TokenStream> {
    if args.rules.is_empty() {
        return None;
    }
    let rules = args.rules.iter().map(|rule| {
        let (on, severity) = (rule.on, rule.severity);
        let (on, severity) = (format_ident!("{on:?}"), format_ident!("{severity:?}"));
        quote!(#private::Rule { on: #private::Condition::#on, severity: #private::Severity::#severity })
    });
    Some(quote!(.rules(&[#(#rules),*])))
}

fn limits(args: &Monitored) -> Option<TokenStream> {
    let limits = &args.limits;
    let time = |name: &str, limit: Option<Duration>| {
        let name = format_ident!("{name}");
        limit.map(|limit| {
            let (seconds, nanos) = (limit.as_secs(), limit.subsec_nanos());
            quote!(.#name(#seconds, #nanos))
        })
    };
    let number = |name: &str, limit: Option<u64>| {
        let name = format_ident!("{name}");
        limit.map(|limit| quote!(.#name(#limit)))
    };
    let all = [
        time("max_duration", limits.max_duration),
        number("min_records", limits.min_records),
        number("max_records", limits.max_records),
        time("stale_after", limits.stale_after),
    ];
    Some(all.into_iter().flatten().collect())
}
