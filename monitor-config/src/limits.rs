//! What a call of a stage should not cross.

use std::time::Duration;

/// The limits of a stage: crossing one raises a warning, and changes nothing else.
///
/// ```
/// use monitor_config::Limits;
///
/// let file = Limits { min_records: Some(5000), ..Limits::NONE };
/// let attribute = Limits { min_records: Some(1), max_records: Some(6000), ..Limits::NONE };
/// let both = file.or(&attribute);
/// assert_eq!((both.min_records, both.max_records), (Some(5000), Some(6000)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The longest that a call should last.
    pub max_duration: Option<Duration>,
    /// The fewest records that a call should produce.
    pub min_records: Option<u64>,
    /// The most records that a call should produce.
    pub max_records: Option<u64>,
    /// The longest that the stage should go without a success.
    pub stale_after: Option<Duration>,
}

impl Limits {
    /// No limit at all.
    ///
    /// ```
    /// assert_eq!(monitor_config::Limits::NONE, monitor_config::Limits::default());
    /// ```
    pub const NONE: Self = Self {
        max_duration: None,
        min_records: None,
        max_records: None,
        stale_after: None,
    };

    /// These limits, and those of `other` where there is none here.
    ///
    /// ```
    /// use monitor_config::Limits;
    ///
    /// let limits = Limits { max_records: Some(6000), ..Limits::NONE };
    /// assert_eq!(Limits::NONE.or(&limits), limits);
    /// ```
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self {
            max_duration: self.max_duration.or(other.max_duration),
            min_records: self.min_records.or(other.min_records),
            max_records: self.max_records.or(other.max_records),
            stale_after: self.stale_after.or(other.stale_after),
        }
    }

    /// Why no call could meet both limits on its records, if that is so.
    ///
    /// ```
    /// use monitor_config::Limits;
    ///
    /// let limits = Limits { min_records: Some(2), max_records: Some(1), ..Limits::NONE };
    /// assert!(limits.contradiction().is_some_and(|text| text.starts_with("2 is more than `max_records`, 1")));
    /// ```
    #[must_use]
    pub fn contradiction(&self) -> Option<String> {
        let (min, max) = (self.min_records?, self.max_records?);
        (min > max).then(|| {
            format!("{min} is more than `max_records`, {max}: no call could meet both, so change one of them")
        })
    }
}
