use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f<'a>(rows: Vec<u32>) -> &'a [u32] {
    rows.as_slice()
}

fn main() {}
