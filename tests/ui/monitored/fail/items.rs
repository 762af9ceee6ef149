use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
struct Client;

#[monitored(stage = "NBA-17")]
impl Client {
    fn call(&self) {}
}

#[monitored(stage = "NBA-17")]
pub trait Source {
    fn load(&self);
}

trait Sink {
    #[monitored(stage = "NBA-17")]
    fn store(&self);
}

impl Sink for Client {
    fn store(&self) {}
}

#[monitored(stage = "NBA-17")]
const fn constant() -> u8 {
    7
}

#[monitored(stage = "NBA-17")]
const LIMIT: u8 = 7;

#[monitored(stage = "NBA-17")]
mod stages {
    pub fn run() {}
}

#[monitored(stgae = "NBA-17")]
enum Wrong {
    Too,
}

fn main() {
    Client.call();
    Client.store();
    constant();
    stages::run();
    let _ = (LIMIT, Wrong::Too);
}
