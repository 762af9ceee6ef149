//! `fields(season, year = season.year, %path, ?options)`.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token};

use crate::args::{self, Arg, Value};
use crate::diagnostics::Diagnostics;

/// Keys that the library itself writes into a line or its `data`.
const BUILT_IN: [&str; 20] = [
    "attempt",
    "attempts",
    "busy",
    "context",
    "duration",
    "error",
    "error_chain",
    "event_type",
    "function",
    "gave_up",
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
    const EXPECTED: &str =
        "expected a field: `season`, `year = season.year`, `%path` or `?options`";

    let first = input.span();
    let mut capture = parse_sigil(input);
    let name = match input.call(Ident::parse_any) {
        Ok(name) if name != "_" => name,
        Ok(name) => return Err(syn::Error::new(name.span(), EXPECTED)),
        Err(_) if args::at_end(input) => return Err(syn::Error::new(first, EXPECTED)),
        Err(_) => return Err(input.error(EXPECTED)),
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

/// The expression as it can stand behind a `&`, in front of a block.
fn operand(expr: &Expr) -> TokenStream {
    match expr {
        Expr::Call(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Lit(_)
        | Expr::Macro(_)
        | Expr::MethodCall(_)
        | Expr::Paren(_)
        | Expr::Path(_)
        | Expr::Tuple(_)
            if !holds_braces(expr) =>
        {
            expr.to_token_stream()
        }
        _ => quote_spanned!(Span::mixed_site()=> (#expr)),
    }
}

/// Whether a block or a struct literal stands in it, as in `Row { n: 1 }.n`.
fn holds_braces(expr: &Expr) -> bool {
    expr.to_token_stream().into_iter().any(
        |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace),
    )
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
