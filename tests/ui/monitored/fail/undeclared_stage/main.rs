use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn declared() {}

#[monitored(stage = "NBA-71")]
fn misspelt() {}

#[monitored(stage = "exports.daily")]
fn undeclared() {}

fn main() {
    declared();
    misspelt();
    undeclared();
}
