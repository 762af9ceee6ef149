//! The annotated function, read only as far as needed: the body stays tokens, so
//! that it is re-emitted exactly as written, even with a mistake in it.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{
    AttrStyle, Attribute, FnArg, Meta, Pat, ReceiverKind, ReturnType, Signature, Type, Visibility,
};

use crate::bindings;
use crate::future::{Returned, Tail};

/// Tells an attribute that another one stood above it.
pub(crate) const INSIDE: &str = "__inside";

/// A function with its body unread.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Group,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig: Signature = input.parse()?;
        if input.peek(syn::Token![;]) {
            return Err(syn::Error::new_spanned(
                &sig.ident,
                format!(
                    "`{}` has no body: put the attribute on the functions that implement it",
                    sig.ident
                ),
            ));
        }
        let body = read_body(input)?;
        let (inner, body) = hoist_inner_attributes(&body);
        attrs.extend(inner);
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

impl Function {
    /// Reads `item`, or says why it is not a function; `attribute` is the
    /// attribute's name for the message.
    pub(crate) fn read(item: TokenStream, attribute: &str) -> syn::Result<Self> {
        if let Some(keyword) = not_a_function(&item) {
            let article = if keyword == "enum" || keyword == "impl" {
                "an"
            } else {
                "a"
            };
            let mut message =
                format!("`#[{attribute}]` goes on a function, this is {article} `{keyword}`");
            if keyword == "impl" || keyword == "trait" {
                message.push_str(": put it on the functions inside");
            }
            return Err(syn::Error::new(keyword.span(), message));
        }
        syn::parse2(item)
    }

    pub(crate) fn is_async(&self) -> bool {
        self.sig.asyncness.is_some()
    }

    /// Whether the function is not async by its keyword but returns a future.
    pub(crate) fn returns_future(&self) -> bool {
        !self.is_async() && Returned::of(&self.sig.output).is_some()
    }

    /// Whether what is attempted is a future: of an async function, or one that is
    /// returned.
    pub(crate) fn gives_future(&self) -> bool {
        self.is_async() || self.returns_future() || Tail::find(&self.body).is_some()
    }

    /// The names that the arguments bind.
    pub(crate) fn argument_names(&self) -> Vec<Ident> {
        let patterns = self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(arg) => Some(arg.pat.to_token_stream()),
            FnArg::Receiver(_) => None,
        });
        patterns.flat_map(bindings::names_in).collect()
    }

    /// Whether the body means something else in a closure: there it does not know its
    /// caller's place, and the compiler does not follow every bound with `for<'a>` into it.
    pub(crate) fn needs_its_place(&self) -> bool {
        let tracks = self
            .attrs
            .iter()
            .any(|attr| attr.path().is_ident("track_caller"));
        let (generics, clause) = (&self.sig.generics, &self.sig.generics.where_clause);
        let bounds = quote!(#generics #clause);
        tracks
            || bounds
                .into_iter()
                .any(|token| matches!(token, TokenTree::Ident(word) if word == "for"))
    }

    pub(crate) fn name(&self) -> String {
        self.sig.ident.unraw().to_string()
    }

    /// Whether a second run of the body would have to borrow something mutably
    /// that the first run borrowed too.
    pub(crate) fn borrows_mutably(&self) -> bool {
        self.sig.inputs.iter().any(|input| match input {
            FnArg::Receiver(receiver) => is_mut_ref_receiver(receiver),
            FnArg::Typed(arg) => is_mut_ref(&arg.ty),
        })
    }

    /// Whether it is a method that takes `&mut self`.
    pub(crate) fn receiver_is_mut_ref(&self) -> bool {
        matches!(self.sig.inputs.first(), Some(FnArg::Receiver(receiver)) if is_mut_ref_receiver(receiver))
    }

    /// Whether an argument is there only to be kept (`_guard`).
    pub(crate) fn keeps_something(&self) -> bool {
        self.sig.inputs.iter().any(|input| match input {
            FnArg::Typed(arg) => {
                matches!(&*arg.pat, Pat::Ident(pat) if pat.ident.to_string().starts_with('_'))
            }
            FnArg::Receiver(_) => false,
        })
    }

    /// The return type for a closure of the same body, with `_` for what has no
    /// name outside the signature (`impl Trait`).
    pub(crate) fn closure_output(&self) -> TokenStream {
        match &self.sig.output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => crate::opaque::erase(ty.to_token_stream()),
        }
    }

    /// Whether what the function returns may be a failure. By its form a reference, a
    /// number or an `impl Trait` is none; any name may stand for a `Result`.
    pub(crate) fn may_fail(&self) -> bool {
        const VALUES: [&str; 16] = [
            "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
            "u32", "u64", "u128", "usize",
        ];
        match &self.sig.output {
            ReturnType::Default => false,
            ReturnType::Type(_, ty) => match peel(ty) {
                Type::Path(path) => !VALUES.iter().any(|name| path.path.is_ident(name)),
                Type::Macro(_) | Type::Verbatim(_) | Type::Infer(_) => true,
                _ => false,
            },
        }
    }

    pub(crate) fn never_returns(&self) -> bool {
        matches!(&self.sig.output, ReturnType::Type(_, ty) if matches!(peel(ty), Type::Never(_)))
    }

    /// Whether there are attributes that may change the function.
    pub(crate) fn has_other_attributes(&self) -> bool {
        self.attrs.iter().any(Self::may_change)
    }

    fn may_change(attr: &Attribute) -> bool {
        const INERT: [&str; 17] = [
            "allow",
            "cfg",
            "cold",
            "deny",
            "deprecated",
            "doc",
            "expect",
            "export_name",
            "forbid",
            "inline",
            "link_section",
            "must_use",
            "no_mangle",
            "target_feature",
            "track_caller",
            "unsafe",
            "warn",
        ];
        // `#[rustfmt::skip]`, `#[clippy::…]`
        const TOOLS: [&str; 3] = ["clippy", "diagnostic", "rustfmt"];
        let of_tool = attr.path().segments.first().is_some_and(|first| {
            attr.path().segments.len() > 1 && TOOLS.iter().any(|tool| first.ident == tool)
        });
        !of_tool && !INERT.iter().any(|inert| attr.path().is_ident(inert))
    }

    /// Has the attribute `name` below expect to find what the one above has made, where a
    /// third stands between them that may move it elsewhere.
    pub(crate) fn expect_below(&mut self, name: &str) {
        let is_it = |attr: &Attribute| {
            let last = attr.path().segments.last();
            last.is_some_and(|last| last.ident == name)
        };
        let Some(below) = self.attrs.iter().position(is_it) else {
            return;
        };
        let (above, rest) = self.attrs.split_at_mut(below);
        let Some(attr) = rest
            .first_mut()
            .filter(|_| above.iter().any(Self::may_change))
        else {
            return;
        };
        let inside = quote::format_ident!("{INSIDE}");
        let path = attr.path();
        attr.meta = match &attr.meta {
            Meta::List(list) => {
                let tokens = &list.tokens;
                syn::parse_quote!(#path(#inside, #tokens))
            }
            Meta::Path(_) => syn::parse_quote!(#path(#inside)),
            Meta::NameValue(_) => return,
        };
    }

    /// Allows a lint of clippy on the function.
    pub(crate) fn allow(&mut self, lint: &str) {
        let lint = quote::format_ident!("{lint}");
        self.attrs.push(syn::parse_quote!(#[allow(clippy::#lint)]));
    }

    /// The function with `body` in place of its own.
    pub(crate) fn with_body(self, body: TokenStream) -> TokenStream {
        let Self {
            attrs,
            vis,
            sig,
            body: old,
        } = self;
        let mut new = Group::new(old.delimiter(), body);
        new.set_span(old.span());
        quote!(#(#attrs)* #vis #sig #new)
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attrs,
            vis,
            sig,
            body,
        } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

/// The block, out of the invisible group that a fragment of `macro_rules!` is.
fn read_body(input: ParseStream<'_>) -> syn::Result<Group> {
    let mut token: TokenTree = input.parse()?;
    loop {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return Ok(group),
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                let Some(inner) = group.stream().into_iter().next() else {
                    return Err(syn::Error::new(group.span(), "expected a body"));
                };
                token = inner;
            }
            other => return Err(syn::Error::new(other.span(), "expected a body")),
        }
    }
}

/// `#![allow(…)]` at the start of the body, as an attribute of the function: in the
/// body's new place none may stand.
fn hoist_inner_attributes(body: &Group) -> (Vec<Attribute>, Group) {
    let split = |input: ParseStream<'_>| {
        Ok((
            input.call(Attribute::parse_inner)?,
            input.parse::<TokenStream>()?,
        ))
    };
    match split.parse2(body.stream()) {
        Ok((inner, rest)) if !inner.is_empty() => {
            let mut new = Group::new(body.delimiter(), rest);
            new.set_span(body.span());
            let outer = inner.into_iter().map(|attr| Attribute {
                style: AttrStyle::Outer,
                ..attr
            });
            (outer.collect(), new)
        }
        _ => (Vec::new(), body.clone()),
    }
}

/// The type out of its parentheses and invisible groups.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        other => other,
    }
}

fn is_mut_ref_receiver(receiver: &syn::Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_some(),
        ReceiverKind::Typed(_, ty) => is_mut_ref(ty),
        _ => false,
    }
}

/// Whether the type is written as a mutable reference.
pub(crate) fn is_mut_ref(ty: &Type) -> bool {
    matches!(peel(ty), Type::Reference(reference) if reference.mutability.is_some())
}

/// Whether the item is an `impl` block.
pub(crate) fn is_impl_block(item: &TokenStream) -> bool {
    not_a_function(item).is_some_and(|keyword| keyword == "impl")
}

/// The item's keyword where it plainly is something else than a function.
fn not_a_function(item: &TokenStream) -> Option<Ident> {
    const OTHERS: [&str; 9] = [
        "struct", "enum", "union", "trait", "impl", "mod", "type", "static", "use",
    ];
    const BEFORE_FN: [&str; 5] = ["async", "extern", "fn", "safe", "unsafe"];

    let is_one_of = |word: &Ident, words: &[&str]| words.iter().any(|other| word == other);
    let mut tokens = item.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (token, tokens.peek()) {
            (TokenTree::Ident(word), _) if word == "fn" => return None,
            (TokenTree::Ident(word), _) if is_one_of(&word, &OTHERS) => return Some(word),
            (TokenTree::Ident(word), Some(TokenTree::Ident(next)))
                if word == "const" && !is_one_of(next, &BEFORE_FN) =>
            {
                return Some(word);
            }
            _ => {}
        }
    }
    None
}
