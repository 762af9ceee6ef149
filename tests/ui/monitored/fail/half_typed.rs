use monitor_runtime::monitored;

#[monitored(stage =)]
fn no_value() {}

#[monitored(stage =, event = "STEP")]
fn no_value_and_more() {}

#[monitored("NBA-17")]
fn no_key() {}

#[monitored(stage = "NBA-17" event = "step")]
fn no_comma() {}

#[monitored(stage = "NBA-17" "NBA-18")]
fn two_values() {}

#[monitored(stage = player ingestion)]
fn no_quotes() {}

#[monitored(stage: "NBA-17")]
fn a_colon() {}

#[monitored(stage = "NBA-17",, event = "STEP")]
fn two_commas() {}

#[monitored(stage = "NBA-17", records = |rows|)]
fn no_closure_body() {}

#[monitored(stage = "NBA-17", records = rows.len( 1 2 ), event = "step")]
fn unreadable() {}

fn main() {
    no_value();
    no_value_and_more();
    no_key();
    no_comma();
    two_values();
    no_quotes();
    a_colon();
    two_commas();
    no_closure_body();
    unreadable();
}
