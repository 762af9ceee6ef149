//! Attempts, and the waits between them.
//!
//! | module | concept |
//! |---|---|
//! | `site` | one retried function and its schedule |
//! | `cloned` | attempts whose closure is cloned |
//! | `again` | attempts whose closure is called anew |
//! | `sleep` | the wait, in sync code, in tokio and elsewhere |

pub mod again;
pub mod cloned;
pub(crate) mod site;
pub(crate) mod sleep;
pub(crate) mod timer;
