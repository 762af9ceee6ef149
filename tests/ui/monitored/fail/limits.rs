use monitor_runtime::monitored;

#[monitored(stage = "NBA-17", max_duration = "2 minutes")]
fn unit() {}

#[monitored(stage = "NBA-17", max_duration = 0)]
fn zero() {}

#[monitored(stage = "NBA-17", max_duration)]
fn nothing() {}

#[monitored(stage = "NBA-17", stale_after = -1)]
fn negative() {}

#[monitored(stage = "NBA-17", records = |n| *n, min_records = "5000")]
fn text() -> u32 {
    1
}

#[monitored(stage = "NBA-17", records = |n| *n, max_records = -1)]
fn below_zero() -> u32 {
    1
}

#[monitored(stage = "NBA-17", records = |n| *n, min_records = 20, max_records = 10)]
fn contradiction() -> u32 {
    1
}

#[monitored(stage = "NBA-17", min_records = 20)]
fn without_records() -> u32 {
    1
}

#[monitored(stage = "NBA-17", max_duratoin = "2m")]
fn misspelt() {}

#[monitored(stage = "NBA-17", timeout = "2m")]
fn of_another_tool() {}

#[monitored(stage = "NBA-17", max_duration = "10s")]
#[monitor_runtime::retry(max = 3, delay = 2)]
fn shorter_than_the_waits() -> Result<u8, String> {
    Ok(1)
}

fn main() {
    unit();
    zero();
    nothing();
    negative();
    text();
    below_zero();
    contradiction();
    without_records();
    misspelt();
    of_another_tool();
    let _ = shorter_than_the_waits();
}
