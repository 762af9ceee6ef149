/// Runs the pipeline.
#[monitor_runtime::main]
#[allow(dead_code)]
async fn main() -> Result<(), std::io::Error> {
    Ok(())
}
