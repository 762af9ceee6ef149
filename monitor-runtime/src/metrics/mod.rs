//! What is counted and measured.
//!
//! | module | concept |
//! |---|---|
//! | `own` | the way from a call to the counters of its thread |
//! | `shard` | what one thread counts of one function |
//! | `late` | the last call, which is not in its bucket yet |
//! | `kind` | how a call ended, and whether it was the outermost of its stage |
//! | `finished` | a call that has ended, as it is counted |
//! | `totals` | sums, of one thread or of many |
//! | `live` | the counters of the threads that live |
//! | `stats` | the counts of one function, in all threads |
//! | `histogram` | durations, with quantiles |
//! | `grouped` | numbers for people |
//! | `registry` | all functions, called or declared |
//! | `points` | what the program records by hand |
//! | `process` | CPU, memory, threads and open files of the process |
//! | `snapshot` | all of it at one moment, as typed data |
//! | `stage_progress` | how far a stage is |
//! | `automatic` | what of it stands in the file, by name |
//! | `file` | `logs/metrics.json` |
//! | `sampler` | the thread that writes the file about once a second |

mod automatic;
pub(crate) mod file;
pub(crate) mod finished;
pub(crate) mod grouped;
pub(crate) mod histogram;
pub(crate) mod kind;
mod late;
mod live;
mod own;
pub(crate) mod points;
pub(crate) mod process;
pub(crate) mod registry;
pub(crate) mod sampler;
mod shard;
pub(crate) mod snapshot;
pub(crate) mod stage_progress;
pub(crate) mod stats;
mod sync;
pub(crate) mod totals;
