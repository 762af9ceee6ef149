//! The attribute's arguments as written: keys with values, not yet checked.
//!
//! A value that cannot be read is reported and skipped up to the next comma, so
//! that the arguments after it are still read and their mistakes shown too.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token};

use crate::diagnostics::Diagnostics;

/// What follows a key.
pub(crate) enum Value {
    /// `key`
    Flag,
    /// `key = expr`
    Expr(Box<Expr>),
    /// `key(…)`
    List(TokenStream),
    /// Something that could not be read and has been reported.
    Unreadable,
}

/// One argument: `stage = "NBA-17"`.
pub(crate) struct Arg {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

impl Arg {
    pub(crate) fn name(&self) -> String {
        self.key.to_string()
    }

    pub(crate) fn span(&self) -> Span {
        self.key.span()
    }
}

/// Reads `tokens` as a comma-separated list of arguments.
pub(crate) fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Arg> {
    let mut args = Vec::new();
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Some(arg) = parse_arg(input, diagnostics) {
                args.push(arg);
            }
            if input.is_empty() {
                break;
            }
            if !input.peek(Token![,]) {
                diagnostics.error(input.span(), "expected `,` before the next argument");
                skip_to_comma(input);
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(error) = read.parse2(tokens) {
        diagnostics.push(error);
    }
    args
}

fn parse_arg(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> Option<Arg> {
    let Ok(key) = input.call(Ident::parse_any) else {
        diagnostics.error(
            input.span(),
            "expected an argument such as `key = value`: values are named here",
        );
        skip_to_comma(input);
        return None;
    };
    let value = if input.peek(Token![=]) {
        parse_value(&key, input, diagnostics)
    } else if input.peek(syn::token::Paren) {
        match input.parse() {
            Ok(TokenTree::Group(group)) => Value::List(group.stream()),
            _ => Value::Unreadable,
        }
    } else {
        Value::Flag
    };
    Some(Arg { key, value })
}

fn parse_value(key: &Ident, input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> Value {
    let equals: Result<Token![=], _> = input.parse();
    let missing = || format!("`{key} =` needs a value");
    if input.is_empty() || input.peek(Token![,]) {
        let span = equals.map_or(key.span(), |token| token.span);
        diagnostics.error(span, missing());
        return Value::Unreadable;
    }
    let ahead = input.fork();
    match ahead.parse::<Expr>() {
        Ok(_) => match input.parse() {
            Ok(expr) => Value::Expr(Box::new(expr)),
            Err(error) => {
                diagnostics.push(error);
                Value::Unreadable
            }
        },
        Err(error) => {
            diagnostics.error(
                error.span(),
                format!("the value of `{key}` cannot be read: {error}"),
            );
            skip_to_comma(input);
            Value::Unreadable
        }
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
