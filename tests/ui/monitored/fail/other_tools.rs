use monitor_runtime::monitored;

#[monitored(name = "ingest")]
fn name() {}

#[monitored(stage = "NBA-17", err)]
fn err() {}

#[monitored(stage = "NBA-17", ret)]
fn ret() {}

#[monitored(stage = "NBA-17", skip(password))]
fn skip(password: &str) {
    let _ = password;
}

#[monitored(stage = "NBA-17", skip_all)]
fn skip_all() {}

#[monitored(stage = "NBA-17", target = "ingestion")]
fn target() {}

#[monitored(stage = "NBA-17", max = 3)]
fn max() {}

#[monitored(stage = "NBA-17", retries = 3)]
fn retries() {}

#[monitored(stage = "NBA-17", retry = 3, delay = 2)]
fn retry_and_delay() {}

#[monitored(stage = "NBA-17", max_retries = 3, attempts = 4)]
fn max_retries_and_attempts() {}

#[monitored(stage = "NBA-17", backoff = "exponential", parent = None)]
fn backoff_and_parent() {}

fn main() {
    name();
    err();
    ret();
    skip("");
    skip_all();
    target();
    max();
    retries();
    retry_and_delay();
    max_retries_and_attempts();
    backoff_and_parent();
}
