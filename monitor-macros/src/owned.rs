//! The arguments that a function owns: who drops them, and when.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ExprClosure, FnArg, Pat, Receiver, ReceiverKind, Type};

use crate::bindings::typed;
use crate::item::{Function, peel};

/// Takes arguments out for a closure that gets them as its own: their names, and the
/// patterns of the closure. A reference that stays what it is can as well be captured,
/// and then the compiler knows its lifetime by name. `None` where not every argument is
/// a plain name: then the body has to capture what it uses.
pub(crate) fn take(function: &mut Function) -> Option<(Vec<Ident>, Vec<TokenStream>)> {
    let is_plain = |input: &FnArg| match input {
        FnArg::Receiver(receiver) => receiver.attrs.is_empty(),
        FnArg::Typed(arg) => arg.attrs.is_empty() && plain_name(&arg.pat).is_some(),
    };
    if function.sig.variadic.is_some() || !function.sig.inputs.iter().all(is_plain) {
        return None;
    }
    let taken = typed(function).filter_map(|arg| {
        let pattern = arg.pat.to_token_stream();
        let Pat::Ident(pat) = &mut *arg.pat else {
            return None;
        };
        let changes = pat.mutability.take().is_some();
        (changes || !is_reference(&arg.ty)).then(|| (pat.ident.clone(), pattern))
    });
    Some(taken.unzip())
}

fn is_reference(ty: &Type) -> bool {
    matches!(peel(ty), Type::Reference(_))
}

/// `self`, where the function owns it and the body uses it.
pub(crate) fn own_self(function: &Function, body: &Group) -> Option<Ident> {
    match function.sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) if owns_self(receiver) => {
            let name = Ident::from(receiver.self_token);
            mentions(body.stream(), std::slice::from_ref(&name)).then_some(name)
        }
        _ => None,
    }
}

/// Whether `self` is used, as it is written.
pub(crate) fn uses_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "self",
        TokenTree::Group(group) => uses_self(group.stream()),
        _ => false,
    })
}

/// The arguments that the function owns, that may need to be dropped and that the body
/// uses, in the order in which the function drops them. What is only there to be kept
/// (`_guard`) counts as used where something else is, unless more is kept that has no
/// name (`_`): what the body does not take is dropped by the function, in its order.
pub(crate) fn in_drop_order(function: &Function, body: &Group) -> Vec<Ident> {
    let inputs = function.sig.inputs.iter();
    let all_have_names = inputs.clone().all(|input| match input {
        FnArg::Receiver(_) => true,
        FnArg::Typed(arg) => plain_name(&arg.pat).is_some() || !may_need_drop(&arg.ty),
    });
    let mut owned: Vec<Ident> = inputs
        .filter_map(|input| match input {
            FnArg::Receiver(receiver) if receiver.attrs.is_empty() && owns_self(receiver) => {
                Some(Ident::from(receiver.self_token))
            }
            FnArg::Typed(arg) if arg.attrs.is_empty() && may_need_drop(&arg.ty) => {
                plain_name(&arg.pat).cloned()
            }
            _ => None,
        })
        .collect();
    let is_used = |name: &Ident| mentions(body.stream(), std::slice::from_ref(name));
    let keeps_order = all_have_names && owned.iter().any(is_used);
    owned.retain(|name| is_used(name) || keeps_order && name.to_string().starts_with('_'));
    owned.reverse();
    owned
}

/// Arguments that are bound anew after something has borrowed them.
#[derive(Default)]
pub(crate) struct Lent {
    pub(crate) names: Vec<Ident>,
    pub(crate) patterns: Vec<TokenStream>,
}

/// Those of `owned` that `expressions` name, with their `mut` in the new pattern alone.
pub(crate) fn lend(function: &mut Function, owned: &[Ident], expressions: &TokenStream) -> Lent {
    let mut lent = Lent::default();
    for arg in typed(function) {
        let pattern = arg.pat.to_token_stream();
        if let Pat::Ident(pat) = &mut *arg.pat
            && owned.contains(&pat.ident)
            && mentions(expressions.clone(), std::slice::from_ref(&pat.ident))
        {
            pat.mutability = None;
            lent.names.push(pat.ident.clone());
            lent.patterns.push(pattern);
        }
    }
    lent
}

/// Whether a closure names an argument of the function, beside its own.
pub(crate) fn are_named_in(function: &Function, closure: &TokenStream) -> bool {
    let (own, body) = match syn::parse2::<ExprClosure>(closure.clone()) {
        Ok(closure) => (idents(&closure.inputs), closure.body.to_token_stream()),
        Err(_) => (Vec::new(), closure.clone()),
    };
    let mut names: Vec<Ident> = function
        .sig
        .inputs
        .iter()
        .flat_map(|input| match input {
            FnArg::Typed(arg) => idents(&arg.pat),
            FnArg::Receiver(receiver) => vec![Ident::from(receiver.self_token)],
        })
        .collect();
    names.retain(|name| !own.contains(name));
    mentions(body, &names)
}

/// The words of a pattern; in a group too, more than it binds do no harm.
fn idents(pattern: &impl ToTokens) -> Vec<Ident> {
    let mut found = Vec::new();
    for token in pattern.to_token_stream() {
        match token {
            TokenTree::Ident(name) => found.push(name),
            TokenTree::Group(group) => found.extend(idents(&group.stream())),
            _ => {}
        }
    }
    found
}

pub(crate) fn mentions(tokens: TokenStream, names: &[Ident]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => names.contains(&word),
        TokenTree::Group(group) => mentions(group.stream(), names),
        TokenTree::Literal(literal) => {
            // `format!("{name}")` mentions it too.
            let text = literal.to_string();
            text.contains('{') && names.iter().any(|name| text.contains(&name.to_string()))
        }
        TokenTree::Punct(_) => false,
    })
}

fn owns_self(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Value => true,
        ReceiverKind::Typed(_, ty) => !is_reference(ty),
        _ => false,
    }
}

fn plain_name(pat: &Pat) -> Option<&Ident> {
    match pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => Some(&pat.ident),
        _ => None,
    }
}

/// By its form: a reference, a pointer and a number need none.
fn may_need_drop(ty: &Type) -> bool {
    const COPY: [&str; 17] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "u128", "usize", "str",
    ];
    match peel(ty) {
        Type::Reference(_) | Type::Ptr(_) | Type::Never(_) => false,
        Type::Path(path) => !COPY.iter().any(|name| path.path.is_ident(name)),
        Type::Array(array) => may_need_drop(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(may_need_drop),
        _ => true,
    }
}
