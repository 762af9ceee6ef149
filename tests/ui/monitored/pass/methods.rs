//! Every receiver, and methods of traits.

#![deny(warnings, missing_docs, unused_qualifications)]
#![forbid(unsafe_code)]

use std::fmt;

use monitor_runtime::monitored;

/// A client.
#[derive(Debug, Default)]
pub struct Client {
    calls: u32,
}

impl Client {
    /// By reference.
    #[monitored(stage = "NBA-17", fields(calls = self.calls))]
    pub fn by_reference(&self) -> u32 {
        self.calls
    }

    /// By mutable reference.
    #[monitored(stage = "NBA-17", fields(page))]
    pub fn by_mutable_reference(&mut self, page: u32) -> Result<&mut u32, fmt::Error> {
        self.calls += page;
        Ok(&mut self.calls)
    }

    /// By value.
    #[monitored(stage = "NBA-17")]
    pub fn by_value(self) -> u32 {
        self.calls
    }

    /// By value, changed.
    #[monitored(stage = "NBA-17")]
    pub fn by_changed_value(mut self) -> Self {
        self.calls += 1;
        self
    }

    /// In a box.
    #[monitored(stage = "NBA-17")]
    pub fn boxed(self: Box<Self>) -> Box<Self> {
        self
    }

    /// In a future.
    #[monitored(stage = "NBA-17")]
    pub async fn call(&mut self, path: &str) -> Result<u32, fmt::Error> {
        self.calls += path.len() as u32;
        Ok(self.calls)
    }

    /// Without a receiver.
    #[monitored(stage = "NBA-17")]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// A source.
pub trait Source {
    /// What it gives.
    type Out: Default;

    /// A default method.
    #[monitored(stage = "NBA-17")]
    fn load(&self) -> Self::Out {
        Self::Out::default()
    }
}

impl Source for Client {
    type Out = u32;

    #[monitored(stage = "NBA-17")]
    fn load(&self) -> Self::Out {
        self.calls
    }
}

fn assert_send<T: Send>(_: &T) {}

#[test]
fn every_method_is_called_as_before() {
    let mut client = Client::new();
    assert!(client.by_mutable_reference(1).is_ok());
    assert_send(&client.call("path"));
    assert_eq!(client.by_reference() + client.load(), 2);
    assert_eq!(Box::new(client.by_changed_value()).boxed().calls, 2);
    assert_eq!(Client::new().by_value(), 0);
}
