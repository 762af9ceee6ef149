use monitor_runtime::{monitored, retry};

#[monitored(stage = "NBA-17")]
#[tokio::main]
#[retry]
async fn ingest() -> Result<u8, String> {
    Ok(1)
}

fn main() {
    let _ = ingest();
}
