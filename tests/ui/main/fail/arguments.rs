#[monitor_runtime::main]
fn main(season: &str, pages: u32) -> Result<(), std::fmt::Error> {
    run(season, pages);
    Ok(())
}

fn run(season: &str, pages: u32) {
    let _ = (season, pages);
}
