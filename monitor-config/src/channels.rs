//! Several channels at once.

use std::sync::{Mutex, PoisonError};

/// The names of channels, in a value that can be copied and be part of a constant.
///
/// ```
/// use monitor_config::Channels;
///
/// const BOTH: Channels = Channels::of(&["email", "slack"]);
/// assert_eq!(BOTH, Channels::named(vec!["email".to_owned(), "slack".to_owned()]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels(&'static [&'static str]);

/// Those that were named while the program runs.
static NAMED: Mutex<Vec<&'static [&'static str]>> = Mutex::new(Vec::new());

impl Channels {
    /// No channel.
    ///
    /// ```
    /// assert!(monitor_config::Channels::NONE.is_empty());
    /// ```
    pub const NONE: Self = Self(&[]);

    /// These.
    ///
    /// ```
    /// assert_eq!(monitor_config::Channels::of(&["slack"]).iter().next(), Some("slack"));
    /// ```
    #[must_use]
    pub const fn of(names: &'static [&'static str]) -> Self {
        Self(names)
    }

    /// Those of a file that is read while the program runs. They stay in memory: a program has few files, and each
    /// list of names is kept once.
    ///
    /// ```
    /// use monitor_config::Channels;
    ///
    /// assert_eq!(Channels::named(vec!["slack".to_owned()]), Channels::of(&["slack"]));
    /// ```
    #[must_use]
    pub fn named(names: Vec<String>) -> Self {
        let mut known = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = known.iter().find(|same| **same == names.as_slice()) {
            return Self(same);
        }
        let names = names.into_iter().map(|name| &*name.leak());
        let names: &'static [&'static str] = Vec::leak(names.collect());
        known.push(names);
        Self(names)
    }

    /// Whether there is none.
    ///
    /// ```
    /// assert!(monitor_config::Channels::default().is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    ///
    /// ```
    /// let channels = monitor_config::Channels::of(&["email", "slack"]);
    /// assert_eq!(channels.iter().collect::<Vec<_>>(), ["email", "slack"]);
    /// ```
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_named_before_takes_no_more_memory() {
        let names = || vec!["pager".to_owned(), "slack".to_owned()];
        let (one, other) = (Channels::named(names()), Channels::named(names()));
        assert!(std::ptr::eq(one.0, other.0));
    }
}
