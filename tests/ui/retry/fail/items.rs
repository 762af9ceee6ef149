use monitor_runtime::retry;

#[retry]
struct Client;

#[retry]
impl Client {
    fn call(&self) {}
}

trait Sink {
    #[retry]
    fn store(&self) -> Result<u8, String>;
}

impl Sink for Client {
    fn store(&self) -> Result<u8, String> {
        Ok(1)
    }
}

impl Client {
    #[retry]
    fn close(mut self) -> Result<u8, String> {
        self = Client;
        self.open();
        Ok(1)
    }

    fn open(&mut self) {}
}

#[retry]
const fn constant() -> Result<u8, u8> {
    Ok(7)
}

fn main() {
    Client.call();
    let _ = Client.store();
    let _ = constant();
    let _ = Client.close();
}
