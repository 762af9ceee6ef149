//! What users see, one file per capability.

#[path = "../support/mod.rs"]
mod support;

mod alerts_email;
mod alerts_slack;
mod attributes;
mod monitor;
mod pipeline;
mod program;
mod retry;
