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
    let text = format!("\n\n{}", all.join(" "));
    function.attrs.push(syn::parse_quote!(#[doc = #text]));
}

/// The sentences of the line, if this is it.
fn line(attr: &Attribute) -> Option<Vec<String>> {
    let Meta::NameValue(pair) = &attr.meta else {
        return None;
    };
    let Expr::Lit(value) = &pair.value else {
        return None;
    };
    let Lit::Str(text) = &value.lit else {
        return None;
    };
    let text = text.value();
    let text = text.strip_prefix("\n\n")?;
    let is_ours = attr.path().is_ident("doc") && PARTS.iter().any(|part| text.starts_with(part));
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
