use monitor_runtime::monitored;

#[monitored(stage = "NBA-19", records_total = |rows| rows.len())]
fn closure(rows: Vec<u8>) {}

#[monitored(stage = "NBA-19", records_total = rows.first())]
fn no_number(rows: Vec<u8>) {}

#[monitored(stage = "NBA-19", records_total = )]
fn missing(rows: Vec<u8>) {}

#[monitored(stage = "NBA-19", records_total(rows.len()))]
fn parentheses(rows: Vec<u8>) {}

#[monitored(stage = "NBA-19", total = rows.len())]
fn other_name(rows: Vec<u8>) {}

fn main() {
    closure(Vec::new());
    no_number(Vec::new());
    missing(Vec::new());
    parentheses(Vec::new());
    other_name(Vec::new());
}
