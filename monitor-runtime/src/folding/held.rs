//! A failure that may pass through several stages: it is held until the outermost ends.

use super::lock;
use crate::alerts::{Cause, Passed};
use crate::desk::{AlertDesk, Origin};
use crate::failure::ErrorText;

impl AlertDesk {
    /// A failure, below which failure `below` may have ended an inner call. Gives what the
    /// call around is to know it by; zero for what nobody is told of.
    pub(crate) fn failed(
        &self,
        below: u64,
        text: &ErrorText,
        cause: Option<Cause>,
        origin: Origin,
    ) -> u64 {
        let now = self.now();
        if below != 0 {
            let passed = lock(&self.folding.passage).pass(below, text, cause.as_ref(), origin, now);
            match passed {
                Passed::Another => self.nobody_passes(below),
                Passed::On => {
                    if let Some(cause) = &cause {
                        self.not_told(cause, "is told by an inner stage", None);
                    }
                    return below;
                }
                Passed::Louder(cause) => {
                    self.tell(&cause);
                    return below;
                }
            }
        }
        let Some(cause) = cause else { return 0 };
        let (id, too_many) = lock(&self.folding.passage).hold(cause, text, now);
        if let Some(cause) = too_many {
            self.tell(&cause);
        }
        id
    }

    /// The call around a failure did not end with it.
    pub(crate) fn nobody_passes(&self, failure: u64) {
        if failure != 0 {
            let cause = lock(&self.folding.passage).end(failure);
            if let Some(cause) = cause {
                self.tell(&cause);
            }
        }
    }

    /// An attempt failed and another follows: the failure of an inner call that it ended with
    /// is none yet.
    pub(crate) fn tried_again(&self, failure: u64, text: &ErrorText) {
        if failure == 0 {
            return;
        }
        let now = self.now();
        let mut passage = lock(&self.folding.passage);
        let is_it = passage.is(failure, text, now);
        let cause = passage.end(failure);
        drop(passage);
        match cause {
            Some(cause) if is_it => self.not_told(&cause, "is tried again", None),
            Some(cause) => self.tell(&cause),
            None => {}
        }
    }
}
