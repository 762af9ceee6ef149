use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(name: Option<String>) -> usize {
    match name {
        Some(text) => drop(text),
        None => {}
    }
    name.map_or(0, |text| text.len())
}

fn main() {}
