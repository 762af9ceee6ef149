//! What `records`, `rejected` and `records_in` may give.

/// A number of records.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number of records",
    label = "an integer is needed here, such as `players.len()`"
)]
pub trait RecordCount {
    /// The count; what is negative counts as none.
    fn count(self) -> u64;
}

macro_rules! record_count {
    ($($integer:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl RecordCount for $integer {
            fn count(self) -> u64 {
                u64::try_from(self).unwrap_or(0)
            }
        }
    )*};
}

record_count!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

/// The number of records that a call is given.
pub fn records_in(count: impl RecordCount) -> Option<u64> {
    Some(count.count())
}

/// Counts the records in `value`.
pub fn records<T: ?Sized, N: RecordCount>(value: &T, count: impl FnOnce(&T) -> N) -> Option<u64> {
    Some(count(value).count())
}
