use monitor_runtime::monitored;

const STAGE: &str = "NBA-17";

#[monitored]
fn missing() {}

#[monitored()]
fn missing_too() {}

#[monitored(stage = "")]
fn empty() {}

#[monitored(stage = "NBA 17")]
fn with_a_space() {}

#[monitored(stage = "NBA/17")]
fn with_a_slash() {}

#[monitored(stage = "-17")]
fn starts_with_a_dash() {}

#[monitored(stage = "ingestion-of-all-players-and-teams-of-the-league-of-the-season-2023")]
fn too_long() {}

#[monitored(stage = "NBA-17", stage = "NBA-18")]
fn twice() {}

#[monitored(stage = 17)]
fn a_number() {}

#[monitored(stage = STAGE)]
fn a_constant() {}

#[monitored(stage = NBA - 17)]
fn without_quotes() {}

#[monitored(stage)]
fn a_flag() {}

#[monitored(stage("NBA-17"))]
fn in_parentheses() {}

fn main() {
    missing();
    missing_too();
    empty();
    with_a_space();
    with_a_slash();
    starts_with_a_dash();
    too_long();
    twice();
    a_number();
    a_constant();
    without_quotes();
    a_flag();
    in_parentheses();
    println!("{STAGE}");
}
