//! Whether a body may leave the function before its end: by `return`, by `?`, or by a
//! macro that may do either.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Macros of the standard library, which never leave.
const STAYING: [&str; 30] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "column",
    "concat",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "include_bytes",
    "include_str",
    "line",
    "matches",
    "module_path",
    "option_env",
    "panic",
    "print",
    "println",
    "stringify",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
];

/// Words that may stand before a negation.
const BEFORE_NOT: [&str; 5] = ["else", "if", "in", "match", "while"];

/// Whether `body` may leave before its end, as far as tokens tell: a closure's own
/// `return` counts too.
pub(crate) fn may_leave(body: impl IntoIterator<Item = TokenTree>) -> bool {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let jump = tokens.iter().any(|token| match token {
        TokenTree::Ident(word) => word == "return",
        TokenTree::Punct(punct) => punct.as_char() == '?',
        TokenTree::Group(group) => may_leave(group.stream()),
        TokenTree::Literal(_) => false,
    });
    jump || tokens.windows(3).any(|window| match window {
        [
            TokenTree::Ident(name),
            TokenTree::Punct(bang),
            TokenTree::Group(group),
        ] => {
            let is_macro = bang.as_char() == '!' && group.delimiter() != Delimiter::None;
            // `if !(done) { … }` is none.
            let is_keyword = BEFORE_NOT.iter().any(|keyword| name == keyword);
            is_macro && !is_keyword && !STAYING.iter().any(|staying| name == staying)
        }
        _ => false,
    })
}

/// Whether an expression leaves the function, or waits, outside of a closure: what would come of
/// the call is not what the function does.
pub(crate) fn leaves(tokens: TokenStream) -> bool {
    let mut leaves = false;
    for token in tokens {
        match token {
            // What a closure does is its own; so is an async block.
            TokenTree::Punct(punct) if punct.as_char() == '|' => return false,
            TokenTree::Ident(word) if word == "async" => return false,
            TokenTree::Punct(punct) => leaves |= punct.as_char() == '?',
            TokenTree::Ident(word) => leaves |= word == "return" || word == "await",
            TokenTree::Group(group) => leaves |= self::leaves(group.stream()),
            TokenTree::Literal(_) => {}
        }
    }
    leaves
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::may_leave;

    #[test]
    fn a_body_that_may_leave_early_is_told_from_one_that_does_not() {
        for (body, expected) in [
            ("a + b", false),
            ("if a { return b } c", true),
            ("a?.b()", true),
            ("let f = |x| { if x { return 1 } 2 }; f(a)", true),
            ("assert!(a, \"{b}\"); a.expect(\"there\")", false),
            ("bail!(\"no\")", true),
            ("assert_eq!(a?, b)", true),
            ("if !(a) { b } else { c }", false),
        ] {
            let tokens: TokenStream = body.parse().expect("tokens");
            assert_eq!(may_leave(tokens), expected, "{body}");
        }
    }
}
