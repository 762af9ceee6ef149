use monitor_runtime::monitored;

#[monitored(stage = "NBA-18", records_in = |rows| rows.len(), records = |rows| rows.len())]
fn closure(rows: Vec<u8>) -> Vec<u8> {
    rows
}

#[monitored(stage = "NBA-18", records_in = rows.first(), records = |rows| rows.len())]
fn no_number(rows: Vec<u8>) -> Vec<u8> {
    rows
}

#[monitored(stage = "NBA-18", records_in = row.len(), records = |rows| rows.len())]
fn unknown_argument(rows: Vec<u8>) -> Vec<u8> {
    rows
}

#[monitored(stage = "NBA-18", rejected = 3)]
fn number(rows: Vec<u8>) -> Vec<u8> {
    rows
}

#[monitored(stage = "NBA-18", rejected = |rows, bad| bad)]
fn two_parameters(rows: Vec<u8>) -> Vec<u8> {
    rows
}

#[monitored(stage = "NBA-18", rejected = |rows| rows.iter().all(|n| *n > 0))]
fn no_count(rows: Vec<u8>) -> Vec<u8> {
    rows
}

#[monitored(stage = "NBA-18", fields(rejected = 1, busy = 2))]
fn built_in() {}

fn main() {
    closure(Vec::new());
    no_number(Vec::new());
    unknown_argument(Vec::new());
    number(Vec::new());
    two_parameters(Vec::new());
    no_count(Vec::new());
    built_in();
}
