//! `#[retry]` with all its keys, on every shape of function.

mod limits;
mod orders;
mod returned;
