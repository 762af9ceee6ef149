//! The expansion of `#[monitor_runtime::main]`.
//!
//! The user's `main` moves, with all its attributes, into a new `main` that starts
//! the run before it and finishes the run after it. So `#[tokio::main]` below builds
//! its runtime inside the run, and nothing can be dropped too early.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{classify, private};
use crate::args;
use crate::catalog;
use crate::check::keys::Keys;
use crate::check::value;
use crate::diagnostics::Diagnostics;
use crate::item::Function;

const KEYS: Keys = Keys {
    shown: "#[monitor_runtime::main]",
    known: &["crate"],
    elsewhere: &[
        (
            "flavor",
            "it belongs to `#[tokio::main]`, on the line below",
        ),
        (
            "worker_threads",
            "it belongs to `#[tokio::main]`, on the line below",
        ),
    ],
};

/// The program's `main`, monitored, or the item as it was with what is wrong.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = match Function::read(item.clone(), "monitor_runtime::main") {
        Ok(function) => function,
        Err(error) => {
            let error = error.to_compile_error();
            return quote!(#item #error);
        }
    };
    let mut diagnostics = Diagnostics::default();
    let krate = check(arguments, &function, &mut diagnostics);
    let private = private(krate.as_ref());
    let ms = Span::mixed_site();
    let embedded = catalog::embed(&private, Span::call_site(), &mut diagnostics);
    if !diagnostics.is_empty() {
        let errors = diagnostics.into_tokens();
        let function = stand_in(&function);
        return quote!(#function #errors);
    }

    let (name, vis, output) = (&function.sig.ident, &function.vis, &function.sig.output);
    let outcome = classify(&private, &quote_spanned!(ms=> &__monitor_out));
    let inner = inner(&function);
    let docs = function
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("doc"));
    quote_spanned! {ms=>
        #(#docs)*
        #vis fn #name() #output {
            #inner
            let __monitor_run = #private::start_run(#private::Program {
                name: ::core::option_env!("CARGO_BIN_NAME"),
                package: ::core::env!("CARGO_PKG_NAME"),
                version: ::core::env!("CARGO_PKG_VERSION"),
                embedded: #embedded,
            });
            let __monitor_out = #name();
            __monitor_run.finish(#outcome);
            __monitor_out
        }
    }
}

/// The user's function as an item inside the new one.
fn inner(function: &Function) -> TokenStream {
    let (attrs, sig, body) = (&function.attrs, &function.sig, &function.body);
    quote!(#(#attrs)* #sig #body)
}

/// The function as it was, or, where the compiler would refuse it as a `main` in
/// words of its own, one that it takes, with the function inside.
fn stand_in(function: &Function) -> TokenStream {
    if function.sig.inputs.is_empty() && !lacks_runtime(function) {
        return quote!(#function);
    }
    let (name, vis, output) = (&function.sig.ident, &function.vis, &function.sig.output);
    let inner = inner(function);
    quote! {
        #vis fn #name() #output {
            #inner
            let _ = #name;
            ::core::unreachable!()
        }
    }
}

/// Whether nothing can make this `async fn` a plain one: it has no attribute that
/// the compiler does not know.
fn lacks_runtime(function: &Function) -> bool {
    function.is_async() && !function.has_other_attributes()
}

fn check(
    arguments: TokenStream,
    function: &Function,
    diagnostics: &mut Diagnostics,
) -> Option<syn::Path> {
    let args = KEYS.sort(args::parse(arguments, diagnostics), diagnostics);
    let sig = &function.sig;
    if sig.ident != "main" {
        diagnostics.error(
            sig.ident.span(),
            format!(
                "`#[monitor_runtime::main]` goes on the function `main`, this is `{}`",
                sig.ident
            ),
        );
    }
    if !sig.inputs.is_empty() {
        diagnostics.error_over(
            &sig.inputs,
            "`main` takes no arguments: read the command line with `std::env::args()`",
        );
    }
    if let (Some(keyword), true) = (&sig.asyncness, lacks_runtime(function)) {
        diagnostics.error(
            keyword.span,
            "an `async fn main` needs a runtime: put `#[tokio::main]` below `#[monitor_runtime::main]`",
        );
    }
    args.get("crate")
        .and_then(Option::as_ref)
        .and_then(|arg| value::path(arg, "crate = my_crate::monitor_runtime", diagnostics))
}

/// `embedded_config!()`: the file that `#[monitor_runtime::main]` would embed.
pub(crate) fn embedded_config(arguments: &TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    if !arguments.is_empty() {
        diagnostics.error_over(
            arguments.to_token_stream(),
            "`embedded_config!()` takes no arguments",
        );
    }
    let private = private(None);
    let embedded = catalog::embed(&private, Span::call_site(), &mut diagnostics);
    if diagnostics.is_empty() {
        embedded
    } else {
        let errors = diagnostics.into_tokens();
        let ident = Ident::new("None", Span::call_site());
        quote!({ #errors ::core::option::Option::#ident })
    }
}
