use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> usize {
    let longest;
    {
        let name = String::new();
        longest = &name;
    }
    longest.len()
}

fn main() {}
