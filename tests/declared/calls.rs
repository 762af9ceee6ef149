//! Functions that a test calls, in another order than they stand here.

use monitor_runtime::monitored;

#[monitored(stage = "B-1")]
pub fn first() {}

#[monitored(stage = "A-2")]
pub fn second() {}

#[monitored(stage = "A-2")]
pub fn third() {}

#[monitored(stage = "B-4")]
pub fn fourth() {}
