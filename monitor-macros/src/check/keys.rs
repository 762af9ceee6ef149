//! Which keys an attribute has, and what to say about one that it has not.

use std::collections::HashMap;

use monitor_config::{nearest, one_of};

use crate::args::Arg;
use crate::diagnostics::Diagnostics;

/// The keys of one attribute, and the names that other tools give to them.
pub(crate) struct Keys {
    pub(crate) attribute: &'static str,
    pub(crate) known: &'static [&'static str],
    /// `(name elsewhere, what to write here)`
    pub(crate) elsewhere: &'static [(&'static str, &'static str)],
}

impl Keys {
    /// The arguments by key. Unknown and repeated keys are reported; a misspelt
    /// key counts as given, so that it is not reported as missing too.
    pub(crate) fn sort(
        &self,
        args: Vec<Arg>,
        diagnostics: &mut Diagnostics,
    ) -> HashMap<&'static str, Option<Arg>> {
        let mut sorted = HashMap::new();
        for arg in args {
            let name = arg.name();
            if let Some(known) = self.known.iter().copied().find(|known| *known == name) {
                if let Some(Some(_)) = sorted.get(known) {
                    diagnostics.error(arg.span(), format!("`{name}` is given twice"));
                } else {
                    sorted.insert(known, Some(arg));
                }
            } else if let Some(meant) = self.unknown(&arg, diagnostics) {
                sorted.entry(meant).or_insert(None);
            }
        }
        sorted
    }

    /// Reports an unknown key and returns the key that was probably meant.
    fn unknown(&self, arg: &Arg, diagnostics: &mut Diagnostics) -> Option<&'static str> {
        let name = arg.name();
        let attribute = self.attribute;
        let choices = one_of(self.known.iter().copied());
        if let Some((_, here)) = self.elsewhere.iter().find(|(other, _)| *other == name) {
            diagnostics.error(
                arg.span(),
                format!("`#[{attribute}]` has no `{name}`: {here}"),
            );
            return self.known.iter().copied().find(|known| here.contains(&format!("`{known} =")));
        }
        let meant = nearest(&name, self.known.iter().copied());
        let proposal = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "see the keys below".to_owned(),
        };
        diagnostics.error(
            arg.span(),
            format!("unknown key `{name}`: {proposal}\n`#[{attribute}]` takes {choices}"),
        );
        meant.and_then(|meant| self.known.iter().copied().find(|known| *known == meant))
    }
}
