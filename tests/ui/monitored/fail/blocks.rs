use monitor_runtime::monitored;

struct Loader;

#[monitored(stage = "", levle = "info")]
impl Loader {
    fn one() {}
    fn two() {}
}

#[monitored(stage = "X", records = |rows| rows.len(), records_total)]
impl Loader {
    fn three() {}
    fn four() {}
}

fn main() {
    Loader::one();
    Loader::two();
    Loader::three();
    Loader::four();
}
