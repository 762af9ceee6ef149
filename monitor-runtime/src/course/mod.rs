//! How a run went over time: what the report draws.
//!
//! | module | concept |
//! |---|---|
//! | `series` | the numbers of each stage, about once a second |
//! | `spans` | when calls began and ended, one inside another |
//!
//! Only what has lines in the log comes here: a call without any is not slowed down by it.

pub(crate) mod series;
pub(crate) mod spans;
