//! The call site's static: all that is known when the code is compiled. Only what
//! differs from the defaults is emitted, since every token costs time to compile.

use std::time::Duration;

use monitor_config::{Condition, Level, Rule};
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
    let rules = args.rules.iter().map(|rule| self::rule(rule, private));
    Some(quote!(.rules(&[#(#rules),*])))
}

/// Only what differs from the defaults, here as well.
fn rule(rule: &Rule, private: &TokenStream) -> TokenStream {
    let default = Rule::new(rule.on, rule.severity);
    let (on, severity) = (rule.on, rule.severity);
    let (on, severity) = (format_ident!("{on:?}"), format_ident!("{severity:?}"));
    let mut code =
        quote!(#private::Rule::new(#private::Condition::#on, #private::Severity::#severity));
    if !rule.channels.is_empty() {
        let channels = rule.channels.iter();
        code.extend(quote!(.channels(#private::Channels::of(&[#(#channels),*]))));
    }
    if rule.after != default.after {
        let after = rule.after;
        code.extend(quote!(.after(#after)));
    }
    let mut time = |name: &str, time: Duration| {
        let (name, seconds, nanos) = (format_ident!("{name}"), time.as_secs(), time.subsec_nanos());
        code.extend(quote!(.#name(#seconds, #nanos)));
    };
    if let Some(within) = rule.within {
        time("within", within);
    }
    if rule.repeat != default.repeat {
        time("repeat", rule.repeat);
    }
    if !rule.resolve {
        code.extend(quote!(.resolve(false)));
    }
    if rule.on == Condition::ErrorRate {
        let (above, min_calls) = (rule.above, rule.min_calls);
        code.extend(quote!(.above(#above, #min_calls)));
    }
    code
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
