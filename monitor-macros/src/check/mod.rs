//! From arguments as written to arguments that are known to be right.

pub(crate) mod alert;
pub(crate) mod fields;
pub(crate) mod keys;
pub(crate) mod limits;
pub(crate) mod monitored;
pub(crate) mod retry;
pub(crate) mod value;
