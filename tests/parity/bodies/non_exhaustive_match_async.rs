use monitor_runtime::monitored;

enum Stage {
    Ingest,
    Clean,
}

#[monitored(stage = "NBA-17")]
async fn f(stage: &Stage) -> u32 {
    match stage {
        Stage::Ingest => 1,
    }
}

fn main() {}
