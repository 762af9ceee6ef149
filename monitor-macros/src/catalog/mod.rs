//! `monitor.toml` while the code is compiled: found, checked, embedded, and asked
//! whether it knows what an attribute names.

mod file;
mod find;

use std::sync::Arc;

use monitor_config::nearest;
use proc_macro2::{Span, TokenStream};
use quote::quote;

use self::file::File;
use crate::diagnostics::Diagnostics;

/// The file that counts for the code at `span`. Its mistakes are reported once.
fn load(span: Span, diagnostics: &mut Diagnostics) -> Option<Arc<File>> {
    let file = file::load(&find::find(span)?);
    file.report(span, diagnostics);
    Some(file)
}

/// The embedded file as an expression of type `Option<…::Embedded>`.
pub(crate) fn embed(
    private: &TokenStream,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let Some(file) = load(span, diagnostics) else {
        return quote!(::core::option::Option::None);
    };
    let (shown, absolute) = (&file.shown, &file.absolute);
    quote! {
        ::core::option::Option::Some(#private::Embedded {
            path: #shown,
            text: ::core::include_str!(#absolute),
        })
    }
}

/// Checks that the file declares the stage, if it declares stages at all, and
/// returns what makes the compiler watch the file.
pub(crate) fn check_stage(stage: &str, span: Span, diagnostics: &mut Diagnostics) -> TokenStream {
    let Some(file) = load(span, diagnostics) else {
        return TokenStream::new();
    };
    if let Some(stages) = file.config().and_then(|config| config.stages.as_ref())
        && !stages.contains_key(stage)
    {
        let shown = &file.shown;
        let proposal = match nearest(stage, stages.keys().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("add a table `[stages.{}]`", quoted(stage)),
        };
        diagnostics.error(
            span,
            format!("the stage `{stage}` is not declared in {shown}: {proposal}"),
        );
    }
    file.watch()
}

/// A stage id as a key of TOML: `.` and `:` need quotes there.
fn quoted(stage: &str) -> String {
    if stage.contains(['.', ':']) {
        format!("{stage:?}")
    } else {
        stage.to_owned()
    }
}
