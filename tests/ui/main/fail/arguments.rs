#[monitor_runtime::main]
fn main(season: &str) {
    let _ = season;
}
