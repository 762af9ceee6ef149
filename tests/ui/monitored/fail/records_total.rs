use monitor_runtime::monitored;

#[monitored(stage = "NBA-19", records_total = |rows| rows.len())]
fn closure(rows: Vec<u8>) {}

#[monitored(stage = "NBA-19", records_total = rows.first())]
fn no_number(rows: Vec<u8>) {}

#[monitored(stage = "NBA-19", records_total = )]
fn missing(rows: Vec<u8>) {}

#[monitored(stage = "NBA-19", records_total(rows.len()))]
fn parentheses(rows: Vec<u8>) {}

#[monitored(stage = "NBA-19", records_total = text.parse::<u64>()?)]
fn leaves(text: &str) -> Result<u64, std::num::ParseIntError> {
    text.parse()
}

#[monitored(stage = "NBA-19", records_in = { return }, records = |rows| rows.len())]
fn returns(rows: Vec<u8>) -> Vec<u8> {
    rows
}

#[monitored(stage = "NBA-19", total = rows.len())]
fn other_name(rows: Vec<u8>) {}

fn main() {
    closure(Vec::new());
    no_number(Vec::new());
    missing(Vec::new());
    parentheses(Vec::new());
    let _ = leaves("7");
    returns(Vec::new());
    other_name(Vec::new());
}
