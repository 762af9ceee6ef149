use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(name: &str) {
    println!("{}", name, name.len());
}

fn main() {}
