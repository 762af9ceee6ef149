//! The expansion of `#[monitored]`.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Captures, as_block, async_block, capture, classify, private, private_at, site};
use crate::bindings;
use crate::check::monitored::{Count, Monitored};
use crate::compose::{self, Around, Buried};
use crate::documentation;
use crate::future::{self, Keywords, Returned, Tail};
use crate::item::Function;
use crate::jumps;
use crate::owned::{self, Lent};

/// The instrumented function.
pub(crate) fn expand(mut function: Function, args: &Monitored) -> Result<TokenStream, Buried> {
    let is_plain = !function.is_async() && !compose::is_generated(&function.body);
    let returned = is_plain.then(|| Returned::of(&function.sig.output));
    let tail = is_plain.then(|| Tail::find(&function.body)).flatten();
    let body = match (returned.flatten(), tail) {
        // A future that is returned early is a call too: then all that is returned is
        // watched. A type that is not known for a future's gets no other box.
        (returned, Some(tail)) if returned.is_none() || !tail.leaves_before() => {
            watch_tail(&function, args, tail)
        }
        (Some(returned), _) => watch_body(&mut function, args, returned),
        (None, _) => instrument_body(&mut function, args)?,
    };
    documentation::add(&mut function, &sentences(args));
    Ok(function.with_body(body))
}

/// The body of a function that is async by its keyword, or not at all.
fn instrument_body(function: &mut Function, args: &Monitored) -> Result<TokenStream, Buried> {
    // Attempts borrow what they share; only a single call can have it to itself. An
    // attribute below may be `#[retry]`, by whatever name.
    let is_single = !compose::is_generated(&function.body) && !function.has_other_attributes();
    if is_single && !counts_by_arguments(function, args) {
        let body = function.body.clone();
        return Ok(
            if !function.may_fail() && args.counts_nothing_after() && !function.is_async() {
                guarded(function, args)
            } else if function.is_async() {
                let first = owned::in_drop_order(function, &body);
                let lent = owned::lend(function, &first, &capture::expressions(args));
                let around = Around::default();
                instrument_async(
                    function,
                    args,
                    &body,
                    &around,
                    Captures::Move(&first),
                    &lent,
                )
            } else if function.needs_its_place() && !jumps::may_leave(body.stream()) {
                in_place(function, args, &body)
            } else {
                let run = owning_body(function, &body);
                instrument_sync(function, args, &run, &Around::default())
            },
        );
    }
    let borrowed = bindings::take_mut_of_references(function);
    compose::wrap_innermost(&function.body, |body, around| {
        let body = bindings::rebind(body, &borrowed);
        if function.is_async() {
            instrument_async(
                function,
                args,
                &body,
                &around,
                Captures::Borrow,
                &Lent::default(),
            )
        } else {
            let run = borrowing_body(function, &body);
            instrument_sync(function, args, &run, &around)
        }
    })
}

/// A sync call that can only end well or with a panic: the body stays where it is, and
/// the call ends when the guard is dropped.
fn guarded(function: &Function, args: &Monitored) -> TokenStream {
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, &Around::default(), "guard");
    let body = as_block(&function.body);
    quote_spanned!(Span::mixed_site()=> #enter #body)
}

/// Whether what is counted after the body names an argument, which must be there then.
fn counts_by_arguments(function: &Function, args: &Monitored) -> bool {
    [&args.records, &args.rejected]
        .into_iter()
        .flatten()
        .any(|count| owned::are_named_in(function, &count.by))
}

/// Runs the body in a closure that has the arguments as its own: so they are dropped in
/// the order in which the function drops them, and what the compiler says of them is what
/// it says of a function's. `self`, which no closure can have as an argument, moves in.
fn owning_body(function: &mut Function, body: &Group) -> TokenStream {
    let Some((names, patterns)) = owned::take(function) else {
        return borrowing_body(function, body);
    };
    let ms = Span::mixed_site();
    let own_self = owned::own_self(function, body);
    let body = match &own_self {
        None => quote!(#body),
        // Named whole, so that it is not captured, and dropped, in parts.
        Some(own) => quote_spanned!(ms=> { if false { let _ = &#own; } #body }),
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
fn borrowing_body(function: &Function, body: &Group) -> TokenStream {
    let (marker, output) = (marker(), function.closure_output());
    let closure = quote_spanned!(at(function)=> || -> #output #body);
    quote_spanned!(Span::mixed_site()=> sync::#marker(#closure))
}

/// A sync call; `run` is the body's call, a path in the runtime's private module.
fn instrument_sync(
    function: &Function,
    args: &Monitored,
    run: &TokenStream,
    around: &Around,
) -> TokenStream {
    let ms = Span::mixed_site();
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, around, "enter");
    let finish = finish(args, &private, &quote_spanned!(ms=> &__out));
    // Handing an argument on is no use of it.
    let allow = function
        .keeps_something()
        .then(|| quote_spanned!(ms=> #[allow(clippy::used_underscore_binding)]));
    quote_spanned! {ms=>
        #enter
        #allow
        let __out = #private::#run;
        #finish
        __out
    }
}

/// A sync call whose body stays where it is.
fn in_place(function: &Function, args: &Monitored, body: &Group) -> TokenStream {
    let ms = Span::mixed_site();
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, &Around::default(), "enter");
    let output = function.closure_output();
    let finish = finish(args, &private, &quote_spanned!(ms=> &__out));
    quote_spanned! {ms=>
        #enter
        let __out: #output = #body;
        #[allow(unreachable_code)]
        {
            #finish
            __out
        }
    }
}

fn instrument_async(
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
        return quote_spanned!(ms=> #enter #private::#marker(__call, async { #body }).await.0);
    }
    let output = function.closure_output();
    let block = async_block(&private, &output, body, captures, at(function));
    let site = site::site(function, args, &private);
    let call = call(args, &private, around, "enter_async");
    let Lent { names, patterns } = lent;
    // A future that gives a future is the user's own choice.
    let allow = Returned::of(&function.sig.output)
        .map(|_| quote_spanned!(ms=> #[allow(clippy::async_yields_async)]));
    let finish = finish(args, &private, &quote_spanned!(ms=> &__out));
    let marker = marker();
    let enter = if names.is_empty() {
        quote_spanned!(ms=> let __call = #call;)
    } else {
        // A variable that was ever borrowed keeps its place in the future, even when it
        // has moved on: so what is borrowed here is one that ends here.
        quote_spanned! {ms=>
            let (__call, #(#patterns),*) = {
                let (#(#names,)*) = (#(#names,)*);
                (#call, #(#names),*)
            };
        }
    };
    quote_spanned! {ms=>
        #site
        #enter
        #allow
        let (__out, __call) = #private::#marker(__call, #block).await;
        #finish
        __out
    }
}

/// A call that is what the async block does that a body ends with.
fn watch_tail(function: &Function, args: &Monitored, tail: Tail) -> TokenStream {
    let private = private(args.krate.as_ref());
    let enter = enter(function, args, &private, &Around::default(), "enter_async");
    let output = future::output(&function.sig.output);
    let watched = tail.map(|Keywords { captures, span }, body| {
        let block = async_block(&private, &output, body, captures, span);
        watched(args, &output, &block, span)
    });
    quote_spanned!(Span::mixed_site()=> #enter #watched)
}

/// A call that is what a future does of which nothing is known but that it is returned.
fn watch_body(function: &mut Function, args: &Monitored, returned: Returned) -> TokenStream {
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
        &quote_spanned!(ms=> __out),
    );
    // What is wrong with the future is told where it is made.
    let ms = ms.located_at(at);
    let private = private_at(args.krate.as_ref(), ms);
    quote_spanned! {ms=>
        #private::watch::<#output, _, _>(
            __call,
            #future,
            |__call: #private::AsyncCall, __out: &_| { #finish },
        )
    }
}

/// The site, and the start of the call.
fn enter(
    function: &Function,
    args: &Monitored,
    private: &TokenStream,
    around: &Around,
    how: &str,
) -> TokenStream {
    let site = site::site(function, args, private);
    let call = call(args, private, around, how);
    quote_spanned!(Span::mixed_site()=> #site let __call = #call;)
}

/// The call, as an expression.
fn call(args: &Monitored, private: &TokenStream, around: &Around, how: &str) -> TokenStream {
    let ms = Span::mixed_site();
    let is_plain = args.fields.is_empty() && args.records_in.is_none() && around.attempt.is_none();
    if is_plain {
        let how = Ident::new(how, ms);
        return quote_spanned!(ms=> __SITE.#how());
    }
    let how = Ident::new(&format!("{how}_with"), ms);
    let fields = args
        .fields
        .iter()
        .map(|field| capture::field(field, private));
    let records_in = capture::records_in(args, private);
    let attempt = match &around.attempt {
        Some(attempt) => quote!(#attempt),
        None => quote_spanned!(ms=> #private::Attempt::ONLY),
    };
    quote_spanned!(ms=> __SITE.#how([#(#fields),*], #records_in, #attempt))
}

/// The end of the call; `out` is an expression that refers to what the body gave.
fn finish(args: &Monitored, private: &TokenStream, out: &TokenStream) -> TokenStream {
    let ms = Span::mixed_site();
    let outcome = classify(private, out);
    if args.counts_nothing_after() {
        return quote_spanned!(ms=> __call.finish(#outcome););
    }
    let count = |count: &Option<Count>| capture::count(count.as_ref(), args.krate.as_ref(), out);
    let (records, rejected) = (count(&args.records), count(&args.rejected));
    quote_spanned!(ms=> __call.finish_counted(#outcome, #records, #rejected);)
}

/// A place of the user's for what stands in for the function.
fn at(function: &Function) -> Span {
    function.sig.fn_token.span
}

fn marker() -> Ident {
    Ident::new(compose::MONITORED, Span::mixed_site())
}

fn sentences(args: &Monitored) -> Vec<String> {
    let mut sentences = vec![format!("Monitored as `{}`.", args.stage)];
    let alerts: Vec<String> = args
        .rules
        .iter()
        .map(|rule| {
            let severity = rule.severity.as_str().to_lowercase();
            match rule.on {
                monitor_config::Condition::Failure => severity,
                on => format!("{severity} on {}", on.as_str()),
            }
        })
        .collect();
    if !alerts.is_empty() {
        sentences.push(format!("Alerts: {}.", alerts.join(", ")));
    }
    sentences
}
