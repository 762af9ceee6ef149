use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", alert(on = "panics"))]
fn unknown_condition() {}

#[monitored(stage = "NBA-17", alert(on = "failure", level = "fatal"))]
fn unknown_level() {}

#[monitored(stage = "NBA-17", alert(level = "critical"))]
fn without_condition() {}

#[monitored(stage = "NBA-17", alert())]
fn empty() {}

#[monitored(stage = "NBA-17", alert(on))]
fn without_value() {}

#[monitored(stage = "NBA-17", alert("failure"))]
fn without_key() {}

#[monitored(stage = "NBA-17", alert(on = "failure", chanel = "slack"))]
fn unknown_key() {}

#[monitored(stage = "NBA-17", alert(on = "failure", severity = "critical"))]
fn key_of_another_tool() {}

#[monitored(stage = "NBA-17", alert(when = "failure"))]
fn another_key_of_another_tool() {}

#[monitored(stage = "NBA-17", alert = "critical", alert(on = "failure", level = "warning"))]
fn twice() {}

#[monitored(stage = "NBA-17", alert(on = "slow"))]
fn never_slow() {}

#[monitored(stage = "NBA-17", alert(on = "records"))]
fn never_counted() {}

#[monitored(stage = "NBA-17", alert(on = "stale", level = "critical"))]
fn never_stale() {}

#[monitored(stage = "NBA-17", alert(on = "cancelled"))]
fn never_cancelled() {}

#[monitored(stage = "NBA-17", max_duration = "2 m m", alert(on = "slow"))]
fn one_mistake_is_one_error() {}

fn main() {
    unknown_condition();
    unknown_level();
    without_condition();
    empty();
    without_value();
    without_key();
    unknown_key();
    key_of_another_tool();
    another_key_of_another_tool();
    twice();
    never_slow();
    never_counted();
    never_stale();
    never_cancelled();
    one_mistake_is_one_error();
}
