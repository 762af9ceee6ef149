//! What is known of a call before its body runs.

use crate::fields::FieldValue;
use crate::records::Given;
use crate::retry::site::RetrySite;

pub(crate) type Fields = Vec<(&'static str, FieldValue)>;

/// Which attempt a call is, where a retry loop runs around it. Not `Copy`, so that an
/// async block that uses it owns it.
#[derive(Debug)]
pub struct Attempt {
    /// Counted from 1; 0 where there is no loop.
    pub(crate) number: u32,
    /// Tells an attempt that may be cut off from all others; zero for one that may not.
    pub(crate) id: u64,
    /// The loop around the call.
    pub(crate) retry: Option<&'static RetrySite>,
}

impl Attempt {
    /// No loop runs around the call.
    pub const ONLY: Self = Self {
        number: 0,
        id: 0,
        retry: None,
    };

    /// Its number in the process.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }
}

/// What is known of a call before its body runs.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) fields: Fields,
    pub(crate) given: Given,
    pub(crate) attempt: Attempt,
}

/// Of a call of which nothing is.
pub(crate) const PLAIN: Opening = Opening {
    fields: Vec::new(),
    given: Given::NOTHING,
    attempt: Attempt::ONLY,
};

impl Opening {
    pub(crate) fn new<const N: usize>(
        fields: [(&'static str, FieldValue); N],
        given: Given,
        attempt: Attempt,
    ) -> Self {
        Self {
            fields: Vec::from(fields),
            given,
            attempt,
        }
    }
}
