use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", event = "ingestion")]
fn lower_case() {}

#[monitored(stage = "NBA-17", event = "")]
fn empty() {}

#[monitored(stage = "NBA-17", event = "run.start")]
fn with_a_dot() {}

#[monitored(stage = "NBA-17", event = "DATA INGESTION")]
fn with_a_space() {}

#[monitored(stage = "NBA-17", event = "17")]
fn a_number() {}

#[monitored(stage = "NBA-17", event = INGESTION)]
fn without_quotes() {}

fn main() {
    lower_case();
    empty();
    with_a_dot();
    with_a_space();
    a_number();
    without_quotes();
}
