//! Structured lines, to the file and to the console.
//!
//! | module | concept |
//! |---|---|
//! | `record` | what one line says |
//! | `line` | the line as JSON |
//! | `timestamp` | RFC 3339, in UTC |
//! | `log` | the way of a line: encoded, numbered, written |
//! | `file` | the file it is appended to |
//! | `console` | the line for people |
//! | `filter` | which of those reach the log |
//! | `layer` | the application's own `tracing` events |

pub(crate) mod console;
pub(crate) mod file;
pub(crate) mod filter;
pub(crate) mod layer;
pub(crate) mod line;
pub(crate) mod log;
pub(crate) mod record;
pub(crate) mod timestamp;
