use monitor_runtime::{monitored, retry};

#[retry(budget = "nba-api")]
fn declared() -> Result<(), String> {
    Ok(())
}

#[retry(budget = "nba_api")]
fn misspelt() -> Result<(), String> {
    Ok(())
}

#[monitored(stage = "NBA-17", max_duration = 60)]
#[retry(budget = "slack")]
fn unknown() -> Result<(), String> {
    Ok(())
}

fn main() {}
