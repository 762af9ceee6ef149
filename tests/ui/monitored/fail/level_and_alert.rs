use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", level = "wraning")]
fn misspelt_level() {}

#[monitored(stage = "NBA-17", level = "loud")]
fn unknown_level() {}

#[monitored(stage = "NBA-17", level = info)]
fn level_without_quotes() {}

#[monitored(stage = "NBA-17", alert = "crtical")]
fn misspelt_alert() {}

#[monitored(stage = "NBA-17", alert = "pager")]
fn unknown_alert() {}

#[monitored(stage = "NBA-17", alert)]
fn alert_without_a_value() {}

#[monitored(stage = "NBA-17", alert = true)]
fn alert_as_a_switch() {}

fn main() {
    misspelt_level();
    unknown_level();
    level_without_quotes();
    misspelt_alert();
    unknown_alert();
    alert_without_a_value();
    alert_as_a_switch();
}
