use monitor_runtime::monitored;

fn other() -> Result<(), String> {
    Ok(())
}

#[monitored(stage = "NBA-17")]
fn f() {
    other();
}

fn main() {}
