//! `#[retry]` with all its keys, on every shape of function.

mod async_arguments;
mod async_bodies;
mod async_generics;
mod async_receivers;
mod async_returned;
mod async_send;
mod forms;
mod keys;
mod limits;
mod methods_in_both_orders;
mod orders;
mod patterns;
mod returned;
mod std_traits;
mod sync_arguments;
mod sync_bodies;
mod sync_generics;
mod sync_receivers;
mod sync_results;
mod sync_traits;
mod watch;
mod written_by_macros;
