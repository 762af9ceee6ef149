//! `impl Trait` has no name outside the signature: where a type is written again,
//! `_` stands for it and the compiler infers it.

use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// The type in `tokens` with `_` for each `impl …` in it.
pub(crate) fn erase(tokens: TokenStream) -> TokenStream {
    replace(tokens, &quote!(_))
}

/// The type in `tokens` with `by` for each `impl …` in it.
pub(crate) fn replace(tokens: TokenStream, by: &TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "impl" => {
                out.extend(quote_spanned!(word.span()=> #by));
                let mut depth = 0_usize;
                let mut arrow = false;
                while let Some(next) = tokens.peek() {
                    let TokenTree::Punct(punct) = next else {
                        arrow = false;
                        tokens.next();
                        continue;
                    };
                    match punct.as_char() {
                        '<' => depth += 1,
                        // The `>` of `->` in `impl Fn() -> T` closes nothing.
                        '>' if arrow => {}
                        '>' if depth == 0 => break,
                        '>' => depth -= 1,
                        ',' if depth == 0 => break,
                        _ => {}
                    }
                    arrow = punct.as_char() == '-' && punct.spacing() == Spacing::Joint;
                    tokens.next();
                }
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace(group.stream(), by));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            other => out.extend([other]),
        }
    }
    out
}

/// The type with `'_` for each lifetime in it that has a name.
pub(crate) fn unname_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut after_quote = false;
    for token in tokens {
        let is_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        out.extend([match token {
            TokenTree::Ident(name) if after_quote && name != "static" => {
                TokenTree::Ident(Ident::new("_", name.span()))
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), unname_lifetimes(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            other => other,
        }]);
        after_quote = is_quote;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::erase;

    fn erased(ty: &str) -> String {
        erase(ty.parse().expect("tokens"))
            .to_string()
            .replace(' ', "")
    }

    #[test]
    fn every_impl_becomes_an_underscore_and_the_rest_stays() {
        for (ty, expected) in [
            ("Result<Vec<u8>, Error>", "Result<Vec<u8>,Error>"),
            ("impl Iterator<Item = u8> + 'a", "_"),
            (
                "Result<impl Iterator<Item = Vec<u8>>, Error>",
                "Result<_,Error>",
            ),
            ("(impl Fn(u8) -> Vec<u8>, u8)", "(_,u8)"),
            ("Box<dyn Fn() -> u8>", "Box<dynFn()->u8>"),
            ("Option<impl Fn() -> Option<u8>>", "Option<_>"),
        ] {
            assert_eq!(erased(ty), expected, "{ty}");
        }
    }
}
