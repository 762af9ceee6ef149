//! Whether a function can be called a second time.

use monitor_config::nearest;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, Lifetime, ReceiverKind, ReturnType, Signature, Type};

use crate::args::Arg;
use crate::diagnostics::Diagnostics;
use crate::future::{self, Tail};
use crate::item::{Function, peel};

/// Reports what stands against another attempt of `function`.
pub(super) fn check(
    function: &Function,
    attempt_timeout: Option<&Arg>,
    diagnostics: &mut Diagnostics,
) {
    if let Some(keyword) = &function.sig.constness {
        diagnostics.error(
            keyword.span,
            "a `const fn` cannot be retried, since it gives the same result each time:\nremove `const` or the attribute",
        );
    }
    check_receiver(&function.sig, diagnostics);
    check_output(function, diagnostics);
    if let Some(arg) = attempt_timeout
        && !function.gives_future()
    {
        diagnostics.error(
            arg.span(),
            format!(
                "nothing can cut off a sync function while it runs: write `async fn {}`, or `deadline = …`, after which no other attempt is made",
                function.sig.ident
            ),
        );
    }
}

/// Reports `clone(…)` where it does nothing.
pub(super) fn check_clone(
    function: &Function,
    arg: Option<&Arg>,
    names: &[Ident],
    diagnostics: &mut Diagnostics,
) {
    let Some(arg) = arg else { return };
    let arguments = function.argument_names();
    for name in names {
        if !arguments.contains(name) {
            let arguments: Vec<String> = arguments.iter().map(Ident::to_string).collect();
            let text = name.to_string();
            let meant = nearest(&text, arguments.iter().map(String::as_str));
            let proposal =
                meant.map_or(String::new(), |meant| format!(": did you mean `{meant}`?"));
            diagnostics.error(
                name.span(),
                format!(
                    "`{}` has no argument `{name}`{proposal}",
                    function.sig.ident
                ),
            );
        }
    }
    if !function.borrows_mutably() && !names.is_empty() {
        diagnostics.error(
            arg.span(),
            "`clone(…)` is for functions that borrow something mutably (`&mut self`): \
             here what an attempt consumes is found and cloned without it, leave it out",
        );
    }
}

/// Reports `mut self`: there is no other name to start afresh from.
fn check_receiver(sig: &Signature, diagnostics: &mut Diagnostics) {
    let Some(FnArg::Receiver(receiver)) = sig.inputs.first() else {
        return;
    };
    let first = receiver.to_token_stream().into_iter().next();
    if matches!(first, Some(TokenTree::Ident(word)) if word == "mut") {
        diagnostics.error_over(
            receiver,
            "`mut self` would carry the changes of one attempt into the next:\ntake `self` and write `let mut this = self;` in the body",
        );
    }
}

/// Reports a return type that is no `Result` by its form alone. What only the
/// compiler can know is left to a bound in the expansion.
fn check_output(function: &Function, diagnostics: &mut Diagnostics) {
    const NEEDED: &str = "`#[retry]` needs a function that returns a `Result`";

    let sig = &function.sig;
    let ReturnType::Type(_, ty) = &sig.output else {
        diagnostics.error(
            sig.ident.span(),
            format!("{NEEDED}: `{}` returns nothing", sig.ident),
        );
        return;
    };
    if function.gives_future() && !function.is_async() {
        let is_known = function.returns_future();
        let leaves = Tail::find(&function.body).is_some_and(|tail| tail.leaves_before());
        if !is_known && leaves {
            diagnostics.error_over(
                ty,
                "this type does not say that it is a future's, and what is returned early would not be retried:\n\
                 write `Pin<Box<dyn Future<Output = …>>>` or `impl Future<Output = …>`",
            );
        }
        return;
    }
    match &**ty {
        Type::Never(never) => {
            diagnostics.error_over(never, format!("{NEEDED}: this one never returns"));
        }
        Type::ImplTrait(opaque) if future::is_future(opaque) => diagnostics.error_over(
            opaque,
            format!("{NEEDED}, or an `async fn`: write `async fn {}`", sig.ident),
        ),
        Type::ImplTrait(opaque) => {
            diagnostics.error_over(opaque, format!("{NEEDED}: write `Result<impl …, …>`"));
        }
        _ if !function.may_fail() => diagnostics.error_over(
            ty,
            format!("{NEEDED}: this type cannot say that an attempt failed"),
        ),
        _ if borrows_from_mutable(sig, ty) => diagnostics.error_over(
            ty,
            "what this returns borrows from a `&mut` argument, and so the argument cannot be lent to a second attempt:\n\
             return an owned value, or an index or a key to look it up with after the call",
        ),
        _ => {}
    }
}

/// Whether `ty` names the lifetime of a `&mut` argument, as far as what is written tells.
fn borrows_from_mutable(sig: &Signature, ty: &Type) -> bool {
    let mut mutable: Vec<Lifetime> = Vec::new();
    // A lifetime that is left out is that of `self`, or of the only reference.
    let (mut elided_is_mutable, mut references) = (false, 0_usize);
    for input in &sig.inputs {
        let (reference, is_self) = match input {
            FnArg::Receiver(receiver) => {
                let tokens = match &receiver.kind {
                    ReceiverKind::Typed(_, ty) => ty.to_token_stream(),
                    _ => receiver.to_token_stream(),
                };
                (reference_in(tokens), true)
            }
            FnArg::Typed(arg) => match peel(&arg.ty) {
                Type::Reference(_) => (reference_in(arg.ty.to_token_stream()), false),
                _ => (None, false),
            },
        };
        let Some((lifetime, is_mut)) = reference else {
            continue;
        };
        references += 1;
        if is_mut {
            mutable.extend(lifetime);
        }
        if is_self {
            return names_one(ty.to_token_stream(), &mutable, is_mut);
        }
        elided_is_mutable = is_mut;
    }
    names_one(
        ty.to_token_stream(),
        &mutable,
        elided_is_mutable && references == 1,
    )
}

/// The lifetime after the first `&`, and whether `mut` follows.
fn reference_in(tokens: TokenStream) -> Option<(Option<Lifetime>, bool)> {
    let mut tokens = tokens.into_iter().peekable();
    let first = tokens.next()?;
    if !matches!(&first, TokenTree::Punct(punct) if punct.as_char() == '&') {
        return None;
    }
    let mut lifetime = None;
    if matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '\'') {
        tokens.next();
        if let Some(TokenTree::Ident(name)) = tokens.next() {
            lifetime = Some(Lifetime::new(&format!("'{name}"), name.span()));
        }
    }
    let is_mut = matches!(tokens.next(), Some(TokenTree::Ident(word)) if word == "mut");
    Some((lifetime, is_mut))
}

/// Whether the type names one of `lifetimes`, or leaves one out where `elided` counts.
fn names_one(ty: TokenStream, lifetimes: &[Lifetime], elided: bool) -> bool {
    let tokens: Vec<TokenTree> = ty.into_iter().collect();
    let found = |index: usize, token: &TokenTree| match token {
        TokenTree::Group(group) => names_one(group.stream(), lifetimes, elided),
        TokenTree::Punct(punct) if punct.as_char() == '&' => {
            let next = tokens.get(index + 1);
            let is_named = matches!(next, Some(TokenTree::Punct(next)) if next.as_char() == '\'');
            elided && !is_named
        }
        TokenTree::Punct(punct) if punct.as_char() == '\'' => match tokens.get(index + 1) {
            Some(TokenTree::Ident(name)) if name == "_" => elided,
            Some(TokenTree::Ident(name)) => {
                lifetimes.iter().any(|lifetime| lifetime.ident == *name)
            }
            _ => false,
        },
        _ => false,
    };
    let mut indices = 0..tokens.len();
    while let Some(index) = indices.next() {
        let arguments_follow = matches!(&tokens[index], TokenTree::Ident(_))
            && matches!(tokens.get(index + 1), Some(TokenTree::Group(group))
                if group.delimiter() == Delimiter::Parenthesis);
        if arguments_follow {
            // `Fn(&str) -> &str` has lifetimes of its own.
            indices.find(|&index| is_comma(&tokens[index]));
        } else if found(index, &tokens[index]) {
            return true;
        }
    }
    false
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_borrows_from_a_mutable_argument_is_told_from_what_does_not() {
        for (function, expected) in [
            ("fn f(&mut self) -> Result<&mut Row, E> {}", true),
            ("fn f(&mut self) -> Result<Option<&Row>, E> {}", true),
            ("fn f<'a>(&'a mut self) -> Result<Row<'a>, E> {}", true),
            ("fn f(&mut self) -> Result<Row<'_>, E> {}", true),
            ("fn f(rows: &mut [Row]) -> Result<&Row, E> {}", true),
            ("fn f(&mut self) -> Result<Row, E> {}", false),
            ("fn f(&mut self) -> Result<&'static str, E> {}", false),
            ("fn f(&self, rows: &mut [Row]) -> Result<&Row, E> {}", false),
            (
                "fn f<'a>(&mut self, rows: &'a [Row]) -> Result<&'a Row, E> {}",
                false,
            ),
            (
                "fn f(&mut self) -> Result<Box<dyn Fn(&str) -> &str>, E> {}",
                false,
            ),
            (
                "fn f(&mut self) -> Result<(Box<dyn Fn(&str)>, &str), E> {}",
                true,
            ),
            ("fn f(&self) -> Result<&Row, E> {}", false),
        ] {
            let item: Function = syn::parse_str(function).expect("a function");
            let ReturnType::Type(_, ty) = &item.sig.output else {
                panic!("a type");
            };
            assert_eq!(borrows_from_mutable(&item.sig, ty), expected, "{function}");
        }
    }
}
