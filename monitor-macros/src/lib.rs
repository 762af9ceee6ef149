//! The attributes of [`monitor-runtime`](https://docs.rs/monitor-runtime), which
//! re-exports them: depend on that crate, not on this one.
//!
//! # What the attributes expand to
//!
//! ```text
//! #[monitored(stage = "NBA-17", records = |players| players.len())]
//! fn ingest(season: String) -> Result<Vec<Player>, ApiError> { body }
//! ```
//!
//! becomes, with `__private` for `::monitor_runtime::__private`, and names shortened:
//!
//! ```text
//! fn ingest(season: String) -> Result<Vec<Player>, ApiError> {
//!     static __SITE: __private::Site = __private::Site::new("NBA-17", "INGEST", "ingest", module_path!(), &__SITE);
//!     __private::announce!(__SITE);    // a constructor of the program, by which the site is known before its first call
//!     let __call = __SITE.enter();
//!     let __out = __private::owned::__monitored_body(
//!         (season,),
//!         move |(season,)| -> Result<Vec<Player>, ApiError> { body },
//!     );
//!     __call.finish_counted(__private::classify(&__out).__outcome(), /* how many records */, None);
//!     __out
//! }
//! ```
//!
//! A function that cannot fail by its type (`-> usize`, `-> impl Iterator`, `-> !`) keeps
//! its body where it is:
//!
//! ```text
//! let __call = __SITE.guard();    // ends when it is dropped
//! { body }
//! ```
//!
//! An async function follows its body, which moves into a block of its own:
//!
//! ```text
//! let __call = __SITE.enter_async();
//! let (__out, __call) = __private::__monitored_body(__call, async move { body }).await;
//! __call.finish(__private::classify(&__out).__outcome());
//! __out
//! ```
//!
//! One that returns a future is watched where the future is made:
//!
//! ```text
//! let __call = __SITE.enter_async();
//! before;
//! Box::pin(__private::watch(__call, async move { body }, |__call, __out| /* as above */))
//! ```
//!
//! And `#[retry(max = 3, delay = 2)]` puts its loop in the place of `body`:
//!
//! ```text
//! static __RETRY: __private::RetrySite = __private::RetrySite::new(…);
//! __private::cloned::run(
//!     &__RETRY,
//!     __private::cloned::__retried_body(|__attempt| -> Result<Vec<Player>, ApiError> { body }),
//!     |__out| /* whether it is a success */,
//!     |__out| /* how it ended, by its type, and what `when` and `retry_after` say */,
//! )
//! ```
//!
//! An attempt's closure is not `move`: what the body only borrows is borrowed, and not
//! cloned. In a future the loop stands in the function:
//!
//! ```text
//! let mut __n = 1;
//! let mut __run = __private::attempts(|__attempt| __private::__retried_body(async { body }));
//! loop {
//!     let (__this, __next) = __private::share(__run, __RETRY.is_last(__n));
//!     let __wait = {
//!         let __out = __this(__RETRY.attempt(__n)).await;
//!         match (__RETRY.after(__n, /* as above */), __next) {
//!             (Some(__wait), Some(__next)) => { __run = __next; __wait }
//!             _ => break __out,
//!         }
//!     };
//!     __RETRY.wait(__wait).await;
//!     __n += 1;
//! }
//! ```

mod args;
mod attribute;
mod bindings;
mod catalog;
mod check;
mod compose;
mod diagnostics;
mod documentation;
mod expand;
mod future;
mod item;
mod jumps;
mod opaque;
mod owned;

use proc_macro::TokenStream;

/// Monitors a function: its calls are timed, counted and logged. See the
/// documentation of `monitor_runtime::monitored`.
#[proc_macro_attribute]
pub fn monitored(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::monitored(arguments.into(), item.into()).into()
}

/// Retries a function that returns a `Result`. See the documentation of
/// `monitor_runtime::retry`.
#[proc_macro_attribute]
pub fn retry(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::retry(arguments.into(), item.into()).into()
}

/// Makes the program one monitored run. See the documentation of
/// `monitor_runtime::main`.
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::main::expand(arguments.into(), item.into()).into()
}

/// The `monitor.toml` that counts here, checked and embedded. See the
/// documentation of `monitor_runtime::embedded_config`.
#[proc_macro]
pub fn embedded_config(arguments: TokenStream) -> TokenStream {
    expand::main::embedded_config(&arguments.into()).into()
}
