//! How the attributes find each other, so that the written order decides.
//!
//! The compiler expands the upper attribute first, so plain wrapping would put the
//! lower one outside. Each attribute therefore hands the user's body to a runtime
//! function with a telling name; an attribute that finds this name in the body it
//! is given works on the user's body inside, not on what the upper one made of it.
//! Names decide, not the spelling of attributes: aliases and `cfg_attr` are no
//! special cases.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// Runs the body of a monitored function.
pub(crate) const MONITORED: &str = "__monitored_body";
/// Runs one attempt of a retried function.
pub(crate) const RETRIED: &str = "__retried_body";
/// The number of the attempt, bound around the body of a retried function.
pub(crate) const ATTEMPT: &str = "__monitor_attempt";

/// The call site of a monitored function.
pub(crate) const SITE: &str = "__MONITOR_SITE";
/// The call site of a retried function.
pub(crate) const RETRY: &str = "__MONITOR_RETRY";

/// What an attribute above this one has made of the function.
#[derive(Default)]
pub(crate) struct Around {
    /// Whether the body is that of a monitored call.
    pub(crate) monitored: bool,
    /// The attempt's number, where a retry loop runs around the body.
    pub(crate) attempt: Option<Ident>,
    /// Whether the body is that of an async block, whatever the function is by its
    /// keyword.
    pub(crate) in_future: bool,
}

/// What keeps an attribute from finding its place.
#[derive(Clone, Copy)]
pub(crate) enum Buried {
    /// Another attribute moved the body that an attribute above it had prepared.
    Moved,
    /// The attribute was above, too.
    Twice,
}

/// Replaces the user's body in `body` by what `wrap` makes of it.
pub(crate) fn wrap_innermost(
    body: &Group,
    wrap: impl FnOnce(&Group, Around) -> TokenStream,
) -> Result<TokenStream, Buried> {
    descend(body, Around::default(), wrap)
}

fn descend(
    body: &Group,
    around: Around,
    wrap: impl FnOnce(&Group, Around) -> TokenStream,
) -> Result<TokenStream, Buried> {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    if begins_with_site(&tokens) {
        return rewrite_marked_call(&tokens, around, wrap);
    }
    if mentions_marker(body.stream()) {
        return Err(Buried::Moved);
    }
    Ok(wrap(body, around))
}

/// Whether an attribute of ours made this body.
pub(crate) fn is_generated(body: &Group) -> bool {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    begins_with_site(&tokens)
}

/// Whether a `#[retry]` above has made this body.
pub(crate) fn is_retried(body: &Group) -> bool {
    fn names_it(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => word == RETRY,
            TokenTree::Group(group) => names_it(group.stream()),
            _ => false,
        })
    }
    is_generated(body) && names_it(body.stream())
}

/// A body that an attribute made begins with its call site, a static of a type that only
/// generated code names.
fn begins_with_site(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Ident(keyword), TokenTree::Ident(name), rest @ ..] = tokens else {
        return false;
    };
    let mut ty = rest
        .iter()
        .take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == '='));
    keyword == "static"
        && (name == SITE || name == RETRY)
        && ty.any(|token| matches!(token, TokenTree::Ident(word) if word == "__private"))
}

/// Rewrites the call that runs the user's body, wherever in `tokens` it stands.
fn rewrite_marked_call(
    tokens: &[TokenTree],
    mut around: Around,
    wrap: impl FnOnce(&Group, Around) -> TokenStream,
) -> Result<TokenStream, Buried> {
    if let Some(index) = marked_call(tokens) {
        around.attempt = attempt_in(&tokens[..index]).or(around.attempt);
        around.monitored |=
            matches!(&tokens[index - 1], TokenTree::Ident(word) if word == MONITORED);
        let TokenTree::Group(arguments) = &tokens[index] else {
            return Err(Buried::Moved);
        };
        let inside = rewrite_last_block(arguments, around, wrap)?;
        return Ok(replace(tokens, index, inside));
    }
    let holder = tokens
        .iter()
        .enumerate()
        .find_map(|(index, token)| match token {
            TokenTree::Group(group) if mentions_marker(group.stream()) => Some((index, group)),
            _ => None,
        });
    let (index, group) = holder.ok_or(Buried::Moved)?;
    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
    let inside = rewrite_marked_call(&inside, around, wrap)?;
    Ok(replace(tokens, index, with_stream(group, inside)))
}

/// Rewrites the last block in `group`, which holds the user's body (for an async block:
/// in that).
fn rewrite_last_block(
    group: &Group,
    mut around: Around,
    wrap: impl FnOnce(&Group, Around) -> TokenStream,
) -> Result<Group, Buried> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    around.attempt = attempt_in(&tokens).or(around.attempt);
    let last = tokens.iter().rposition(is_block).ok_or(Buried::Moved)?;
    let is_async = tokens[..last]
        .iter()
        .any(|token| matches!(token, TokenTree::Ident(word) if word == "async"));
    let TokenTree::Group(block) = &tokens[last] else {
        return Err(Buried::Moved);
    };
    around.in_future |= is_async;
    let inner = if is_async {
        rewrite_async_block(block, around, wrap)?
    } else {
        with_stream(block, descend(block, around, wrap)?)
    };
    Ok(with_stream(group, replace(&tokens, last, inner)))
}

/// Rewrites the user's body in an async block, where it stands behind the branch that is
/// never taken: as a block, or as an expression.
fn rewrite_async_block(
    block: &Group,
    around: Around,
    wrap: impl FnOnce(&Group, Around) -> TokenStream,
) -> Result<Group, Buried> {
    let tokens: Vec<TokenTree> = block.stream().into_iter().collect();
    let body_at = tokens.iter().position(is_block).ok_or(Buried::Moved)? + 1;
    let (branch, body) = tokens.split_at(body_at);
    let body = match body {
        [TokenTree::Group(body)] if body.delimiter() == Delimiter::Brace => body.clone(),
        expression => with_stream(block, expression.iter().cloned().collect()),
    };
    let mut inside: TokenStream = branch.iter().cloned().collect();
    let body = with_stream(&body, descend(&body, around, wrap)?);
    inside.extend([TokenTree::Group(body)]);
    Ok(with_stream(block, inside))
}

fn attempt_in(tokens: &[TokenTree]) -> Option<Ident> {
    tokens.iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == ATTEMPT => Some(word.clone()),
        _ => None,
    })
}

/// The index of the argument list of the call that runs the user's body.
fn marked_call(tokens: &[TokenTree]) -> Option<usize> {
    tokens.windows(2).position(|pair| {
        is_marker(&pair[0])
            && matches!(&pair[1], TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
    })
    .map(|index| index + 1)
}

fn is_marker(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word == MONITORED || word == RETRIED)
}

fn mentions_marker(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match &token {
        TokenTree::Group(group) => mentions_marker(group.stream()),
        other => is_marker(other),
    })
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn with_stream(group: &Group, stream: TokenStream) -> Group {
    let mut new = Group::new(group.delimiter(), stream);
    new.set_span(group.span());
    new
}

fn replace(tokens: &[TokenTree], index: usize, by: Group) -> TokenStream {
    let mut out: TokenStream = tokens[..index].iter().cloned().collect();
    out.extend([TokenTree::Group(by)]);
    out.extend(tokens[index + 1..].iter().cloned());
    out
}
