use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(all: bool) -> impl Iterator<Item = u32> {
    if all {
        return 0..9;
    }
    std::iter::once(1)
}

fn main() {}
