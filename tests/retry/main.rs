//! `#[retry]` with all its keys, on every shape of function.

mod blocking;
mod cancelled;
mod captured;
mod endings;
mod future_size;
mod limits;
mod orders;
mod original;
mod returned;
