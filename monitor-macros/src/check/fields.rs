//! `fields(season, year = season.year, %path, ?options)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token};

use crate::args::{self, Arg, Value};
use crate::diagnostics::Diagnostics;

/// Keys that the library itself writes into a line or its `data`.
const BUILT_IN: [&str; 19] = [
    "attempt",
    "attempts",
    "busy",
    "context",
    "duration",
    "error",
    "error_chain",
    "event_type",
    "function",
    "message",
    "outcome",
    "polls",
    "records",
    "records_in",
    "rejected",
    "seq",
    "stage",
    "unaccounted",
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
        Value::Unnamed(_) | Value::Unreadable => return Vec::new(),
        Value::Flag | Value::Missing(_) | Value::Expr(_) => {
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
            match parse_field(input) {
                Ok(field) => add(field, &mut fields, diagnostics),
                Err(error) => {
                    diagnostics.push(error);
                    args::skip_to_comma(input);
                }
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(error) = read.parse2(tokens) {
        diagnostics.push(error);
    }
    fields
}

fn add(field: Field, fields: &mut Vec<Field>, diagnostics: &mut Diagnostics) {
    let name = &field.name;
    if BUILT_IN.contains(&name.as_str()) {
        diagnostics.error(
            field.span,
            format!("`{name}` is written by the library itself: write another name, such as `my_{name} = …`"),
        );
    } else if fields.iter().any(|other| other.name == *name) {
        diagnostics.error(
            field.span,
            format!("the field `{name}` is given twice: keep one of the two"),
        );
    } else {
        fields.push(field);
    }
}

fn parse_field(input: ParseStream<'_>) -> syn::Result<Field> {
    let mut capture = parse_sigil(input);
    let Ok(name) = input.call(Ident::parse_any) else {
        return Err(
            input.error("expected a field: `season`, `year = season.year`, `%path` or `?options`")
        );
    };
    let value = if let Some(equals) = input.parse::<Option<Token![=]>>()? {
        if capture == Capture::Value {
            capture = parse_sigil(input);
        }
        if args::at_end(input) {
            let message = format!("a value is missing: write `{name} = …`, or `{name}` alone");
            return Err(syn::Error::new(equals.span, message));
        }
        operand(&input.parse()?)
    } else {
        name.to_token_stream()
    };
    if !args::at_end(input) {
        let next_is_name = input.peek(syn::Ident) || input.peek(Token![%]) || input.peek(Token![?]);
        return Err(input.error(if next_is_name {
            "expected `,` between two fields"
        } else {
            "a field is a name, or a name and a value: write `name = value`"
        }));
    }
    Ok(Field {
        name: name.unraw().to_string(),
        span: name.span(),
        capture,
        value,
    })
}

/// The expression as it can stand behind a `&`.
fn operand(expr: &Expr) -> TokenStream {
    match expr {
        Expr::Assign(_) | Expr::Binary(_) | Expr::Cast(_) | Expr::Closure(_) | Expr::Range(_) => {
            quote_spanned!(Span::mixed_site()=> (#expr))
        }
        _ => expr.to_token_stream(),
    }
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
