//! Functions that are not `async` but return a future: the call is what the future does,
//! not the making of it.
//!
//! A body may end with an async block, alone or as `Box::pin(async move { … })` (so
//! `#[async_trait]` writes it): then that block is watched, in its place. Any other future
//! is watched from outside, which needs a second box where the function returns one.

use proc_macro2::{Delimiter, Group, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{
    GenericArgument, PathArguments, PathSegment, ReturnType, Token, Type, TypeImplTrait,
    TypeParamBound,
};

use crate::expand::Captures;
use crate::item::peel;
use crate::jumps;
use crate::opaque;

/// The future that a function returns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returned {
    /// `impl Future`
    Opaque,
    /// `Pin<Box<dyn Future>>`
    Boxed,
}

impl Returned {
    /// What the type says, by its form.
    pub(crate) fn of(output: &ReturnType) -> Option<Self> {
        let ReturnType::Type(_, ty) = output else {
            return None;
        };
        match peel(ty) {
            Type::ImplTrait(opaque) if is_future(opaque) && is_nothing_more(opaque) => {
                Some(Self::Opaque)
            }
            Type::Path(path) => {
                let last = path.path.segments.last()?;
                let name = last.ident.to_string();
                let is_boxed = match name.as_str() {
                    // As the crate `futures` names them.
                    "BoxFuture" | "LocalBoxFuture" => true,
                    "Pin" => inner(last).is_some_and(is_boxed_future),
                    _ => false,
                };
                is_boxed.then_some(Self::Boxed)
            }
            _ => None,
        }
    }
}

fn is_boxed_future(ty: &Type) -> bool {
    let Type::Path(path) = peel(ty) else {
        return false;
    };
    let last = path.path.segments.last();
    let boxed = last
        .filter(|segment| segment.ident == "Box")
        .and_then(inner);
    matches!(boxed.map(peel), Some(Type::TraitObject(object)) if has_future(&object.bounds))
}

/// The type in `Name<Type>`.
fn inner(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Whether `impl …` is a future.
pub(crate) fn is_future(opaque: &TypeImplTrait) -> bool {
    has_future(&opaque.bounds)
}

/// Whether all that is promised of the future beside what it gives is what any future
/// around it keeps.
fn is_nothing_more(opaque: &TypeImplTrait) -> bool {
    const KEPT: [&str; 6] = [
        "Future",
        "RefUnwindSafe",
        "Send",
        "Sync",
        "Unpin",
        "UnwindSafe",
    ];
    opaque.bounds.iter().all(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|segment| KEPT.iter().any(|kept| segment.ident == kept))
        }
        _ => true,
    })
}

fn has_future(bounds: &Punctuated<TypeParamBound, Token![+]>) -> bool {
    bounds.iter().any(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|segment| segment.ident == "Future")
        }
        _ => false,
    })
}

/// A body that ends with an async block.
pub(crate) struct Tail {
    before: Vec<TokenTree>,
    /// The parentheses around the block, as in `Box::pin(…)`.
    parentheses: Option<Group>,
    keywords: Keywords,
    block: Group,
}

/// `async` or `async move`.
#[derive(Clone, Copy)]
pub(crate) struct Keywords {
    pub(crate) captures: Captures<'static>,
    pub(crate) span: Span,
}

impl Tail {
    /// The async block that `body` ends with, if it does.
    pub(crate) fn find(body: &Group) -> Option<Self> {
        let mut before: Vec<TokenTree> = body.stream().into_iter().collect();
        let TokenTree::Group(last) = before.pop()? else {
            return None;
        };
        match last.delimiter() {
            Delimiter::Brace => {
                let keywords = take_async(&mut before)?;
                begins_expression(&before).then_some(Self {
                    before,
                    parentheses: None,
                    keywords,
                    block: last,
                })
            }
            Delimiter::Parenthesis if is_box_pin(&before) => {
                let mut inside: Vec<TokenTree> = last.stream().into_iter().collect();
                let TokenTree::Group(block) = inside.pop()? else {
                    return None;
                };
                let keywords = take_async(&mut inside)?;
                let is_alone = inside.is_empty() && block.delimiter() == Delimiter::Brace;
                is_alone.then_some(Self {
                    before,
                    parentheses: Some(last),
                    keywords,
                    block,
                })
            }
            _ => None,
        }
    }

    /// Whether the body may be left before it comes to the block.
    pub(crate) fn leaves_before(&self) -> bool {
        jumps::may_leave(self.before.iter().cloned())
    }

    /// The body with what `make` makes of the block in its place.
    pub(crate) fn map(self, make: impl FnOnce(Keywords, &Group) -> TokenStream) -> TokenStream {
        let made = make(self.keywords, &self.block);
        let mut out: TokenStream = self.before.into_iter().collect();
        match self.parentheses {
            None => out.extend(made),
            Some(parentheses) => {
                let mut around = Group::new(parentheses.delimiter(), made);
                around.set_span(parentheses.span());
                around.to_tokens(&mut out);
            }
        }
        out
    }
}

/// Takes `async` or `async move` off the end.
fn take_async(tokens: &mut Vec<TokenTree>) -> Option<Keywords> {
    let is_move = matches!(tokens.last(), Some(last) if is_word(last, "move"));
    if is_move {
        tokens.pop();
    }
    let keyword = tokens.pop().filter(|keyword| is_word(keyword, "async"))?;
    let captures = if is_move {
        Captures::Move(&[])
    } else {
        Captures::Borrow
    };
    Some(Keywords {
        captures,
        span: keyword.span(),
    })
}

/// What a future of this type gives, with `_` for what has no name.
pub(crate) fn output(returned: &ReturnType) -> TokenStream {
    opaque::erase(output_as_written(returned))
}

/// What a future of this type gives: what the type says (`Output = T`), or else what it
/// is by its trait, for a type that stands for another.
pub(crate) fn output_as_written(returned: &ReturnType) -> TokenStream {
    let ReturnType::Type(_, ty) = returned else {
        return quote!(_);
    };
    match find_output(ty.to_token_stream()) {
        Some(output) => output,
        None if matches!(peel(ty), Type::Path(_)) => quote_spanned! {Span::mixed_site()=>
            <#ty as ::core::future::Future>::Output
        },
        None => quote!(_),
    }
}

fn find_output(tokens: TokenStream) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let start = tokens.windows(2).position(|pair| {
        matches!(&pair[0], TokenTree::Ident(word) if word == "Output") && is_punct(&pair[1], '=')
    });
    let Some(start) = start else {
        return tokens.into_iter().find_map(|token| match token {
            TokenTree::Group(group) => find_output(group.stream()),
            _ => None,
        });
    };
    let mut depth = 0_usize;
    let mut arrow = false;
    let mut output = TokenStream::new();
    for token in &tokens[start + 2..] {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == ',' && depth == 0 => break,
            TokenTree::Punct(punct) if punct.as_char() == '>' && !arrow => {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            }
            _ => {}
        }
        arrow = matches!(token, TokenTree::Punct(punct)
            if punct.as_char() == '-' && punct.spacing() == Spacing::Joint);
        output.extend([token.clone()]);
    }
    Some(output)
}

/// Whether the tokens end with `Box::pin`, by whatever path, as the start of the last
/// expression.
fn is_box_pin(tokens: &[TokenTree]) -> bool {
    let [path @ .., first, second, pin] = tokens else {
        return false;
    };
    let is_path = is_punct(first, ':') && is_punct(second, ':') && is_word(pin, "pin");
    let start = path
        .iter()
        .rposition(|token| !matches!(token, TokenTree::Ident(_)) && !is_punct(token, ':'))
        .map_or(0, |index| index + 1);
    is_path
        && matches!(path.last(), Some(word) if is_word(word, "Box"))
        && begins_expression(&path[..start])
}

/// Whether what follows on the tokens is an expression of its own.
fn begins_expression(before: &[TokenTree]) -> bool {
    match before.last() {
        None => true,
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(token) => is_punct(token, ';'),
    }
}

fn is_word(token: &TokenTree, text: &str) -> bool {
    matches!(token, TokenTree::Ident(word) if word == text)
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> Option<String> {
        let body = Group::new(Delimiter::Brace, body.parse().expect("tokens"));
        Tail::find(&body).map(|tail| {
            tail.map(|keywords, block| match keywords.captures {
                Captures::Move(_) => quote!(move #block),
                Captures::Borrow => quote!(#block),
            })
            .to_string()
            .replace(' ', "")
        })
    }

    #[test]
    fn an_async_block_at_the_end_is_found_and_what_stands_before_it_stays() {
        for (body, expected) in [
            ("async move { 1 }", Some("move{1}")),
            ("let a = 1; async { a }", Some("leta=1;{a}")),
            ("if b { c() } async { a }", Some("ifb{c()}{a}")),
            ("Box::pin(async move { 1 })", Some("Box::pin(move{1})")),
            (
                "log(); ::std::boxed::Box::pin(async { 1 })",
                Some("log();::std::boxed::Box::pin({1})"),
            ),
            ("let f = async { 1 }; f.await", None),
            ("run(async { 1 })", None),
            ("Box::pin(other(async { 1 }))", None),
            ("let f = async { 1 }", None),
            ("|n| Box::pin(async move { n })", None),
            ("move || ::std::boxed::Box::pin(async { n })", None),
            ("Pin::pin(async { 1 })", None),
            ("", None),
        ] {
            assert_eq!(found(body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_future_is_recognised_by_the_form_of_its_type() {
        for (ty, opaque, boxed) in [
            ("impl Future<Output = u8> + Send", true, false),
            ("impl Send + std::future::Future<Output = u8>", true, false),
            ("Pin<Box<dyn Future<Output = u8> + Send + '_>>", false, true),
            (
                "std::pin::Pin<std::boxed::Box<(dyn Future<Output = u8>)>>",
                false,
                true,
            ),
            ("BoxFuture<'static, u8>", false, true),
            ("impl Iterator<Item = u8>", false, false),
            ("impl Future<Output = u8> + Clone", false, false),
            (
                "impl Future<Output = u8> + use<'a> + 'a + Unpin",
                true,
                false,
            ),
            ("Option<impl Future<Output = u8>>", false, false),
            ("Pin<Box<u8>>", false, false),
            ("u8", false, false),
        ] {
            let ty: ReturnType = syn::parse_str(&format!("-> {ty}")).expect("a type");
            let returned = Returned::of(&ty);
            assert_eq!(returned == Some(Returned::Opaque), opaque);
            assert_eq!(returned == Some(Returned::Boxed), boxed);
        }
    }

    #[test]
    fn the_output_is_read_from_the_type() {
        for (ty, expected) in [
            (
                "Pin<Box<dyn Future<Output = Result<Vec<u8>, E>> + Send + 'a>>",
                Some("Result<Vec<u8>,E>"),
            ),
            (
                "impl Future<Output = Option<impl Fn() -> u8>> + use<'a>",
                Some("Option<_>"),
            ),
            ("(u8, Box<dyn Future<Output = ()>>)", Some("()")),
            (
                "BoxFuture<'a, u8>",
                Some("<BoxFuture<'a,u8>as::core::future::Future>::Output"),
            ),
            ("impl Future", Some("_")),
            (
                "impl IntoFuture<Output = Vec<u8>, IntoFuture: Send>",
                Some("Vec<u8>"),
            ),
        ] {
            let ty: ReturnType = syn::parse_str(&format!("-> {ty}")).expect("a type");
            let output = output(&ty).to_string().replace(' ', "");
            assert_eq!(Some(output.as_str()), expected);
        }
    }
}
