use monitor_runtime::{monitored, retry};

struct Token;

fn spend(token: Token) -> Result<u8, String> {
    drop(token);
    Ok(1)
}

#[retry]
fn consumed(token: Token) -> Result<u8, String> {
    spend(token)
}

#[retry]
async fn consumed_in_a_future(token: Token) -> Result<u8, String> {
    spend(token)
}

#[monitored(stage = "NBA-17")]
#[retry]
fn monitored_above(token: Token) -> Result<u8, String> {
    spend(token)
}

#[retry]
#[monitored(stage = "NBA-17")]
fn monitored_below(token: Token) -> Result<u8, String> {
    spend(token)
}

struct Client(Token);

impl Client {
    #[retry]
    fn by_value(self) -> Result<u8, String> {
        spend(self.0)
    }

    #[retry]
    fn beside_a_mutable_borrow(&mut self, token: Token) -> Result<u8, String> {
        self.0 = Token;
        spend(token)
    }
}

fn main() {
    let _ = consumed(Token);
    drop(consumed_in_a_future(Token));
    let _ = monitored_above(Token);
    let _ = monitored_below(Token);
    let _ = Client(Token).by_value();
    let _ = Client(Token).beside_a_mutable_borrow(Token);
}
