//! The arguments that each attempt gets anew.

use proc_macro2::{Group, Ident};

use super::Mode;
use super::prologue::Prologue;
use crate::bindings;
use crate::check::retry::Retry;
use crate::item::Function;
use crate::owned::mentions;

/// Arguments that are bound again in each attempt.
pub(super) struct Fresh {
    /// Mutable references that are `mut`: what they point to stays one thing.
    reborrowed: Vec<Ident>,
    /// Other mutable references.
    borrowed: Vec<Ident>,
    /// `mut` ones of an attempt's own closure.
    rebound: Vec<Ident>,
    /// `mut` ones of a closure that is called again.
    cloned: Vec<Ident>,
    /// Those that `clone(…)` names.
    named: Vec<Ident>,
}

impl Fresh {
    /// Takes `mut` off the arguments of `function`.
    pub(super) fn take(function: &mut Function, args: &Retry) -> Self {
        let (reborrowed, borrowed) = bindings::take_mutable_references(function);
        let changed = bindings::take_mut(function);
        let (rebound, cloned) = match Mode::of(function) {
            Mode::Cloned => (changed, Vec::new()),
            Mode::Again => (Vec::new(), changed),
        };
        let named = args.clone.iter().filter(|name| !cloned.contains(name));
        let named = named.cloned().collect();
        Self {
            reborrowed,
            borrowed,
            rebound,
            cloned,
            named,
        }
    }

    /// Whether arguments are taken by value to be cloned.
    pub(super) fn are_cloned(&self) -> bool {
        !self.cloned.is_empty() || !self.named.is_empty()
    }

    /// `body` with what one attempt binds in front.
    pub(super) fn bound(&self, body: &Group) -> Group {
        let body = bindings::rebind(&self.references(body), &self.rebound);
        bindings::clone(&body, &self.cloned)
    }

    /// `body` with the references that it uses, and what `clone(…)` names.
    fn references(&self, body: &Group) -> Group {
        let used = |names: &[Ident]| -> Vec<Ident> {
            let is_used = |name: &&Ident| mentions(body.stream(), std::slice::from_ref(*name));
            names.iter().filter(is_used).cloned().collect()
        };
        let with_references = bindings::reborrow(body, &used(&self.reborrowed));
        let with_references = bindings::borrow(&with_references, &used(&self.borrowed));
        bindings::clone(&with_references, &self.named)
    }

    /// The same for a body whose arguments a prologue has bound: the `mut` of the signature
    /// is for the prologue.
    pub(super) fn bound_by(&self, prologue: &Prologue, mode: Mode) -> Group {
        let body = self.references(&prologue.body);
        let body = bindings::borrow(&body, &prologue.borrowed);
        match mode {
            Mode::Cloned => bindings::rebind(&body, &prologue.changed),
            Mode::Again => bindings::clone(&body, &prologue.changed),
        }
    }
}
