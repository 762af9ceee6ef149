use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", alert = "critical")]
fn short() {}

#[monitored(stage = "NBA-17", alert(on = "failure", level = "critical"))]
fn long() {}

#[monitored(stage = "NBA-17", alert(on = "failure", level = "critical", channel = "slack"))]
fn with_a_channel() {}

#[monitored(stage = "NBA-17", alert = "info")]
fn for_the_log() {}

#[monitored(stage = "NBA-17", alert(on = "failure", level = "critical", channel = ["email", "pager"]))]
fn a_channel_of_its_own() {}

#[monitored(stage = "NBA-17", alert(on = "failure", channel = ["email", "pagr"]))]
fn misspelt() {}

fn main() {
    a_channel_of_its_own();
    misspelt();
    short();
    long();
    with_a_channel();
    for_the_log();
}
