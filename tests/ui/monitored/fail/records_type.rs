use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", records = |rows| rows.len().to_string())]
fn text(rows: Vec<u8>) -> Vec<u8> {
    rows
}

#[monitored(stage = "NBA-17", records = |rows| rows.len() as f64)]
async fn a_fraction(rows: Vec<u8>) -> Result<Vec<u8>, String> {
    Ok(rows)
}

#[monitored(stage = "NBA-17", records = |rows| rows.lenn())]
fn no_such_method(rows: Vec<u8>) -> Vec<u8> {
    rows
}

fn main() {
    text(Vec::new());
    drop(a_fraction(Vec::new()));
    no_such_method(Vec::new());
}
