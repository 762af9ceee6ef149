//! `monitor.toml` while the code is compiled: found, checked, embedded, and asked
//! whether it knows what an attribute names.

mod file;
mod find;

use std::sync::Arc;

use monitor_config::{Alerts, Budget, Limits, nearest};
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
    /// Where alerts go.
    pub(crate) routes: Routes,
    /// Makes the compiler watch the file.
    pub(crate) watch: TokenStream,
}

/// Where alerts go, as `[alerts]` says.
pub(crate) type Routes = Alerts;

/// Checks that the file declares the stage, if it declares stages at all.
pub(crate) fn check_stage(stage: &str, span: Span, diagnostics: &mut Diagnostics) -> Declared {
    let Some(file) = load(span, diagnostics) else {
        return Declared::default();
    };
    let stages = file.config().and_then(|config| config.stages.as_ref());
    let declared = stages.and_then(|stages| stages.get(stage));
    if let (Some(stages), None) = (stages, declared) {
        report(&file, "stage", stage, stages.keys(), span, diagnostics);
    }
    Declared {
        limits: declared.map_or(Limits::NONE, |declared| declared.limits),
        routes: file
            .config()
            .map(|config| config.alerts.clone())
            .unwrap_or_default(),
        watch: file.watch(),
    }
}

/// What the file says of a budget, or the defaults.
#[derive(Default)]
pub(crate) struct DeclaredBudget {
    pub(crate) budget: Budget,
    /// Makes the compiler watch the file.
    pub(crate) watch: TokenStream,
}

/// Checks that the file declares the budget, if it declares budgets at all.
pub(crate) fn check_budget(
    name: &str,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> DeclaredBudget {
    let Some(file) = load(span, diagnostics) else {
        return DeclaredBudget::default();
    };
    let budgets = file.config().and_then(|config| config.budgets.as_ref());
    let declared = budgets.and_then(|budgets| budgets.get(name));
    if let (Some(budgets), None) = (budgets, declared) {
        report(&file, "budget", name, budgets.keys(), span, diagnostics);
    }
    DeclaredBudget {
        budget: declared.copied().unwrap_or_default(),
        watch: file.watch(),
    }
}

/// Reports a name of which the file knows others but not this.
fn report<'a>(
    file: &File,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a String>,
    span: Span,
    diagnostics: &mut Diagnostics,
) {
    let proposal = match nearest(name, known.map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("add a table `[{what}s.{}]`", quoted(name)),
    };
    let shown = &file.shown;
    diagnostics.error(
        span,
        format!("the {what} `{name}` is not declared in {shown}: {proposal}"),
    );
}

/// A name as a key of TOML: `.` and `:` need quotes there.
fn quoted(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.chars().all(is_bare) {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}
