use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    'rows: for row in 0..n {
        print!("{row}");
    }
    n
}

fn main() {}
