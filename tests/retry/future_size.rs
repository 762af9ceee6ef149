//! How much a future grows by its retries.

#![allow(clippy::unused_async, reason = "the sizes are what is tested")]

use std::mem::size_of_val;

use monitor_runtime::retry;

/// By how many bytes a future may grow where nothing is consumed.
const GROWTH: usize = 64;

async fn get(path: &str, page: u32) -> Result<u32, std::io::Error> {
    futures_lite::future::yield_now().await;
    Ok(page + u32::try_from(path.len()).unwrap_or(0))
}

struct Api {
    base: String,
}

/// Each function twice, in a module of its own.
macro_rules! twice {
    ($($item:item)*) => {
        mod plain {
            use super::*;
            $($item)*
            impl Api {
                pub(super) async fn plain(&self, page: u32) -> Result<u32, std::io::Error> {
                    get(&self.base, page).await
                }
            }
        }
        mod retried {
            use super::*;
            $(#[retry(max = 3, delay = 2)] $item)*
            impl Api {
                #[retry(max = 3, delay = 2)]
                pub(super) async fn retried(&self, page: u32) -> Result<u32, std::io::Error> {
                    get(&self.base, page).await
                }
            }
        }
    };
}

twice! {
    pub(super) async fn nothing() -> Result<u32, std::io::Error> {
        get("players", 1).await
    }
    pub(super) async fn borrowed(path: &str) -> Result<u32, std::io::Error> {
        get(path, 1).await
    }
    pub(super) async fn owned(path: String, page: u32) -> Result<u32, std::io::Error> {
        get(&path, page).await
    }
    pub(super) async fn big(page: [u8; 1024]) -> Result<u32, std::io::Error> {
        get("players", page.len() as u32).await?;
        get("players", page.len() as u32).await
    }
    pub(super) async fn mutable(rows: &mut Vec<u32>) -> Result<u32, std::io::Error> {
        rows.push(get("players", 1).await?);
        Ok(1)
    }
}

#[test]
fn a_future_grows_by_at_most_64_bytes() {
    let api = Api {
        base: "players".to_owned(),
    };
    let sizes = [
        (
            "nothing",
            size_of_val(&plain::nothing()),
            size_of_val(&retried::nothing()),
        ),
        (
            "borrowed",
            size_of_val(&plain::borrowed("")),
            size_of_val(&retried::borrowed("")),
        ),
        (
            "owned",
            size_of_val(&plain::owned(String::new(), 1)),
            size_of_val(&retried::owned(String::new(), 1)),
        ),
        (
            "big",
            size_of_val(&plain::big([0; 1024])),
            size_of_val(&retried::big([0; 1024])),
        ),
        (
            "mutable",
            size_of_val(&plain::mutable(&mut Vec::new())),
            size_of_val(&retried::mutable(&mut Vec::new())),
        ),
        (
            "method",
            size_of_val(&api.plain(1)),
            size_of_val(&api.retried(1)),
        ),
    ];
    for (name, plain, retried) in sizes {
        eprintln!("{name}: {plain} bytes, retried {retried}");
        assert!(retried <= plain + GROWTH, "{name}: {plain} to {retried}");
    }
}
