use monitor_runtime::{monitored, retry};

#[retry]
fn nothing() {}

#[retry]
fn unit() -> () {}

#[retry]
fn a_value() -> u8 {
    7
}

#[retry]
fn a_generic_value() -> Vec<u8> {
    Vec::new()
}

#[retry(max = 2)]
async fn a_future_value() -> Option<u8> {
    Some(7)
}

#[monitored(stage = "NBA-17")]
#[retry(max = 2)]
fn monitored_above(text: &str) -> &str {
    text
}

#[retry(max = 2)]
#[monitored(stage = "NBA-17")]
fn monitored_below(text: &str) -> String {
    text.to_owned()
}

#[retry]
fn never() -> ! {
    std::process::exit(0)
}

#[retry]
fn an_iterator() -> impl Iterator<Item = u8> {
    std::iter::once(7)
}

#[retry]
fn a_future() -> impl Future<Output = Result<u8, String>> {
    std::future::ready(Ok(7))
}

struct Client;

impl Client {
    #[retry]
    fn call(&mut self) -> usize {
        7
    }
}

fn main() {
    nothing();
    unit();
    a_value();
    a_generic_value();
    drop(a_future_value());
    monitored_above("");
    monitored_below("");
    an_iterator();
    drop(a_future());
    Client.call();
    never();
}
