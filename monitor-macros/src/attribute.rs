//! From the tokens of an attribute and its item to what takes the item's place: parse,
//! check, expand. A mistake leaves the item as it was, beside the errors, so that what
//! calls it still compiles.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::{self, Arg};
use crate::compose::{self, Buried};
use crate::diagnostics::Diagnostics;
use crate::item::{self, Function, INSIDE};
use crate::{check, expand};

/// `#[monitored(…)]` on a function or an `impl` block.
pub(crate) fn monitored(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if item::is_impl_block(&item) {
        return expand::block::expand(&arguments, &item);
    }
    if check::is_skip(&arguments) {
        let message = "`#[monitored(skip)]` is for a function of an `impl` block that is monitored as a whole: \
                       this one is not, leave the attribute out";
        let error = syn::Error::new_spanned(&arguments, message).to_compile_error();
        return quote!(#item #error);
    }
    let unchanged = item.clone();
    apply(
        "monitored",
        arguments,
        item,
        check::monitored::check,
        |function, args| {
            if cfg!(feature = "enable") {
                expand::monitored::expand(function, args)
            } else {
                Ok(unchanged)
            }
        },
    )
}

/// `#[retry(…)]`
pub(crate) fn retry(arguments: TokenStream, item: TokenStream) -> TokenStream {
    apply(
        "retry",
        arguments,
        item,
        check::retry::check,
        expand::retry::expand,
    )
}

fn apply<T>(
    name: &str,
    arguments: TokenStream,
    item: TokenStream,
    check: impl FnOnce(Vec<Arg>, &Function, &mut Diagnostics) -> Option<T>,
    expand: impl FnOnce(Function, &T) -> Result<TokenStream, Buried>,
) -> TokenStream {
    let function = match Function::read(item.clone(), name) {
        Ok(function) => function,
        Err(error) => {
            let error = error.to_compile_error();
            return quote!(#item #error);
        }
    };
    let mut diagnostics = Diagnostics::default();
    let mut args = args::parse(arguments, &mut diagnostics);
    let given = args.len();
    args.retain(|arg| arg.key != INSIDE);
    let is_lost = args.len() < given && !compose::is_generated(&function.body);
    let ident = function.sig.ident.clone();
    let Some(args) = check(args, &function, &mut diagnostics) else {
        let errors = diagnostics.into_tokens();
        return quote!(#item #errors);
    };
    let expanded = if is_lost {
        Err(Buried::Moved)
    } else {
        expand(function, &args)
    };
    expanded.unwrap_or_else(|buried| {
        let message = match buried {
            Buried::Moved => format!("an attribute between this `#[{name}]` and the one above it has rewritten the body: put the two on adjacent lines"),
            Buried::Twice => format!("`#[{name}]` is given twice: keep one of the two"),
        };
        diagnostics.error(ident.span(), message);
        let errors = diagnostics.into_tokens();
        quote!(#item #errors)
    })
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::{monitored, retry};

    const STAGE: &str = "stage = \"NBA-17\"";

    fn text(tokens: &str) -> String {
        parsed(tokens).to_string()
    }

    fn parsed(tokens: &str) -> TokenStream {
        tokens.parse().expect("tokens")
    }

    /// An editor asks for the item while it is being typed, and completes what it finds
    /// there.
    #[test]
    fn a_body_with_a_syntax_error_is_emitted_as_it_is() {
        for body in [
            "let x = ;",
            "rows.",
            "match rows { Some }",
            "if",
            "return let",
            "a b c",
            "rows.iter().map(|row| row.)",
            "println!(\"{}\", )",
        ] {
            for head in [
                "fn f(rows: Vec<u8>) -> Result<u8, String>",
                "async fn f(rows: Vec<u8>) -> Result<u8, String>",
            ] {
                let item = format!("{head} {{ {body} }}");
                let out = monitored(parsed(STAGE), parsed(&item)).to_string();
                assert!(out.contains(&text(body)), "{item}: {out}");
                assert!(out.contains("fn f"), "{item}: {out}");
                assert!(!out.contains("compile_error"), "{item}: {out}");
                let out = retry(parsed("max = 3"), parsed(&item)).to_string();
                assert!(out.contains(&text(body)), "{item}: {out}");
            }
        }
    }

    #[test]
    #[cfg(not(feature = "enable"))]
    fn without_enable_the_function_stays_as_it_is_token_for_token() {
        for item in [
            "/** Doc. */ #[inline] pub(crate) unsafe fn f<'a, T,>(mut rows: &'a [T],) -> &'a T where T: Clone, { &rows[0] }",
            "async fn f(self: Box<Self>, (a, b): (u8, u8)) -> impl Iterator<Item = u8> + use<> { not rust }",
            "#[cfg_attr(all(), doc = \"x\")] extern \"C\" fn r#type() {}",
        ] {
            let arguments = "stage = \"NBA-17\", records = |n| *n, max_duration = 3";
            assert_eq!(
                monitored(parsed(arguments), parsed(item)).to_string(),
                text(item)
            );
        }
        let wrong = monitored(parsed("stgae = \"NBA-17\""), parsed("fn f() {}")).to_string();
        assert!(wrong.contains("did you mean `stage`?"), "{wrong}");
    }

    #[test]
    fn a_half_typed_argument_of_the_function_leaves_the_item() {
        for item in [
            "fn f(x) {}",
            "fn f(x: ) -> u8 { 7 }",
            "fn f(&self, ) -> { self. }",
            "fn f(x: Vec<) {}",
            "fn f() -> Result< {}",
            "pub async fn f(x: u8, y) { x }",
            "fn f",
            "fn",
        ] {
            for out in [
                monitored(parsed(STAGE), parsed(item)),
                retry(TokenStream::new(), parsed(item)),
            ] {
                let out = out.to_string();
                assert!(out.starts_with(&text(item)), "{item}: {out}");
                assert!(out.contains("compile_error"), "{item}: {out}");
            }
        }
    }

    #[test]
    fn a_half_typed_argument_of_the_attribute_leaves_the_item() {
        let item = "fn f(rows: Vec<u8>) -> usize { rows.len() }";
        for arguments in [
            "",
            "st",
            "stage",
            "stage =",
            "stage = \"NBA-17\", rec",
            "stage = \"NBA-17\", records",
            "stage = \"NBA-17\", records = ",
            "stage = \"NBA-17\", records = |",
            "stage = \"NBA-17\", records = |rows|",
            "stage = \"NBA-17\", records = |rows| rows.",
            "stage = \"NBA-17\", fields(%)",
            "stage = \"NBA-17\", fields(a = )",
            "stage = \"NBA-17\", alert(",
            "stage = \"NBA-17\", alert(on",
            "stage = \"NBA-17\", alert(on =",
            "= ,",
            "\"NBA-17\"",
        ] {
            let open = arguments.matches('(').count() - arguments.matches(')').count();
            let arguments = format!("{arguments} {}", ")".repeat(open));
            let out = monitored(parsed(&arguments), parsed(item)).to_string();
            assert!(out.starts_with(&text(item)), "{arguments}: {out}");
            assert!(out.contains("compile_error"), "{arguments}: {out}");
        }
    }
}
