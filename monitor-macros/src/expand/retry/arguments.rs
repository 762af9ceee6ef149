//! The arguments that each attempt gets anew.

use proc_macro2::{Group, Ident};

use super::Mode;
use super::prologue::Prologue;
use crate::bindings;
use crate::check::retry::Retry;
use crate::item::Function;

/// Arguments that are bound again in each attempt.
pub(super) struct Fresh {
    /// `mut` ones that are mutable references: what they point to stays one thing.
    borrowed: Vec<Ident>,
    /// `mut` ones of an attempt's own closure.
    rebound: Vec<Ident>,
    /// `mut` ones, and those that `clone(…)` names, of a closure that is called again.
    cloned: Vec<Ident>,
}

impl Fresh {
    /// Takes `mut` off the arguments of `function`.
    pub(super) fn take(function: &mut Function, args: &Retry) -> Self {
        let borrowed = bindings::take_mut_of_references(function);
        let changed = bindings::take_mut(function);
        let (rebound, cloned) = match Mode::of(function) {
            Mode::Cloned => (changed, Vec::new()),
            Mode::Again => {
                let named = args.clone.iter().filter(|name| !changed.contains(name));
                let cloned = changed.iter().chain(named).cloned().collect();
                (Vec::new(), cloned)
            }
        };
        Self {
            borrowed,
            rebound,
            cloned,
        }
    }

    /// Whether arguments are taken by value to be cloned.
    pub(super) fn are_cloned(&self) -> bool {
        !self.cloned.is_empty()
    }

    /// `body` with what one attempt binds in front.
    pub(super) fn bound(&self, body: &Group) -> Group {
        let body = bindings::reborrow(body, &self.borrowed);
        let body = bindings::rebind(&body, &self.rebound);
        bindings::clone(&body, &self.cloned)
    }

    /// The same for a body whose arguments a prologue has bound.
    pub(super) fn bound_by(&self, prologue: &Prologue, mode: Mode) -> Group {
        let body = self.bound(&prologue.body);
        let body = bindings::borrow_self(&body, &prologue.borrowed);
        match mode {
            Mode::Cloned => bindings::rebind(&body, &prologue.changed),
            Mode::Again => bindings::clone(&body, &prologue.changed),
        }
    }
}
