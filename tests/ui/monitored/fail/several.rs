use monitor_runtime::{monitored, retry};

#[monitored(
    stgae = "NBA-17",
    event = "ingestion",
    records = 3,
    fields(duration, season, season),
    level = "eror",
    alert =,
    skip_all
)]
#[retry(max = 0, dleay = 2)]
fn ingest(season: &str, duration: u8) -> Result<u8, String> {
    Ok(duration + season.len() as u8)
}

fn main() {
    let _ = ingest("2023-24", 1);
}
