//! `#[monitored(…)]` on an `impl` block: each function in it is given the attribute,
//! but those that have one of their own and those marked `#[monitored(skip)]`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ImplItem, Meta, Signature, Visibility, parse_quote};

use crate::args;
use crate::check;
use crate::diagnostics::Diagnostics;
use crate::item::Function;

/// Keys that say something about one function.
const OF_ONE_FUNCTION: [&str; 6] = [
    "event",
    "fields",
    "records",
    "records_in",
    "records_total",
    "rejected",
];

/// The block with its functions monitored, or as it was with what is wrong.
pub(crate) fn expand(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let block = monitor_each(arguments, item, &mut diagnostics);
    match block {
        Some(block) if diagnostics.is_empty() => block,
        _ => {
            let errors = diagnostics.into_tokens();
            quote!(#item #errors)
        }
    }
}

fn monitor_each(
    arguments: &TokenStream,
    item: &TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<TokenStream> {
    let args = args::parse(arguments.clone(), diagnostics);
    for arg in &args {
        let name = arg.name();
        if OF_ONE_FUNCTION.contains(&name.as_str()) {
            diagnostics.error(
                arg.span(),
                format!("`{name}` is about one function: write it in a `#[monitored(…)]` on that function"),
            );
        }
    }
    let mut head: Vec<TokenTree> = item.clone().into_iter().collect();
    let Some(TokenTree::Group(body)) = head.pop() else {
        return None;
    };
    let parts = match parts.parse2(body.stream()) {
        Ok(parts) => parts,
        Err(error) => {
            diagnostics.push(error);
            return None;
        }
    };
    // Checked once here, so that a mistake is not reported for each function.
    let first = parts.iter().find_map(|part| match part {
        Part::Function(function) if !has_own(&function.attrs) => Some(&**function),
        _ => None,
    });
    let any = parse_quote!(
        async fn any() {}
    );
    let krate = check::monitored::check(args, first.unwrap_or(&any), diagnostics)?.krate;
    let path = krate.map_or_else(|| quote!(::monitor_runtime), ToTokens::into_token_stream);
    let content = parts.into_iter().map(|part| match part {
        Part::Other(item) => item,
        Part::Function(mut function) => {
            if !take_own(&mut function.attrs) {
                let attr = syn::parse_quote!(#[#path::monitored(#arguments)]);
                function.attrs.insert(0, attr);
            }
            function.into_token_stream()
        }
    });
    let mut new = Group::new(Delimiter::Brace, content.collect());
    new.set_span(body.span());
    head.push(TokenTree::Group(new));
    Some(head.into_iter().collect())
}

/// Whether the function has an attribute of its own.
fn has_own(attrs: &[Attribute]) -> bool {
    attrs.iter().any(is_own)
}

fn is_own(attr: &Attribute) -> bool {
    let last = attr.path().segments.last();
    let is_conditional = attr.path().is_ident("cfg_attr");
    last.is_some_and(|segment| segment.ident == "monitored")
        || is_conditional && mentions_monitored(attr.meta.to_token_stream())
}

/// Whether the function has an attribute of its own; one that only says `skip` has done
/// its work and is removed.
fn take_own(attrs: &mut Vec<Attribute>) -> bool {
    let is_skip =
        |attr: &Attribute| matches!(&attr.meta, Meta::List(list) if check::is_skip(&list.tokens));
    let own = has_own(attrs);
    attrs.retain(|attr| !(is_own(attr) && is_skip(attr)));
    own
}

/// `#[cfg_attr(…, monitored(…))]`
fn mentions_monitored(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "monitored",
        TokenTree::Group(group) => mentions_monitored(group.stream()),
        _ => false,
    })
}

enum Part {
    Function(Box<Function>),
    Other(TokenStream),
}

fn parts(input: ParseStream<'_>) -> syn::Result<Vec<Part>> {
    let mut parts = Vec::new();
    while !input.is_empty() {
        let ahead = input.fork();
        ahead.call(Attribute::parse_outer)?;
        ahead.parse::<Visibility>()?;
        parts.push(if ahead.parse::<Signature>().is_ok() {
            Part::Function(Box::new(input.parse()?))
        } else {
            Part::Other(input.parse::<ImplItem>()?.into_token_stream())
        });
    }
    Ok(parts)
}
