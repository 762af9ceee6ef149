//! The vocabulary that `monitor-macros` and `monitor-runtime` share.
//!
//! The macros read an annotation while the program is compiled, the runtime reads the same words while it runs. Both
//! call the functions of this crate, so that a duration, a stage id or a line of `monitor.toml` means the same in both
//! places, and a mistake in it is explained with the same words.
//!
//! The crate is pure: it opens no file, reads no environment and no clock, and panics on no input. Whoever calls it
//! brings the text along.
//!
//! ```
//! use monitor_config::Config;
//!
//! let problems = Config::parse("[stages.NBA-17]\ntitel = \"Player ingestion\"").unwrap_err();
//! assert_eq!(problems[0].line, 2);
//! assert!(problems[0].message.starts_with("unknown key `titel` in [stages.NBA-17]: did you mean `title`?"));
//! ```
//!
//! | module | concept |
//! |---|---|
//! | [`duration`] | `"2m"`, `"500ms"`, `"1h30m"`: read and shown |
//! | [`stage_id`] | the grammar of stage ids and event prefixes |
//! | [`spelling`] | "did you mean …?" |
//! | `level` | [`Level`] of a log line, [`Severity`] of an alert |
//! | `limits` | [`Limits`] that a call should not cross |
//! | `condition`, `rule`, `written_rule` | the [`Rule`]s that raise an alert, and which of their keys do not go together |
//! | `schedule` | [`Schedule`]: how often to retry, and how long to wait |
//! | `log`, `size` | how the log is written; sizes of files |
//! | `config`, `channel`, `channels` | [`Config`]: what `monitor.toml` says |
//! | `parse`, `section`, `check`, `syntax` | how `monitor.toml` is read, from the file down to one value |
//! | `problem` | [`Problem`]: one mistake in `monitor.toml`, with its place |

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test may fail by panicking")
)]

pub mod duration;
pub mod spelling;
pub mod stage_id;

mod channel;
mod channels;
mod check;
mod condition;
mod config;
mod level;
mod limits;
mod log;
mod parse;
mod problem;
mod rule;
mod schedule;
mod section;
mod size;
mod syntax;
mod written_rule;

pub use channel::{Channel, own_channel, route_to};
pub use channels::Channels;
pub use condition::Condition;
pub use config::{Alertmanager, Alerts, Budget, Config, Email, Pipeline, Slack, Stage, Webhook};
pub use duration::parse_duration;
pub use level::{Level, Severity};
pub use limits::Limits;
pub use log::{Log, LogConsole, LogMode};
pub use problem::Problem;
pub use rule::Rule;
pub use schedule::Schedule;
pub use size::parse_size;
pub use spelling::{nearest, one_of};
pub use stage_id::{check_event, check_stage_id};
pub use written_rule::WrittenRule;
