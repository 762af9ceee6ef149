//! The format of `logs/alerts.jsonl`, the outbox: one JSON object a line, for each event of an
//! alert. It is the queue, from which the next run delivers what this one could not, and the
//! audit trail.
//!
//! | key | in | value |
//! |---|---|---|
//! | `at` | each line | when, UTC, to the microsecond (RFC 3339) |
//! | `event` | each line | see below |
//! | `alert` | `raised` | `id`, `severity`, `message`, `details`, `raised_at` (seconds since 1970), `fingerprint`, `resolved`, `channels` (those that a rule names; empty for those of the severity) |
//! | `channels` | `raised` | the channels that are to deliver it |
//! | `run` | `raised`, `taken` | the run that is to see to it |
//! | `id` | all but `raised`, `suppressed` | the alert |
//! | `channel`, `attempts` | `sending`, `attempted`, `delivered`, `dead` | which channel, and how many attempts it made |
//! | `reason` | `attempted`, `dead`, `suppressed` | why |
//! | `fingerprint`, `message` | `suppressed` | what was not told |
//! | `crc` | each line, last | CRC-32 (ISO 3309, as zlib has it) of what stands before `,"crc"`, in 8 hex digits |
//!
//! | event | what happened |
//! |---|---|
//! | `raised` | an alert; it is in the file before anybody tries to deliver it |
//! | `suppressed` | one that is not told on its own |
//! | `sending` | a channel is about to send it: from here on it may arrive |
//! | `attempted` | a channel did not take it, and is asked again |
//! | `delivered` | a channel took it |
//! | `dead` | a channel refused it for good, it was a day old, or it was sent twice by processes that were killed before an answer came |
//! | `taken` | a run took it over from one that is over |
//!
//! A process that is killed while it sends an alert leaves open whether it arrived: the next
//! run sends it once more, and no run a third time. What is open stays in the file; of the rest
//! the newest 256 KiB are kept once it is above 1 MiB. Details above 64 KiB are left out.
