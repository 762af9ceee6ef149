use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", records = rows.len())]
fn not_a_closure() -> Vec<u8> {
    Vec::new()
}

#[monitored(stage = "NBA-17", records = 3)]
fn a_number() -> Vec<u8> {
    Vec::new()
}

#[monitored(stage = "NBA-17", records = |rows, error| rows.len())]
fn two_parameters() -> Vec<u8> {
    Vec::new()
}

#[monitored(stage = "NBA-17", records = || 3)]
fn no_parameter() -> Vec<u8> {
    Vec::new()
}

#[monitored(stage = "NBA-17", records)]
fn a_flag() -> Vec<u8> {
    Vec::new()
}

fn main() {
    not_a_closure();
    a_number();
    two_parameters();
    no_parameter();
    a_flag();
}
