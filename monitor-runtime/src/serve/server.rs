//! The port, and how many may be connected.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::access::{self, Access};
use super::live::Live;
use super::request::Request;
use super::settings::Settings;
use super::{answer, events};
use crate::attached::Attached;
use crate::core::CoreRef;
use crate::monitor::RunEnd;
use crate::report::SCRIPT;

/// How many connections are served at a time, and how many of them are told of changes.
const CONNECTIONS: usize = 64;
const LISTENERS: usize = 16;
/// What a connection's thread needs, making a page included.
const STACK: usize = 1 << 20;
/// How long a client may not take what it is sent.
const TAKEN_WITHIN: Duration = Duration::from_secs(5);
/// How long the end of a run waits for those who are told of it.
const TOLD_WITHIN: Duration = Duration::from_millis(300);
/// The pause after the system has refused a connection, as it does when it has no more files.
const PAUSE: Duration = Duration::from_millis(50);

/// Tells threads that the run is over.
#[derive(Debug, Default)]
pub(super) struct Stop {
    is_over: AtomicBool,
    changed: Condvar,
    lock: Mutex<()>,
}

impl Stop {
    /// Waits so long, or until the run is over: whether it is.
    pub(super) fn within(&self, pause: Duration) -> bool {
        let lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |(): &mut ()| !self.is_over();
        let _ended = self.changed.wait_timeout_while(lock, pause, waits);
        self.is_over()
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    fn now(&self) {
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_over.store(true, Ordering::Release);
        self.changed.notify_all();
    }
}

struct Shared {
    settings: Settings,
    at: SocketAddr,
    live: Live,
    stop: Stop,
    connections: AtomicUsize,
    listeners: AtomicUsize,
}

/// The open port, closed when this is dropped.
pub(crate) struct Server {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Server").field(&self.shared.at).finish()
    }
}

impl Server {
    pub(crate) fn start(
        settings: Settings,
        core: CoreRef,
        attached: Arc<Attached>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(settings.address)?;
        let shared = Arc::new(Shared {
            at: listener.local_addr()?,
            settings,
            live: Live::new(core, attached),
            stop: Stop::default(),
            connections: AtomicUsize::new(0),
            listeners: AtomicUsize::new(0),
        });
        let server = Self {
            shared: Arc::clone(&shared),
        };
        thread::Builder::new()
            .name("monitor-serve".to_owned())
            .spawn(move || accept(&listener, &shared))?;
        Ok(server)
    }

    /// The run ends: who looks is told how.
    pub(crate) fn finish(self, end: &RunEnd) {
        self.shared.live.end(end);
    }

    /// Where it is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.shared.at
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.now();
        let until = Instant::now() + TOLD_WITHIN;
        while self.shared.listeners.load(Ordering::Acquire) > 0 && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        // Who waits for a connection is woken by one.
        let mut at = self.shared.at;
        if at.ip().is_unspecified() {
            at.set_ip(match at.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        let _ = TcpStream::connect_timeout(&at, TOLD_WITHIN);
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    loop {
        let accepted = listener.accept();
        if shared.stop.is_over() {
            return;
        }
        let Ok((stream, _)) = accepted else {
            thread::sleep(PAUSE);
            continue;
        };
        let Some(place) = Place::take(shared, |shared| &shared.connections, CONNECTIONS) else {
            // Closed without a word: an answer would take time that others need.
            continue;
        };
        // Where no thread can be had, the closure is dropped, and the connection with it.
        let _ = thread::Builder::new()
            .name("monitor-client".to_owned())
            .stack_size(STACK)
            .spawn(move || serve(stream, &place));
    }
}

/// One of a bounded number of places, given back when dropped.
struct Place {
    shared: Arc<Shared>,
    of: fn(&Shared) -> &AtomicUsize,
}

impl Place {
    fn take(shared: &Arc<Shared>, of: fn(&Shared) -> &AtomicUsize, most: usize) -> Option<Self> {
        let taken = of(shared).fetch_add(1, Ordering::AcqRel);
        let place = Self {
            shared: Arc::clone(shared),
            of,
        };
        (taken < most).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        (self.of)(&self.shared).fetch_sub(1, Ordering::AcqRel);
    }
}

fn serve(mut stream: TcpStream, place: &Place) {
    let shared = &place.shared;
    let _ = stream.set_write_timeout(Some(TAKEN_WITHIN));
    let _ = stream.set_nodelay(true);
    let _gone = match Request::read(&mut stream) {
        Ok(request) => respond(&mut stream, &request, shared),
        Err(why) => answer::refused(&mut stream, why),
    };
}

fn respond(stream: &mut TcpStream, request: &Request, shared: &Arc<Shared>) -> io::Result<()> {
    match access::of(request, &shared.settings, shared.at) {
        Access::Granted => {}
        Access::Keep => {
            let more = format!("Location: /\r\n{}", access::keep(&shared.settings));
            return answer::text(stream, "303 See Other", &more);
        }
        Access::Foreign => return answer::text(stream, "403 Forbidden", ""),
        Access::Unknown => {
            return answer::text(stream, "401 Unauthorized", "WWW-Authenticate: Bearer\r\n");
        }
    }
    match &*request.path {
        "/" => {
            let page = shared.live.page().page();
            answer::whole(
                stream,
                "200 OK",
                "text/html; charset=utf-8",
                "",
                page.as_bytes(),
            )
        }
        "/live.js" => {
            let kind = "text/javascript; charset=utf-8";
            answer::whole(stream, "200 OK", kind, "", SCRIPT.as_bytes())
        }
        "/events" => match Place::take(shared, |shared| &shared.listeners, LISTENERS) {
            Some(_place) => events::tell(stream, &shared.live, &shared.stop),
            None => answer::text(stream, "503 Service Unavailable", "Retry-After: 5\r\n"),
        },
        _ => answer::text(stream, "404 Not Found", ""),
    }
}
