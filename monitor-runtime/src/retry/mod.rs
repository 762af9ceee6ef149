//! Attempts, and the waits between them.
//!
//! | module | concept |
//! |---|---|
//! | `site` | one retried function, as its attribute says |
//! | `cloned` | attempts whose closure is cloned |
//! | `again` | attempts whose closure is called anew |
//! | `within`, `timed_out` | attempts with a limit on their time |
//! | `decision` | what follows on an attempt |
//! | `jitter` | random waits |
//! | `bucket`, `budgets`, `sync` | the retries that functions share |
//! | `clock` | the time of a call with a deadline |
//! | `sleep`, `timer` | the wait, in sync code, in tokio and elsewhere |
//! | `worker` | a wait where none should be |
//! | `notes`, `pending`, `lines` | what a call, an alert and the log are told |
//! | `http` | the wait that a server asks for |

pub mod again;
mod bucket;
pub(crate) mod budgets;
pub(crate) mod clock;
pub mod cloned;
pub(crate) mod decision;
#[cfg(feature = "http")]
pub(crate) mod http;
pub(crate) mod jitter;
mod lines;
pub(crate) mod notes;
pub(crate) mod pending;
pub(crate) mod site;
pub(crate) mod sleep;
mod sync;
pub(crate) mod timed_out;
pub(crate) mod timer;
pub(crate) mod within;
#[cfg(feature = "tokio")]
mod worker;
