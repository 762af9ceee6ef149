//! Opening the live page, where this build has one.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::attached::Attached;
use crate::core::CoreRef;
use crate::monitor::RunEnd;

#[cfg(feature = "serve")]
pub(crate) use self::with_serve::{OpenPage, Page};
#[cfg(not(feature = "serve"))]
pub(crate) use self::without_serve::{OpenPage, Page};

#[cfg(feature = "serve")]
mod with_serve {
    use std::env;

    use super::{Arc, Attached, CoreRef, RunEnd, SocketAddr};
    use crate::fields::FieldValue;
    use crate::logs::record::{Data, LineLevel, OWN, Record};
    use crate::serve::{Server, Settings};

    /// A page that is to be opened.
    pub(crate) struct Page(Settings);

    impl Page {
        pub(crate) fn configured(address: SocketAddr) -> Result<Self, String> {
            Settings::of(address, |name| env::var_os(name)).map(Self)
        }

        /// Opens it, and says where, or why it could not be: a pipeline is not held up by that.
        pub(crate) fn open(self, core: &CoreRef, attached: &Arc<Attached>) -> Option<OpenPage> {
            let address = self.0.address();
            let server = Server::start(self.0, core.clone(), Arc::clone(attached));
            let tell = |level, event_type, name, text: String| {
                let data = [(name, FieldValue::text(&text))];
                let record = Record::new(level, event_type, Data::Fields(&data, &[]));
                attached.log.emit(OWN, &record);
            };
            match server {
                Ok(server) => {
                    let url = format!("http://{}/", server.address());
                    tell(LineLevel::Info, "page.open", "url", url);
                    Some(OpenPage(server))
                }
                Err(error) => {
                    let cause = format!("{address}: {error}");
                    tell(LineLevel::Warning, "page.not_open", "cause", cause);
                    None
                }
            }
        }
    }

    /// A page that is open.
    #[derive(Debug)]
    pub(crate) struct OpenPage(Server);

    impl OpenPage {
        pub(crate) fn address(&self) -> SocketAddr {
            self.0.address()
        }

        /// Closes it with the end of the run.
        pub(crate) fn finish(self, end: &RunEnd) {
            self.0.finish(end);
        }
    }
}

#[cfg(not(feature = "serve"))]
mod without_serve {
    use super::{Arc, Attached, CoreRef, RunEnd, SocketAddr};

    /// No page of this kind can be made.
    pub(crate) enum Page {}

    impl Page {
        pub(crate) fn configured(address: SocketAddr) -> Result<Self, String> {
            Err(format!(
                "the page is to be served on {address}, but this program is built without it: add the feature `serve` of \
                 monitor-runtime, or remove `serve` from monitor.toml"
            ))
        }

        pub(crate) fn open(self, _: &CoreRef, _: &Arc<Attached>) -> Option<OpenPage> {
            match self {}
        }
    }

    #[derive(Debug)]
    pub(crate) enum OpenPage {}

    impl OpenPage {
        pub(crate) fn finish(self, _: &RunEnd) {
            match self {}
        }
    }
}
