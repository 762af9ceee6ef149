//! A small HTTP API over `examples/data`, which fails some requests on purpose.
//!
//! `GET /players?page=3` and `GET /teams` answer one page:
//!
//! ```json
//! {"page": 3, "pages": 26, "total": 5198, "rows": [{"player_id": "76412", …}]}
//! ```
//!
//! Every field is text, as in the files: making sense of it is the client's job.
//! Other parameters are accepted and change nothing. Which requests fail, and how
//! often, is the table in [`faults`].
//!
//! The integration tests use this module too, so it refers to nothing outside its
//! own folder.

mod csv;
mod faults;
mod http;

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use self::faults::Fault;
pub(crate) use self::faults::Faults;
use self::http::{Request, Response};

/// Rows on a page: 5,198 players make 26 pages, the last one not full.
const PAGE_SIZE: usize = 200;

/// A running API. It stops when this is dropped.
pub(crate) struct FlakyApi {
    address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

struct State {
    players: Vec<csv::Row>,
    teams: Vec<csv::Row>,
    faults: Faults,
    latency: Duration,
    /// How often each page has been asked for: a fault belongs to an attempt.
    attempts: Mutex<HashMap<(&'static str, usize), usize>>,
    requests: AtomicUsize,
    failures: AtomicUsize,
}

impl FlakyApi {
    /// Starts on a free loopback port; each answer takes at least `latency`.
    pub(crate) async fn start(faults: Faults, latency: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            players: csv::parse(include_str!("../../data/players.csv")),
            teams: csv::parse(include_str!("../../data/teams.csv")),
            faults,
            latency,
            attempts: Mutex::default(),
            requests: AtomicUsize::new(0),
            failures: AtomicUsize::new(0),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self {
            address,
            state,
            accepting,
        })
    }

    /// `http://127.0.0.1:<port>`, without a slash at the end.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Requests received so far.
    pub(crate) fn requests(&self) -> usize {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// Requests that were failed on purpose so far.
    pub(crate) fn failures(&self) -> usize {
        self.state.failures.load(Ordering::Relaxed)
    }
}

impl Drop for FlakyApi {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = Arc::clone(&state);
                // A connection that breaks is its client's concern.
                tokio::spawn(async move { state.serve(stream).await });
            }
            // Out of file descriptors, perhaps: the API stays up and waits for some.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

impl State {
    /// One request a connection: it keeps the server short and a dropped connection
    /// from being mistaken for an idle one that was closed.
    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let request = http::read_request(&mut stream).await?;
        self.requests.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(self.latency).await;

        let (response, fault) = self.answer(&request);
        if fault.is_some() {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        match fault {
            None => response.send(&mut stream).await,
            Some(Fault::Unavailable) => Response::empty(503).send(&mut stream).await,
            Some(Fault::RateLimited { retry_after }) => {
                Response::empty(429)
                    .header("Retry-After", retry_after)
                    .send(&mut stream)
                    .await
            }
            Some(Fault::Dropped) => Ok(()),
            Some(Fault::Truncated) => response.send_half(&mut stream).await,
        }
    }

    /// The right answer, and the fault that is to come in its way.
    fn answer(&self, request: &Request) -> (Response, Option<Fault>) {
        let (resource, rows) = match request.path() {
            "/players" => ("players", &self.players),
            "/teams" => ("teams", &self.teams),
            _ => return (Response::empty(404), None),
        };
        let pages = rows.len().div_ceil(PAGE_SIZE);
        let page = match request.parameter("page").map(str::parse) {
            None => 1,
            Some(Ok(page)) if (1..=pages).contains(&page) => page,
            Some(_) => return (Response::empty(400), None),
        };

        let first = (page - 1) * PAGE_SIZE;
        let last = rows.len().min(first + PAGE_SIZE);
        let body = json!({
            "page": page,
            "pages": pages,
            "total": rows.len(),
            "rows": rows[first..last],
        });
        let attempt = self.count_attempt(resource, page);
        (
            Response::json(&body),
            self.faults.on_attempt(resource, page, attempt),
        )
    }

    fn count_attempt(&self, resource: &'static str, page: usize) -> usize {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = attempts.entry((resource, page)).or_default();
        *attempt += 1;
        *attempt
    }
}
