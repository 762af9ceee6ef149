//! Values of arguments: what was written, as the type that is needed, or a
//! message that says what to write instead.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Token};

use crate::args::{Arg, Value};
use crate::diagnostics::Diagnostics;
use crate::jumps;

/// The expression after `key =`; `example` is what to write where there is none.
pub(crate) fn expr<'a>(
    arg: &'a Arg,
    example: &str,
    diagnostics: &mut Diagnostics,
) -> Option<&'a Expr> {
    match &arg.value {
        Value::Expr(expr) => Some(peel(expr)),
        Value::Unnamed(_) | Value::Unreadable => None,
        Value::Missing(sign) => {
            diagnostics.error(*sign, format!("a value is missing: write `{example}`"));
            None
        }
        Value::Flag | Value::List(_) => {
            diagnostics.error(
                arg.span(),
                format!("`{}` needs a value: write `{example}`", arg.key),
            );
            None
        }
    }
}

/// A string literal.
pub(crate) fn string(
    arg: &Arg,
    example: &str,
    diagnostics: &mut Diagnostics,
) -> Option<(String, Span)> {
    let expr = expr(arg, example, diagnostics)?;
    match literal(expr) {
        Some(Lit::Str(text)) if text.suffix().is_empty() => Some((text.value(), text.span())),
        _ => {
            diagnostics.error_over(
                expr,
                format!("`{}` takes a string literal: write `{example}`", arg.key),
            );
            None
        }
    }
}

/// A string literal that `read` accepts, or its message at the literal.
pub(crate) fn parsed<T>(
    arg: &Arg,
    example: &str,
    diagnostics: &mut Diagnostics,
    read: impl FnOnce(&str) -> Result<T, String>,
) -> Option<T> {
    let (text, span) = string(arg, example, diagnostics)?;
    match read(&text) {
        Ok(value) => Some(value),
        Err(message) => {
            diagnostics.error(span, message);
            None
        }
    }
}

/// A whole number, at least 1.
pub(crate) fn count(arg: &Arg, example: &str, diagnostics: &mut Diagnostics) -> Option<u32> {
    let expr = expr(arg, example, diagnostics)?;
    let problem = match literal(expr) {
        Some(Lit::Int(int)) if int.suffix().is_empty() => match int.base10_parse::<u32>() {
            Ok(0) => format!(
                "`{0} = 0` would never run the function: `{0}` counts all attempts, write `{0} = 1` for no retry",
                arg.key
            ),
            Ok(value) => return Some(value),
            Err(_) => format!("`{}` is too large: at most {}", arg.key, u32::MAX),
        },
        _ => format!(
            "`{}` takes a whole number of at least 1: write `{example}`",
            arg.key
        ),
    };
    diagnostics.error_over(expr, problem);
    None
}

/// A duration: `2`, `0.5` (seconds) or `"500ms"`.
pub(crate) fn duration(
    arg: &Arg,
    example: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Duration> {
    let expr = expr(arg, example, diagnostics)?;
    let read = match literal(expr) {
        Some(Lit::Str(text)) => monitor_config::parse_duration(&text.value()),
        Some(Lit::Int(number)) if !number.suffix().is_empty() => Err(needs_quotes(number)),
        Some(Lit::Float(number)) if !number.suffix().is_empty() => Err(needs_quotes(number)),
        Some(Lit::Int(int)) => int
            .base10_parse::<u64>()
            .map(Duration::from_secs)
            .map_err(|_| format!("`{int}` seconds are too long for a duration: write `{example}`")),
        Some(Lit::Float(float)) => float
            .base10_parse::<f64>()
            .map_err(|error| error.to_string())
            .and_then(monitor_config::duration::seconds),
        _ if matches!(expr, Expr::Unary(_)) => Err(format!(
            "`{}` cannot be negative: write `{example}`",
            arg.key
        )),
        _ => Err(format!(
            "`{}` takes seconds (`2`, `0.5`) or a text with a unit (`\"500ms\"`): write `{example}`",
            arg.key
        )),
    };
    match read {
        Ok(value) => Some(value),
        Err(message) => {
            diagnostics.error_over(expr, message);
            None
        }
    }
}

/// A duration that is a limit.
pub(crate) fn limit(arg: &Arg, example: &str, diagnostics: &mut Diagnostics) -> Option<Duration> {
    let limit = duration(arg, example, diagnostics)?;
    if limit.is_zero() {
        diagnostics.error(
            arg.span(),
            format!("zero is no limit: write `{example}`, or leave the key out"),
        );
        return None;
    }
    Some(limit)
}

/// A number of at least 1.
pub(crate) fn factor(arg: &Arg, example: &str, diagnostics: &mut Diagnostics) -> Option<f64> {
    let expr = expr(arg, example, diagnostics)?;
    let read = match literal(expr) {
        Some(Lit::Int(int)) if int.suffix().is_empty() => int.base10_parse::<f64>().ok(),
        Some(Lit::Float(float)) if float.suffix().is_empty() => float.base10_parse().ok(),
        _ => None,
    };
    let problem = match read {
        Some(factor) if factor.is_infinite() => format!("`{}` is too large", arg.key),
        Some(factor) if factor >= 1.0 => return Some(factor),
        Some(_) => format!(
            "`{}` below 1 would shorten the waits: write `{example}`, or `{} = 1` for equal ones",
            arg.key, arg.key
        ),
        None => format!(
            "`{}` takes a number of at least 1: write `{example}`",
            arg.key
        ),
    };
    diagnostics.error_over(expr, problem);
    None
}

/// A key that stands alone.
pub(crate) fn flag(arg: &Arg, diagnostics: &mut Diagnostics) -> bool {
    if !matches!(arg.value, Value::Flag) {
        diagnostics.error(
            arg.span(),
            format!("`{0}` takes no value: write `{0}` alone", arg.key),
        );
    }
    true
}

/// A list of names in parentheses.
pub(crate) fn names(arg: &Arg, example: &str, diagnostics: &mut Diagnostics) -> Vec<Ident> {
    let read = match &arg.value {
        Value::List(tokens) => Punctuated::<Ident, Token![,]>::parse_terminated
            .parse2(tokens.clone())
            .ok()
            .filter(|names| !names.is_empty()),
        Value::Unreadable => return Vec::new(),
        _ => None,
    };
    if read.is_none() {
        diagnostics.error(
            arg.span(),
            format!(
                "`{}` takes names of arguments in parentheses: write `{example}`",
                arg.key
            ),
        );
    }
    read.into_iter().flatten().collect()
}

/// A whole number from 0 up.
pub(crate) fn number(arg: &Arg, example: &str, diagnostics: &mut Diagnostics) -> Option<u64> {
    let expr = expr(arg, example, diagnostics)?;
    let problem = match literal(expr) {
        Some(Lit::Int(int)) if int.suffix().is_empty() => match int.base10_parse() {
            Ok(number) => return Some(number),
            Err(_) => format!("`{}` is too large: at most {}", arg.key, u64::MAX),
        },
        _ => format!(
            "`{}` takes a whole number from 0 up: write `{example}`",
            arg.key
        ),
    };
    diagnostics.error_over(expr, problem);
    None
}

/// `true` or `false`.
pub(crate) fn switch(arg: &Arg, example: &str, diagnostics: &mut Diagnostics) -> Option<bool> {
    let expr = expr(arg, example, diagnostics)?;
    if let Some(Lit::Bool(value)) = literal(expr) {
        return Some(value.value);
    }
    diagnostics.error_over(
        expr,
        format!("`{}` takes true or false: write `{example}`", arg.key),
    );
    None
}

/// A number that may have decimals.
pub(crate) fn share(arg: &Arg, example: &str, diagnostics: &mut Diagnostics) -> Option<f64> {
    let expr = expr(arg, example, diagnostics)?;
    let read = match literal(expr) {
        Some(Lit::Int(int)) if int.suffix().is_empty() => int.base10_parse::<f64>().ok(),
        Some(Lit::Float(float)) if float.suffix().is_empty() => float.base10_parse().ok(),
        _ => None,
    };
    if read.is_none() {
        diagnostics.error_over(
            expr,
            format!(
                "`{}` takes a share of calls: write `{example}` for 20 %",
                arg.key
            ),
        );
    }
    read
}

/// An expression over the arguments.
pub(crate) fn argument(
    arg: &Arg,
    example: &str,
    diagnostics: &mut Diagnostics,
) -> Option<TokenStream> {
    let expr = expr(arg, example, diagnostics)?;
    if matches!(expr, Expr::Closure(_)) {
        diagnostics.error_over(
            expr,
            format!(
                "`{}` is counted before the function runs, from its arguments: write `{example}`",
                arg.key
            ),
        );
        return None;
    }
    let tokens = expr.to_token_stream();
    if jumps::leaves(tokens.clone()) {
        diagnostics.error_over(
            expr,
            format!(
                "`{}` is counted before the function runs and cannot leave it: count without `?`, `return` and `.await`, as in `{example}`",
                arg.key
            ),
        );
        return None;
    }
    Some(tokens)
}

/// A closure with one parameter, which is `over`.
pub(crate) fn closure<'a>(
    arg: &'a Arg,
    over: &str,
    example: &str,
    diagnostics: &mut Diagnostics,
) -> Option<&'a Expr> {
    let expr = expr(arg, example, diagnostics)?;
    match expr {
        Expr::Closure(closure) if closure.inputs.len() == 1 => Some(expr),
        Expr::Closure(_) => {
            diagnostics.error_over(
                expr,
                format!(
                    "the closure of `{}` takes one parameter, {over}: write `{example}`",
                    arg.key
                ),
            );
            None
        }
        // A path to a function is as good as a closure.
        Expr::Path(_) => Some(expr),
        _ => {
            diagnostics.error_over(
                expr,
                format!(
                    "`{}` takes a closure over {over}: write `{example}`",
                    arg.key
                ),
            );
            None
        }
    }
}

/// A path.
pub(crate) fn path(arg: &Arg, example: &str, diagnostics: &mut Diagnostics) -> Option<syn::Path> {
    let expr = expr(arg, example, diagnostics)?;
    let read = match expr {
        Expr::Path(path) if path.qself.is_none() => return Some(path.path.clone()),
        Expr::Lit(_) => match literal(expr) {
            Some(Lit::Str(text)) => text.parse::<syn::Path>().ok(),
            _ => None,
        },
        _ => None,
    };
    if read.is_none() {
        diagnostics.error_over(
            expr,
            format!(
                "`{}` takes the path of the runtime: write `{example}`",
                arg.key
            ),
        );
    }
    read
}

fn needs_quotes(number: &impl std::fmt::Display) -> String {
    let quoted = number.to_string();
    match monitor_config::parse_duration(&quoted) {
        Ok(_) => format!("a duration with a unit stands in quotes: write `\"{quoted}\"`"),
        Err(_) => format!(
            "`{quoted}` is no duration: write seconds without a suffix, or a text such as `\"500ms\"`"
        ),
    }
}

fn literal(expr: &Expr) -> Option<&Lit> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        _ => None,
    }
}

/// The expression without its parentheses and the invisible groups that `macro_rules!`
/// leaves.
fn peel(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => peel(&group.expr),
        Expr::Paren(paren) => peel(&paren.expr),
        other => other,
    }
}
