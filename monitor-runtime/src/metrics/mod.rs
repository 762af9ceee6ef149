//! What is counted and measured.
//!
//! | module | concept |
//! |---|---|
//! | `own` | the way from a call to the counters of its thread |
//! | `shard` | what one thread counts of one function |
//! | `totals` | sums, of one thread or of many |
//! | `live` | the counters of the threads that live |
//! | `stats` | the counts of one function, in all threads |
//! | `histogram` | durations, with quantiles |
//! | `registry` | all functions that were called |
//! | `points` | what the program records by hand |
//! | `process` | CPU and memory of the process |
//! | `snapshot` | all of it at one moment, as typed data |
//! | `file` | `logs/metrics.json` |
//! | `sampler` | the thread that writes the file about once a second |

pub(crate) mod file;
pub(crate) mod histogram;
mod live;
mod own;
pub(crate) mod points;
pub(crate) mod process;
pub(crate) mod registry;
pub(crate) mod sampler;
mod shard;
pub(crate) mod snapshot;
pub(crate) mod stats;
mod sync;
pub(crate) mod totals;
