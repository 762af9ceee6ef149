use monitor_runtime::retry;

#[retry]
fn f(n: Result<u32, String>) -> Result<(), String> {
    n?;
}

fn main() {}
