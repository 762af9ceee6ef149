//! What `records`, `rejected`, `records_in` and `records_total` may give.

use crate::progress::NOT_YET_KNOWN;

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

/// What is known of the records of a call before its body runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given {
    pub(crate) records_in: Option<u64>,
    /// Of a call that tells its progress.
    pub(crate) total: Option<u64>,
}

impl Given {
    /// Nothing is.
    pub const NOTHING: Self = Self {
        records_in: None,
        total: None,
    };

    /// The number of records that it is given.
    #[must_use]
    pub fn records_in(mut self, count: impl RecordCount) -> Self {
        self.records_in = Some(count.count());
        self
    }

    /// The number of records that it is to handle.
    #[must_use]
    pub fn records_total(mut self, count: impl RecordCount) -> Self {
        self.total = Some(count.count().min(NOT_YET_KNOWN - 1));
        self
    }

    /// It will tell that number.
    #[must_use]
    pub fn records_total_later(mut self) -> Self {
        self.total = Some(NOT_YET_KNOWN);
        self
    }
}

/// Counts the records in `value`.
pub fn records<T: ?Sized, N: RecordCount>(value: &T, count: impl FnOnce(&T) -> N) -> Option<u64> {
    Some(count(value).count())
}
