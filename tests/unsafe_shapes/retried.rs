//! Unsafe functions that are retried.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_lite::future::block_on;
use monitor_runtime::{retry, testing};

/// Fails twice.
#[derive(Default)]
struct Service(AtomicU32);

impl Service {
    fn call(&self) -> Result<u32, u32> {
        match self.0.fetch_add(1, Ordering::Relaxed) + 1 {
            n @ 3.. => Ok(n),
            n => Err(n),
        }
    }

    /// # Safety
    ///
    /// The pointer must be valid.
    #[retry(max = 3, delay = 1)]
    unsafe fn method(&mut self, pointer: *const u32) -> Result<u32, u32> {
        // SAFETY: the caller says so.
        let by = unsafe { *pointer };
        self.call().map(|n| n + by)
    }
}

/// # Safety
///
/// The pointer must be valid.
#[retry(max = 3, delay = 1)]
unsafe fn with_a_block(service: &Service, pointer: *const u32) -> Result<u32, u32> {
    // SAFETY: the caller says so.
    service.call().map(|n| n + unsafe { *pointer })
}

#[retry(max = 3, delay = 1)]
#[allow(
    unsafe_op_in_unsafe_fn,
    reason = "the body of an unsafe function is one of unsafe code"
)]
unsafe fn without_a_block(service: &Service, pointer: *mut u32) -> Result<u32, u32> {
    *pointer += 1;
    service.call()
}

#[retry(max = 3, delay = 1)]
#[allow(improper_ctypes_definitions, reason = "only Rust calls it")]
unsafe extern "C" fn foreign(service: &Service, pointer: *const u32) -> Result<u32, u32> {
    // SAFETY: the caller says so.
    service.call().map(|n| n + unsafe { *pointer })
}

#[retry(max = 3, delay = 1)]
async unsafe fn asynchronous(service: &Service, bytes: Vec<u8>) -> Result<String, u32> {
    // SAFETY: the caller says so.
    let text = unsafe { String::from_utf8_unchecked(bytes) };
    service.call().map(|n| format!("{text}{n}"))
}

#[test]
fn unsafe_functions_are_retried() {
    let run = testing::capture();
    let mut n = 4;
    let pointer = &raw mut n;
    // SAFETY: it points to `n`.
    unsafe {
        assert_eq!(with_a_block(&Service::default(), pointer), Ok(7));
        assert_eq!(Service::default().method(pointer), Ok(7));
        assert_eq!(without_a_block(&Service::default(), pointer), Ok(3));
        assert_eq!(foreign(&Service::default(), pointer), Ok(10));
    }
    assert_eq!(n, 7);
    // SAFETY: it is text.
    let text = unsafe { block_on(asynchronous(&Service::default(), b"a".to_vec())) };
    assert_eq!(text.as_deref(), Ok("a3"));
    assert_eq!(run.waits().len(), 10);
}
