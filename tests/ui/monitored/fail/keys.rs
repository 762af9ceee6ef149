use monitor_runtime::monitored;

#[monitored(stgae = "X")]
fn misspelt() {}

#[monitored(stage = "X", colour = "red")]
fn far_from_all() {}

#[monitored(stage = "X", crate = 5)]
fn not_a_path() {}

#[monitored(stage = "X", crate = "")]
fn not_a_path_as_text() {}

fn main() {
    misspelt();
    far_from_all();
    not_a_path();
    not_a_path_as_text();
}
