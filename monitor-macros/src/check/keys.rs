//! Which keys an attribute has, and what to say about one that it has not.

use std::collections::HashMap;

use monitor_config::{nearest, one_of};
use quote::ToTokens;
use syn::Lit;

use crate::args::{Arg, Value};
use crate::diagnostics::Diagnostics;

/// The keys of one attribute, and the names that other tools give to them.
pub(crate) struct Keys {
    /// The attribute as messages show it, such as `#[monitored]`.
    pub(crate) shown: &'static str,
    /// The key that a value without a key was probably meant for comes first.
    pub(crate) known: &'static [&'static str],
    /// `(name elsewhere, what to write here)`
    pub(crate) elsewhere: &'static [(&'static str, &'static str)],
}

impl Keys {
    /// The arguments by key. Unknown and repeated keys are reported; a misspelt or
    /// forgotten key counts as given, so that it is not reported as missing too.
    pub(crate) fn sort(
        &self,
        args: Vec<Arg>,
        diagnostics: &mut Diagnostics,
    ) -> HashMap<&'static str, Option<Arg>> {
        let mut sorted = HashMap::new();
        for arg in args {
            let name = arg.name();
            if let Value::Unnamed(value) = &arg.value {
                let key = self.known[0];
                diagnostics.error(arg.span(), self.needs_key(value));
                sorted.entry(key).or_insert(None);
            } else if let Some(known) = self.known.iter().copied().find(|known| *known == name) {
                if let Some(Some(_)) = sorted.get(known) {
                    diagnostics.error(
                        arg.span(),
                        format!("`{name}` is given twice: keep one of the two"),
                    );
                } else {
                    sorted.insert(known, Some(arg));
                }
            } else if matches!(arg.value, Value::Unreadable) {
                // What could not be read has been reported, and may be anything.
                sorted.entry(self.known[0]).or_insert(None);
            } else if let Some(meant) = self.unknown(&arg, diagnostics) {
                sorted.entry(meant).or_insert(None);
            }
        }
        sorted
    }

    fn needs_key(&self, value: &Lit) -> String {
        match self.known {
            [only] => format!("`{}` takes only `{only} = …`", self.shown),
            several => {
                let value = value.to_token_stream();
                format!("a value needs its key: write `{} = {value}`", several[0])
            }
        }
    }

    /// Reports an unknown key and returns the key that was probably meant.
    fn unknown(&self, arg: &Arg, diagnostics: &mut Diagnostics) -> Option<&'static str> {
        let name = arg.name();
        let shown = self.shown;
        if let Some((_, here)) = self.elsewhere.iter().find(|(other, _)| *other == name) {
            diagnostics.error(arg.span(), format!("`{shown}` has no `{name}`: {here}"));
            return self.known_in(|known| here.contains(&format!("`{known} =")));
        }
        let meant = nearest(&name, self.known.iter().copied());
        let proposal = meant.map_or(String::new(), |meant| format!(": did you mean `{meant}`?"));
        let choices = match self.known {
            [only] => format!("only `{only}`"),
            several => one_of(several.iter().copied()),
        };
        diagnostics.error(
            arg.span(),
            format!("unknown key `{name}`{proposal}\n`{shown}` takes {choices}"),
        );
        self.known_in(|known| Some(known) == meant)
    }

    fn known_in(&self, meant: impl Fn(&str) -> bool) -> Option<&'static str> {
        self.known.iter().copied().find(|known| meant(known))
    }
}
