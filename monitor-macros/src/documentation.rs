//! The line that a function's documentation gains, as editors show it on hover.

use syn::{Attribute, Expr, Lit, Meta};

use crate::item::Function;

/// What the line says, in this order. Two attributes share it.
const PARTS: [&str; 3] = ["Monitored as ", "Retried: ", "Alerts: "];

/// Adds `sentences` to the line, or adds the line.
pub(crate) fn add(function: &mut Function, sentences: &[String]) {
    let mut all: Vec<String> = match function.attrs.last().and_then(line) {
        Some(before) => {
            function.attrs.pop();
            before
        }
        None => Vec::new(),
    };
    all.extend_from_slice(sentences);
    all.sort_by_key(|sentence| PARTS.iter().position(|part| sentence.starts_with(part)));
    let sentences = all.join(" ");
    let text = if leaves_code_open(&function.attrs) {
        format!("\n```\n\n{sentences}")
    } else {
        format!("\n\n{sentences}")
    };
    function.attrs.push(syn::parse_quote!(#[doc = #text]));
}

/// Whether the documentation ends within an example: what is added there would be
/// compiled with it.
fn leaves_code_open(attrs: &[Attribute]) -> bool {
    let texts: Vec<String> = attrs.iter().filter_map(text).collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    let fences = lines.filter(|line| line.trim_start().starts_with("```"));
    fences.count() % 2 == 1
}

/// The text of a line of documentation.
fn text(attr: &Attribute) -> Option<String> {
    if !attr.path().is_ident("doc") {
        return None;
    }
    let Meta::NameValue(pair) = &attr.meta else {
        return None;
    };
    let Expr::Lit(value) = &pair.value else {
        return None;
    };
    let Lit::Str(text) = &value.lit else {
        return None;
    };
    Some(text.value())
}

/// The sentences of the line, if this is it.
fn line(attr: &Attribute) -> Option<Vec<String>> {
    let text = text(attr)?;
    let text = text.strip_prefix("\n```").unwrap_or(&text);
    let text = text.strip_prefix("\n\n")?;
    let is_ours = PARTS.iter().any(|part| text.starts_with(part));
    if !is_ours {
        return None;
    }
    let mut starts: Vec<usize> = PARTS.iter().filter_map(|part| text.find(part)).collect();
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let sentences = starts.iter().zip(ends);
    Some(
        sentences
            .map(|(&start, end)| text[start..end].trim().to_owned())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::add;

    fn documented(item: &str, sentences: &[&[&str]]) -> String {
        let mut function = syn::parse_str(item).expect("a function");
        for sentences in sentences {
            let sentences: Vec<String> = sentences.iter().map(|&text| text.to_owned()).collect();
            add(&mut function, &sentences);
        }
        function.to_token_stream().to_string()
    }

    #[test]
    fn two_attributes_share_a_line_in_one_order() {
        let expected = r#""\n\nMonitored as `A`. Retried: 3. Alerts: critical.""#;
        let monitored: &[&str] = &["Monitored as `A`.", "Alerts: critical."];
        for order in [[monitored, &["Retried: 3."]], [&["Retried: 3."], monitored]] {
            let text = documented("/// Text.\nfn f() {}", &order);
            assert!(text.contains(expected), "{text}");
            assert_eq!(text.matches("# [doc").count(), 2, "{text}");
        }
    }

    #[test]
    fn an_example_that_is_left_open_is_closed_first() {
        let open = "/// ```\n/// f();\nfn f() {}";
        let monitored: &[&str] = &["Monitored as `A`."];
        let text = documented(open, &[monitored, &["Retried: 3."]]);
        assert!(
            text.contains(r#""\n```\n\nMonitored as `A`. Retried: 3.""#),
            "{text}"
        );
        let closed = documented("/// ```\n/// f();\n/// ```\nfn f() {}", &[monitored]);
        assert!(closed.contains(r#""\n\nMonitored as `A`.""#), "{closed}");
    }
}
