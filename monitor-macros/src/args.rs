//! The attribute's arguments as written: keys with values, not yet checked.
//!
//! What cannot be read is reported and skipped up to the next comma, so that the
//! arguments after it are still read and their mistakes shown too.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Lit, Token};

use crate::diagnostics::Diagnostics;

/// What follows a key.
pub(crate) enum Value {
    /// `key`
    Flag,
    /// `key =` with nothing behind the sign.
    Missing(Span),
    /// `key = expr`
    Expr(Box<Expr>),
    /// `key(…)`
    List(TokenStream),
    /// A value without a key, which stands at the place of the value.
    Unnamed(Lit),
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
            args.extend(parse_arg(input, diagnostics));
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
    if let Ok(literal) = input.parse::<Lit>() {
        expect_end(input, "this value", diagnostics);
        return Some(Arg {
            key: Ident::new("unnamed", literal.span()),
            value: Value::Unnamed(literal),
        });
    }
    let Ok(key) = input.call(Ident::parse_any) else {
        diagnostics.error(input.span(), "expected an argument such as `key = value`");
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
    } else if at_end(input) {
        Value::Flag
    } else {
        diagnostics.error(input.span(), format!("expected `=` after `{key}`"));
        skip_to_comma(input);
        Value::Unreadable
    };
    let ends = expect_end(input, &format!("the value of `{key}`"), diagnostics);
    let value = if ends { value } else { Value::Unreadable };
    Some(Arg { key, value })
}

fn parse_value(key: &Ident, input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> Value {
    let equals = input.parse::<Token![=]>();
    if at_end(input) {
        return Value::Missing(equals.map_or(key.span(), |token| token.span));
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
            let written = skip_to_comma(input);
            let message = error.to_string();
            if message.starts_with("unexpected end of input") {
                diagnostics.error_over(written, format!("the value of `{key}` is not complete"));
            } else {
                let message = format!("the value of `{key}` cannot be read: {message}");
                diagnostics.error(error.span(), message);
            }
            Value::Unreadable
        }
    }
}

/// Reports what stands between `what` and the next comma, unless it is the next
/// argument: then only the comma is missing, and `what` is as it was meant.
fn expect_end(input: ParseStream<'_>, what: &str, diagnostics: &mut Diagnostics) -> bool {
    if at_end(input) {
        return true;
    }
    diagnostics.error(input.span(), format!("expected `,` after {what}"));
    let ahead = input.fork();
    let next_follows = ahead.call(Ident::parse_any).is_ok()
        && (ahead.peek(Token![=]) || ahead.peek(syn::token::Paren));
    if !next_follows {
        skip_to_comma(input);
    }
    next_follows
}

/// Whether the argument ends here.
pub(crate) fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

/// Skips what stands before the next comma and returns it.
pub(crate) fn skip_to_comma(input: ParseStream<'_>) -> TokenStream {
    let mut skipped = TokenStream::new();
    while !at_end(input) {
        match input.parse::<TokenTree>() {
            Ok(token) => skipped.extend([token]),
            Err(_) => break,
        }
    }
    skipped
}
