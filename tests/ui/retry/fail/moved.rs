use monitor_runtime::{monitored, retry};
use monitor_unchanged::moved;

#[monitored(stage = "NBA-17")]
#[moved]
#[retry(max = 3)]
fn above() -> Result<(), String> {
    Err("once".to_owned())
}

#[retry(max = 3)]
#[moved]
#[monitored(stage = "NBA-17")]
fn below() -> Result<(), String> {
    Err("once".to_owned())
}

#[monitored(stage = "NBA-17")]
#[inline]
#[retry(max = 3)]
fn with_one_that_moves_nothing() -> Result<(), String> {
    Err("once".to_owned())
}

fn main() {}
