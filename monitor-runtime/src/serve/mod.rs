//! The live page: the report of the run that goes on, on a port of its own.
//!
//! | module | concept |
//! |---|---|
//! | `settings` | where, and who may see it |
//! | `server` | the port, and how many may be connected |
//! | `request` | what a client asks, read strictly and not for long |
//! | `answer` | what it is told, and what a browser may do with it |
//! | `access` | whether it may know: host, origin, token |
//! | `live` | the page as it is now, made once for all who look |
//! | `events` | what has changed, once a second |
//!
//! Threads and not tasks: a pipeline may have no runtime, and this must work when its own
//! does not.

mod access;
mod answer;
mod events;
mod live;
mod request;
mod server;
mod settings;

pub(crate) use self::server::Server;
pub(crate) use self::settings::Settings;
