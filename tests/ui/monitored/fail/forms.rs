use monitor_runtime::monitored;

#[monitored(NBA-17)]
fn without_quotes() {}

#[monitored(stage = "NBA-17"suffix)]
fn with_a_suffix() {}

#[monitored(stage = b"NBA-17")]
fn bytes() {}

#[monitored(skip)]
fn not_in_a_block() {}

#[monitored(stage = "NBA-17", alert(critical))]
fn severity_in_parentheses() {}

#[monitored(stage = "NBA-17", max_duration = 2u8)]
fn number_with_a_suffix() {}

#[monitored(stage = "NBA-17", max_duration = 2s)]
fn number_with_a_unit() {}

#[monitored(stage = "NBA-17", records = |n| *n, min_records = 18446744073709551616)]
fn too_large() -> u32 {
    1
}

#[monitored(stage = "NBA-17", fields(_ = 1, ?))]
fn field_without_a_name() {}

struct Rows;

#[monitored(stage = "NBA-17", bad = 1)]
impl Rows {
    const NUMBER: u8 = 7;
}

fn main() {
    without_quotes();
    with_a_suffix();
    bytes();
    not_in_a_block();
    severity_in_parentheses();
    number_with_a_suffix();
    number_with_a_unit();
    too_large();
    field_without_a_name();
    let _ = Rows::NUMBER;
}
