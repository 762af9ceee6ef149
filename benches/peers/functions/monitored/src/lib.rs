//! The functions that `compile-cost` wrote for this crate.

include!("../../../target/functions/monitored.rs");
