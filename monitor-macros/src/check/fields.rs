//! `fields(season, year = season.year, %path, ?options)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token};

use crate::args::{Arg, Value};
use crate::diagnostics::Diagnostics;

/// Keys that the library itself writes into a line or its `data`.
const BUILT_IN: [&str; 14] = [
    "attempt",
    "attempts",
    "context",
    "duration",
    "error",
    "error_chain",
    "event_type",
    "function",
    "message",
    "outcome",
    "records",
    "seq",
    "stage",
    "wait",
];

/// How a field's value becomes text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Capture {
    /// By its type: a number stays a number.
    Value,
    /// `%`: through `Display`.
    Display,
    /// `?`: through `Debug`.
    Debug,
}

/// One captured value.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) capture: Capture,
    pub(crate) value: TokenStream,
}

/// Reads the fields in `arg`.
pub(crate) fn check(arg: &Arg, diagnostics: &mut Diagnostics) -> Vec<Field> {
    let tokens = match &arg.value {
        Value::List(tokens) => tokens.clone(),
        Value::Unreadable => return Vec::new(),
        Value::Flag | Value::Expr(_) => {
            diagnostics.error(
                arg.span(),
                "`fields` takes a list: write `fields(season, year = season.year)`",
            );
            return Vec::new();
        }
    };
    let mut fields: Vec<Field> = Vec::new();
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let field = parse_field(input)?;
            if BUILT_IN.contains(&field.name.as_str()) {
                diagnostics.error(
                    field.span,
                    format!(
                        "`{0}` is written by the library itself: name the field otherwise, e.g. `{0}_in = …`",
                        field.name
                    ),
                );
            } else if fields.iter().any(|other| other.name == field.name) {
                diagnostics.error(field.span, format!("the field `{}` is given twice", field.name));
            } else {
                fields.push(field);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = read.parse2(tokens) {
        diagnostics.push(error);
    }
    fields
}

fn parse_field(input: ParseStream<'_>) -> syn::Result<Field> {
    let mut capture = parse_sigil(input);
    let Ok(name) = input.call(Ident::parse_any) else {
        return Err(input.error("expected a field: `season`, `year = season.year`, `%path` or `?options`"));
    };
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if capture == Capture::Value {
            capture = parse_sigil(input);
        }
        input.parse::<Expr>()?.to_token_stream()
    } else {
        name.to_token_stream()
    };
    Ok(Field {
        name: name.unraw().to_string(),
        span: name.span(),
        capture,
        value,
    })
}

fn parse_sigil(input: ParseStream<'_>) -> Capture {
    if input.parse::<Token![%]>().is_ok() {
        Capture::Display
    } else if input.parse::<Token![?]>().is_ok() {
        Capture::Debug
    } else {
        Capture::Value
    }
}
