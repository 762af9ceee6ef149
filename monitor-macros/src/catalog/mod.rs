//! `monitor.toml` while the code is compiled: found, checked, embedded, and asked
//! whether it knows what an attribute names.

mod file;
mod find;

use std::sync::Arc;

use monitor_config::{Limits, nearest};
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

/// What the file says of a stage.
#[derive(Default)]
pub(crate) struct Declared {
    pub(crate) limits: Limits,
    /// Makes the compiler watch the file.
    pub(crate) watch: TokenStream,
}

/// Checks that the file declares the stage, if it declares stages at all.
pub(crate) fn check_stage(stage: &str, span: Span, diagnostics: &mut Diagnostics) -> Declared {
    let Some(file) = load(span, diagnostics) else {
        return Declared::default();
    };
    let stages = file.config().and_then(|config| config.stages.as_ref());
    let declared = stages.and_then(|stages| stages.get(stage));
    if let (Some(stages), None) = (stages, declared) {
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
    Declared {
        limits: declared.map_or(Limits::NONE, |declared| declared.limits),
        watch: file.watch(),
    }
}

/// A stage id as a key of TOML: `.` and `:` need quotes there.
fn quoted(stage: &str) -> String {
    if stage.contains(['.', ':']) {
        format!("{stage:?}")
    } else {
        stage.to_owned()
    }
}
