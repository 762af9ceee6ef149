use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", alert(on = "failure", channel = "slak"))]
fn unknown_channel() {}

#[monitored(stage = "NBA-17", alert(on = "failure", channel = ["email", "Slack"]))]
fn unknown_channel_in_a_list() {}

#[monitored(stage = "NBA-17", alert(on = "failure", channel = []))]
fn no_channel() {}

#[monitored(stage = "NBA-17", alert(on = "failure", channels = "slack"))]
fn channels() {}

#[monitored(stage = "NBA-17", alert(on = "failure", after = 0))]
fn before_anything() {}

#[monitored(stage = "NBA-17", alert(on = "failure", after = 1, within = "10m"))]
fn at_once_within() {}

#[monitored(stage = "NBA-17", alert(on = "failure", within = "10m"))]
fn within_alone() {}

#[monitored(stage = "NBA-17", alert(on = "failure", after = 3, within = "10 minutes ago"))]
fn within_what() {}

#[monitored(stage = "NBA-17", alert(on = "failure", after = "3"))]
fn after_a_text() {}

#[monitored(stage = "NBA-17", alert(on = "failure", after = 5_000_000_000))]
fn after_too_many() {}

#[monitored(stage = "NBA-17", alert(on = "failure", repeat = "0s"))]
fn repeated_at_once() {}

#[monitored(stage = "NBA-17", alert(on = "failure", resolve = "no"))]
fn resolve_as_text() {}

#[monitored(stage = "NBA-17", alert(on = "error_rate"))]
fn rate_of_what() {}

#[monitored(stage = "NBA-17", alert(on = "error_rate", above = 20, within = "10m"))]
fn rate_in_percent() {}

#[monitored(stage = "NBA-17", alert(on = "error_rate", above = 0, within = "10m"))]
fn rate_of_nothing() {}

#[monitored(stage = "NBA-17", alert(on = "error_rate", above = "20%", within = "10m"))]
fn rate_as_text() {}

#[monitored(stage = "NBA-17", alert(on = "error_rate", above = 0.2, within = "10m", after = 3, min_calls = 0))]
fn rate_after() {}

#[monitored(stage = "NBA-17", alert(on = "failure", above = 0.2))]
fn share_of_a_failure() {}

#[monitored(stage = "NBA-17", stale_after = "26h", alert(on = "stale", after = 3, within = "10m"))]
fn stale_three_times() {}

#[monitored(
    stage = "NBA-17",
    alert(on = "failure", after = 3),
    alert(on = "failure", after = 3, level = "critical")
)]
fn the_same_twice() {}

fn main() {
    unknown_channel();
    unknown_channel_in_a_list();
    no_channel();
    channels();
    before_anything();
    at_once_within();
    within_alone();
    within_what();
    after_a_text();
    after_too_many();
    repeated_at_once();
    resolve_as_text();
    rate_of_what();
    rate_in_percent();
    rate_of_nothing();
    rate_as_text();
    rate_after();
    share_of_a_failure();
    stale_three_times();
    the_same_twice();
}
