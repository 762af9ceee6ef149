//! What users see, one file per capability.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../support/project.rs"]
mod project;
#[path = "../support/mod.rs"]
mod support;

mod alert_rules;
mod alerts_email;
mod alerts_further;
mod alerts_many;
mod alerts_own;
mod alerts_secrets;
mod alerts_slack;
mod attributes;
mod blocks;
mod declared;
mod executors;
mod future_type;
mod futures;
mod limits;
mod live;
mod monitor;
mod page;
mod page_live;
mod pipeline;
mod process;
mod program;
mod progress;
mod retry;
mod threads;
