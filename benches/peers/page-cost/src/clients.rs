//! Those who look at the page, and those who mean it no good.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// As a browser does: the page, then what changes in it.
    Watching,
    /// One refused request after the other.
    Hostile,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Watching, Self::Hostile];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Watching => "watching",
            Self::Hostile => "hostile",
        }
    }

    pub(crate) fn find(name: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.name() == name)
            .expect("a kind of clients")
    }
}

static RECEIVED: AtomicU64 = AtomicU64::new(0);

/// Runs until a line comes, and tells then how many bytes the clients were sent.
pub(crate) fn run(kind: Kind, at: SocketAddr, number: usize) {
    for _ in 0..number {
        let host = format!("Host: {at}\r\n\r\n");
        match kind {
            Kind::Watching => {
                ask(at, format!("GET / HTTP/1.1\r\n{host}").as_bytes());
                let mut events = TcpStream::connect(at).expect("a page");
                write!(events, "GET /events HTTP/1.1\r\n{host}").expect("a page");
                take(&mut events);
                thread::spawn(move || while take(&mut events) > 0 {});
            }
            Kind::Hostile => {
                let _ = thread::spawn(move || {
                    let long = format!("GET /{} HTTP/1.1\r\n{host}", "x".repeat(20_000));
                    let foreign = "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
                    loop {
                        ask(at, long.as_bytes());
                        ask(at, foreign.as_bytes());
                    }
                });
            }
        }
    }
    println!("connected");
    io::stdin().read_line(&mut String::new()).expect("a line");
    println!("{}", RECEIVED.load(Ordering::Relaxed));
}

fn ask(at: SocketAddr, request: &[u8]) {
    let Ok(mut stream) = TcpStream::connect(at) else {
        return;
    };
    // The server may have said no and gone before all is written.
    let _ = stream.write_all(request);
    while take(&mut stream) > 0 {}
}

fn take(stream: &mut TcpStream) -> usize {
    let mut piece = [0; 65_536];
    let read = stream.read(&mut piece).unwrap_or(0);
    RECEIVED.fetch_add(read as u64, Ordering::Relaxed);
    read
}
