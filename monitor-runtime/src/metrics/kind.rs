//! How a call ended, and whether it was the outermost of its stage: a stage's totals count
//! only those.

/// How a call can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ok,
    Error,
    Panic,
    Timeout,
    Cancelled,
}

pub(super) const OUTCOMES: usize = 5;
pub(super) const KINDS: usize = 2 * OUTCOMES;

/// Both in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind(u8);

impl Kind {
    /// An outermost call that succeeded.
    pub(super) const OK: Self = Self(0);

    pub(super) const ALL: [Self; KINDS] = {
        let mut all = [Self::OK; KINDS];
        let mut kind = 0;
        while kind < KINDS {
            all[kind] = Self(kind as u8);
            kind += 1;
        }
        all
    };

    #[inline]
    pub(crate) fn new(outcome: Outcome, outermost: bool) -> Self {
        Self(outcome as u8 + if outermost { 0 } else { OUTCOMES as u8 })
    }

    #[inline]
    pub(super) fn is_outermost(self) -> bool {
        self.index() < OUTCOMES
    }

    #[inline]
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Whether the call failed: with an error, a panic, or because its time was over.
    pub(super) fn is_failure(self) -> bool {
        let outcome = self.index() % OUTCOMES;
        outcome != Outcome::Ok as usize && outcome != Outcome::Cancelled as usize
    }

    pub(super) fn is_ok(self) -> bool {
        self.index().is_multiple_of(OUTCOMES)
    }
}
