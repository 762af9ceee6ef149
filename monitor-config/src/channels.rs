//! Several channels at once.

use std::fmt;

use crate::Channel;

/// A set of channels, small enough to be copied.
///
/// ```
/// use monitor_config::{Channel, Channels};
///
/// let channels = Channels::NONE.with(Channel::Slack);
/// assert!(channels.contains(Channel::Slack) && !channels.contains(Channel::Email));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Channels(u32);

impl Channels {
    /// No channel.
    ///
    /// ```
    /// assert!(monitor_config::Channels::NONE.is_empty());
    /// ```
    pub const NONE: Self = Self(0);

    /// These and one more.
    ///
    /// ```
    /// use monitor_config::{Channel, Channels};
    ///
    /// let both = Channels::NONE.with(Channel::Slack).with(Channel::Email);
    /// assert_eq!(both.iter().count(), 2);
    /// ```
    #[must_use]
    pub const fn with(self, channel: Channel) -> Self {
        Self(self.0 | (1 << channel as u32))
    }

    /// Whether a channel is among them.
    ///
    /// ```
    /// assert!(!monitor_config::Channels::NONE.contains(monitor_config::Channel::Email));
    /// ```
    #[must_use]
    pub const fn contains(self, channel: Channel) -> bool {
        self.0 & (1 << channel as u32) != 0
    }

    /// Whether there is none.
    ///
    /// ```
    /// assert!(monitor_config::Channels::default().is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order in which messages list them.
    ///
    /// ```
    /// use monitor_config::{Channel, Channels};
    ///
    /// let channels = Channels::NONE.with(Channel::Slack).with(Channel::Email);
    /// assert_eq!(channels.iter().collect::<Vec<_>>(), [Channel::Email, Channel::Slack]);
    /// ```
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        Channel::ALL
            .into_iter()
            .filter(move |channel| self.contains(*channel))
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
