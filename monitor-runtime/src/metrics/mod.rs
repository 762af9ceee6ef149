//! What is counted and measured.
//!
//! | module | concept |
//! |---|---|
//! | `stats` | the counts of one function, written by its calls |
//! | `histogram` | durations, with quantiles |
//! | `registry` | all functions, called or declared |
//! | `points` | what the program records by hand |
//! | `process` | CPU, memory, threads and open files of the process |
//! | `snapshot` | all of it at one moment, as typed data |
//! | `automatic` | what of it stands in the file, by name |
//! | `file` | `logs/metrics.json` |
//! | `sampler` | the thread that writes the file about once a second |

mod automatic;
pub(crate) mod file;
pub(crate) mod histogram;
pub(crate) mod points;
pub(crate) mod process;
pub(crate) mod registry;
pub(crate) mod sampler;
pub(crate) mod snapshot;
pub(crate) mod stats;
