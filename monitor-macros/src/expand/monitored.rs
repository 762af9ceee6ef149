//! The expansion of `#[monitored]`.

use monitor_config::{Level, Severity};
use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::{Captures, async_block, classify, private};
use crate::bindings;
use crate::check::fields::{Capture, Field};
use crate::check::monitored::{Monitored, Records};
use crate::compose::{self, Around, Buried};
use crate::future::{self, Tail};
use crate::item::Function;

/// The instrumented function.
pub(crate) fn expand(mut function: Function, args: &Monitored) -> Result<TokenStream, Buried> {
    let tail = (!function.is_async())
        .then(|| Tail::find(&function.body))
        .flatten();
    let body = match tail {
        Some(tail) => {
            let content = instrument_future(&function, args, &tail.block);
            tail.with_content(content)
        }
        None => instrument_body(&mut function, args)?,
    };
    function.document(&documentation(args));
    Ok(function.with_body(body))
}

/// The body of a function that is async by its keyword, or not at all.
fn instrument_body(function: &mut Function, args: &Monitored) -> Result<TokenStream, Buried> {
    let borrowed = bindings::take_mut_of_references(function);
    // Attempts borrow what they share; only a single call can have it to itself. An
    // attribute below may be `#[retry]`, by whatever name.
    let is_single = !compose::is_generated(&function.body) && !function.has_other_attributes();
    let owned = if function.is_async() && is_single {
        bindings::make_owned_mut(function)
    } else {
        Vec::new()
    };
    compose::wrap_innermost(&function.body, |body, around| {
        let body = bindings::rebind(body, &borrowed);
        instrument(function, args, &body, &around, &owned)
    })
}

fn instrument(
    function: &Function,
    args: &Monitored,
    body: &Group,
    around: &Around,
    owned: &[Ident],
) -> TokenStream {
    let ms = Span::mixed_site();
    let private = private(args.krate.as_ref());
    let attempt = match &around.attempt {
        Some(attempt) => quote!(#attempt),
        None => quote_spanned!(ms=> #private::Attempt::ONLY),
    };
    let output = function.closure_output();

    if function.is_async() && !function.never_returns() {
        let block = async_block(&private, &output, body, &Captures::Borrow(owned));
        return around_future(function, args, &attempt, &block);
    }
    let how = if function.is_async() {
        "enter_async"
    } else {
        "enter"
    };
    let enter = enter(function, args, &private, &attempt, how);
    let marker = Ident::new(compose::MONITORED, ms);
    if function.is_async() {
        return quote_spanned!(ms=> #enter #private::#marker(__call, async { #body }).await.0);
    }
    if function.never_returns() {
        return quote_spanned!(ms=> #enter #private::sync::#marker(|| -> #output #body));
    }
    let (outcome, records) = outcome_and_records(args, &private);
    quote_spanned! {ms=>
        #enter
        let __out = #private::sync::#marker(|| -> #output #body);
        __call.finish(#outcome, #records);
        __out
    }
}

/// The content of the async block that a function returns.
fn instrument_future(function: &Function, args: &Monitored, body: &Group) -> TokenStream {
    let private = private(args.krate.as_ref());
    let output = future::output(&function.sig.output).unwrap_or_else(|| quote!(_));
    // The block around owns what it uses and lends nothing out.
    let block = async_block(&private, &output, body, &Captures::Move);
    let attempt = quote_spanned!(Span::mixed_site()=> #private::Attempt::ONLY);
    around_future(function, args, &attempt, &block)
}

/// A call that is what `block` does.
fn around_future(
    function: &Function,
    args: &Monitored,
    attempt: &TokenStream,
    block: &TokenStream,
) -> TokenStream {
    let ms = Span::mixed_site();
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, attempt, "enter_async");
    let (outcome, records) = outcome_and_records(args, &private);
    let marker = Ident::new(compose::MONITORED, ms);
    quote_spanned! {ms=>
        #enter
        let (__out, __call) = #private::#marker(__call, #block).await;
        __call.finish(#outcome, #records);
        __out
    }
}

/// The site, and the start of the call.
fn enter(
    function: &Function,
    args: &Monitored,
    private: &TokenStream,
    attempt: &TokenStream,
    how: &str,
) -> TokenStream {
    let ms = Span::mixed_site();
    let site = site(function, args, private);
    let fields = args.fields.iter().map(|field| capture(field, private));
    let how = Ident::new(how, ms);
    quote_spanned! {ms=>
        #site
        let __call = __SITE.#how([#(#fields),*], #attempt);
    }
}

fn outcome_and_records(args: &Monitored, private: &TokenStream) -> (TokenStream, TokenStream) {
    let out = quote_spanned!(Span::mixed_site()=> __out);
    let outcome = classify(private, &quote_spanned!(Span::mixed_site()=> &#out));
    (outcome, records(args, private, &out))
}

/// The call site's static: all that is known when the code is compiled.
fn site(function: &Function, args: &Monitored, private: &TokenStream) -> TokenStream {
    let ms = Span::mixed_site();
    // The caller's location is the function's name, so that its line is the line of
    // the site.
    let new = Ident::new("new", ms.located_at(function.sig.ident.span()));
    let (stage, event, name) = (&args.stage, &args.event, function.name());
    let level = level(args.level, private);
    let alert = severity(args.alert, private);
    let fields = args.fields.iter().map(|field| &field.name);
    let watch = &args.watch;
    quote_spanned! {ms=>
        static __SITE: #private::Site = #private::Site::#new(
            #private::Declaration {
                stage: #stage,
                event: #event,
                function: #name,
                module: ::core::module_path!(),
                level: #level,
                alert: #alert,
            },
            &["stage", #(#fields),*],
            #private::identify(&__SITE),
        );
        #watch
    }
}

fn level(level: Level, private: &TokenStream) -> TokenStream {
    let variant = format_ident!("{level:?}");
    quote!(#private::Level::#variant)
}

fn severity(severity: Option<Severity>, private: &TokenStream) -> TokenStream {
    match severity {
        None => quote!(::core::option::Option::None),
        Some(severity) => {
            let variant = format_ident!("{severity:?}");
            quote!(::core::option::Option::Some(#private::Severity::#variant))
        }
    }
}

fn capture(field: &Field, private: &TokenStream) -> TokenStream {
    let (name, value) = (&field.name, &field.value);
    let captured = match field.capture {
        Capture::Display => quote_spanned!(field.span=> #private::fields::display(&#value)),
        Capture::Debug => quote_spanned!(field.span=> #private::fields::debug(&#value)),
        Capture::Value => {
            let at = Span::mixed_site().located_at(field.span);
            // The imports must not hide what the user's expression names.
            quote_spanned! {at=>
                match &#value {
                    __value => {
                        use #private::fields::*;
                        (&&&Capture(__value)).capture()
                    }
                }
            }
        }
    };
    quote_spanned!(Span::mixed_site()=> (#name, #captured))
}

fn records(args: &Monitored, private: &TokenStream, out: &TokenStream) -> TokenStream {
    let ms = Span::mixed_site();
    match &args.records {
        None => quote_spanned!(ms=> ::core::option::Option::None),
        Some(Records { key, closure }) => {
            // An error in what the closure gives stands where the key does.
            let at = ms.located_at(*key);
            // The imports must not hide what the closure names.
            quote_spanned! {at=> {
                use #private::records as __records;
                match {
                    use #private::classify::*;
                    (&&Success(&#out)).success()
                } {
                    // The closure is the documented form.
                    #[allow(clippy::redundant_closure, clippy::redundant_closure_for_method_calls)]
                    ::core::option::Option::Some(__value) => __records(__value, #closure),
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            }}
        }
    }
}

fn documentation(args: &Monitored) -> String {
    let mut line = format!("Monitored as `{}`.", args.stage);
    if let Some(severity) = args.alert {
        line.push_str(&format!(" Alerts: {}.", severity.as_str().to_lowercase()));
    }
    line
}
