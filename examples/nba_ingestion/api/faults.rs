//! Which requests fail, and how.

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// 503 Service Unavailable.
    Unavailable,
    /// 429 Too Many Requests, with this `Retry-After` in seconds.
    RateLimited { retry_after: u32 },
    /// The connection is closed without an answer.
    Dropped,
    /// The connection is closed in the middle of the body.
    Truncated,
}

/// The faults of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Faults {
    /// The pattern of the table below: the same on every run, over within three attempts.
    Scripted,
    /// Nobody answers, ever.
    Outage,
}

/// Resource, page, and what happens to its first attempts; the next one succeeds.
#[rustfmt::skip]
const SCRIPT: &[(&str, usize, &[Fault])] = &[
    ("players",  4, &[Fault::Unavailable]),
    ("players", 11, &[Fault::Dropped]),
    ("players", 18, &[Fault::Truncated]),
    ("players", 23, &[Fault::Unavailable, Fault::Dropped]),
    ("teams",    1, &[Fault::RateLimited { retry_after: 1 }]),
];

impl Faults {
    /// The fault of this attempt (the first is 1), if it has one.
    pub(super) fn on_attempt(self, resource: &str, page: usize, attempt: usize) -> Option<Fault> {
        match self {
            Self::Outage => Some(Fault::Dropped),
            Self::Scripted => SCRIPT
                .iter()
                .find(|(of, number, _)| *of == resource && *number == page)
                .and_then(|(_, _, faults)| faults.get(attempt - 1))
                .copied(),
        }
    }
}
