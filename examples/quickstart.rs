//! The shortest monitored program: three attributes.
//!
//! ```text
//! cargo run --example quickstart
//! ```

use std::io;

use monitor_runtime::{monitored, retry};

#[monitored(
    stage = "NBA-17",
    event = "INGESTION",
    records = |players| players.len(),
    fields(season),
    alert = "critical"
)]
#[retry(max = 3, delay = "100ms")]
async fn ingest_players(season: &str) -> Result<Vec<String>, io::Error> {
    let text = std::fs::read_to_string(format!("players-{season}.txt"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

#[monitor_runtime::main]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let season = "2023-24";
    std::fs::write(format!("players-{season}.txt"), "Dončić\nJokić\n")?;
    ingest_players(season).await?;
    std::fs::remove_file(format!("players-{season}.txt"))?;
    // The file is gone now: the call is retried, fails, and raises an alert.
    if let Err(error) = ingest_players(season).await {
        eprintln!("as expected: {error}");
    }
    Ok(())
}
