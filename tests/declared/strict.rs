//! Where no name but those of the crates is there, and the names of the expansion are taken.

#![no_implicit_prelude]
#![allow(dead_code, unused_macros, reason = "names that are in the way")]

mod core {}
mod std {}
mod monitor_runtime {}

struct Option;
struct Site;

macro_rules! announce {
    ($($any:tt)*) => {
        ::std::compile_error!("another macro is meant");
    };
}

#[::monitor_runtime::monitored(stage = "S-1")]
pub fn plain(__site: u8) -> u8 {
    __site
}

#[::monitor_runtime::monitored(stage = "S-2", records = |rows| rows.len())]
pub fn fallible(rows: &[u8]) -> ::std::result::Result<&[u8], ::std::string::String> {
    ::std::result::Result::Ok(rows)
}

#[::monitor_runtime::monitored(stage = "S-3")]
pub async fn waits<T>(future: T) -> T::Output
where
    T: ::std::future::Future + ::std::marker::Send,
{
    future.await
}

pub trait Step {
    #[::monitor_runtime::monitored(stage = "S-4")]
    fn announce(&self) -> u8 {
        4
    }
}
