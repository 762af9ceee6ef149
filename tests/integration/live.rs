//! The live page: what it tells, when, and to whom.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use monitor_runtime::{Monitor, monitored, snapshot};

use crate::support::{JOB_LOGS, Job, PATIENCE};

#[monitored(stage = "LIVE-1", records = |number| *number)]
fn count(number: u64) -> u64 {
    number
}

fn send(at: SocketAddr, request: &[u8]) -> String {
    let mut answer = Vec::new();
    if let Ok(mut stream) = TcpStream::connect(at) {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // The server may have said no and gone before all is written.
        let _ = stream.write_all(request);
        let _ = stream.read_to_end(&mut answer);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(at: SocketAddr, path: &str) -> String {
    send(
        at,
        format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n").as_bytes(),
    )
}

/// Runs `name` in a process of its own, which has to say so at its end.
fn passes(name: &str) -> String {
    let job = Job::new(name, [("NO_COLOR", "1")]).finish();
    assert!(
        job.success && job.output.contains("1 passed"),
        "{}",
        job.output
    );
    job.logs
}

#[test]
fn job_that_is_looked_at() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let builder = Monitor::builder().logs(logs).serve(([127, 0, 0, 1], 0));
    let monitor = builder.install().unwrap();
    let at = monitor.serving().unwrap();
    count(5_228);

    let page = get(at, "/");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    for part in [
        "LIVE-1",
        "5,228",
        "default-src 'none'",
        "nosniff",
        "<noscript><meta http-equiv=\"refresh\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(get(at, "/live.js").contains("EventSource"));

    let mut events = TcpStream::connect(at).unwrap();
    events
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    write!(events, "GET /events HTTP/1.1\r\nHost: {at}\r\n\r\n").unwrap();
    let mut told = String::new();
    let mut wait_for = |text: &str| {
        let started = Instant::now();
        let mut piece = [0; 65_536];
        while !told.contains(text) {
            assert!(started.elapsed() < PATIENCE, "{text}");
            if let Ok(read) = events.read(&mut piece) {
                told.push_str(&String::from_utf8_lossy(&piece[..read]));
            }
        }
        started.elapsed()
    };
    wait_for("5,228");
    for round in 1..=5_u64 {
        count(1_000_000 * round);
        let records = snapshot().stage("LIVE-1").unwrap().totals.records;
        let text = format!("{},{:03},228", records / 1_000_000, records / 1_000 % 1_000);
        let took = wait_for(&text);
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
    drop(monitor);
    wait_for("event: end");
    assert_eq!(get(at, "/"), "", "the port is closed with the run");
}

#[test]
fn a_call_is_seen_within_two_seconds() {
    let logs = passes("live::job_that_is_looked_at");
    assert!(logs.contains("\"event_type\":\"page.open\",\"data\":{\"url\":\"http://127.0.0.1:"));
}

#[test]
fn job_with_hostile_clients() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let builder = Monitor::builder().logs(logs).serve(([127, 0, 0, 1], 0));
    let monitor = builder.install().unwrap();
    let at = monitor.serving().unwrap();
    count(1);
    let host = format!("Host: {at}\r\n");
    let long = "x".repeat(100_000);
    let hostile: Vec<(Vec<u8>, &str)> = [
        (
            "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(),
            "403",
        ),
        (
            format!("GET /events HTTP/1.1\r\n{host}Origin: http://evil.example\r\n\r\n"),
            "403",
        ),
        (
            format!("GET / HTTP/1.1\r\n{host}Origin: null\r\n\r\n"),
            "403",
        ),
        (format!("POST / HTTP/1.1\r\n{host}\r\n"), "405"),
        (format!("OPTIONS / HTTP/1.1\r\n{host}\r\n"), "405"),
        (format!("GET /{long} HTTP/1.1\r\n{host}\r\n"), "431"),
        (format!("GET / HTTP/1.1\r\n{host}X: {long}\r\n\r\n"), "431"),
        (format!("GET / HTTP/1.1\r\n{host}{host}\r\n"), "400"),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), "400"),
        (format!("GET / HTTP/9\r\n{host}\r\n"), "400"),
        (
            format!("GET /../../etc/passwd HTTP/1.1\r\n{host}\r\n"),
            "404",
        ),
        (
            format!("GET /%2e%2e/pipeline.json HTTP/1.1\r\n{host}\r\n"),
            "404",
        ),
        (format!("GET http://{at}/ HTTP/1.1\r\n{host}\r\n"), "400"),
        (
            format!("GET / HTTP/1.1\r\n{host}Content-Length: 5\r\n\r\nhello"),
            "400",
        ),
        (
            format!("GET / HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            "400",
        ),
        ("\u{16}\u{3}\u{1} TLS?\r\n\r\n".to_owned(), "400"),
    ]
    .into_iter()
    .map(|(request, status)| (request.into_bytes(), status))
    .chain([(b"\xff\xfe\x00 / HTTP/1.1\r\n\r\n".to_vec(), "400")])
    .collect();
    // Connections that say nothing, or say it slowly, beside all others.
    let mut slow: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(at).unwrap()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nHost:").unwrap();
    }
    let mut answered = 0;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut answered = 0;
                    for (request, status) in hostile.iter().cycle().take(2_500) {
                        let answer = send(at, request);
                        let expected = format!("HTTP/1.1 {status} ");
                        // Or no answer at all, where too many are connected.
                        assert!(
                            answer.is_empty() || answer.starts_with(&expected),
                            "{answer}"
                        );
                        assert!(!answer.contains("LIVE-1"));
                        answered += u64::from(!answer.is_empty());
                    }
                    answered
                })
            })
            .collect();
        // Meanwhile a call takes no notice.
        let started = Instant::now();
        assert_eq!((0..1_000).map(|_| count(1)).sum::<u64>(), 1_000);
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{:?}",
            started.elapsed()
        );
        answered += threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum::<u64>();
    });
    eprintln!("{answered} of 10,000 were answered");
    assert!(answered > 7_500, "{answered}");
    drop(slow);
    assert!(get(at, "/").contains("LIVE-1"), "it goes on");
    let many: Vec<_> = (0..300).map(|_| TcpStream::connect(at)).collect();
    drop(many);
    let until = Instant::now() + PATIENCE;
    while !get(at, "/").contains("LIVE-1") {
        assert!(Instant::now() < until);
    }
    assert_eq!(snapshot().stage("LIVE-1").unwrap().totals.calls(), 1_001);
}

#[test]
fn hostile_clients_are_answered_rightly_and_hold_nothing_up() {
    passes("live::job_with_hostile_clients");
}

#[test]
fn job_whose_port_is_taken() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let at = taken.local_addr().unwrap();
    let open = Monitor::builder().logs(&logs).serve(([0, 0, 0, 0], 0));
    let error = open.install().unwrap_err().to_string();
    assert!(error.contains("MONITOR_SERVE_TOKEN"), "{error}");
    let monitor = Monitor::builder().logs(logs).serve(at).install().unwrap();
    assert_eq!(monitor.serving(), None);
    count(7);
}

#[test]
fn a_taken_port_is_a_warning() {
    let logs = passes("live::job_whose_port_is_taken");
    assert!(
        logs.contains("\"level\":\"WARNING\"") && logs.contains("page.not_open"),
        "{logs}"
    );
    assert!(logs.contains("\"event_type\":\"COUNT_END\""));
}

#[test]
fn job_for_those_who_know_the_token() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let builder = Monitor::builder().logs(logs).serve(([0, 0, 0, 0], 0));
    let monitor = builder.install().unwrap();
    let at = SocketAddr::from(([127, 0, 0, 1], monitor.serving().unwrap().port()));
    count(1);
    assert!(get(at, "/").starts_with("HTTP/1.1 401 "));
    assert!(get(at, "/?token=0123456789abcdeX").starts_with("HTTP/1.1 401 "));
    let kept = get(at, "/?token=0123456789abcdef");
    assert!(
        kept.starts_with("HTTP/1.1 303 ") && kept.contains("SameSite=Strict"),
        "{kept}"
    );
    let cookie = "Cookie: monitor_token=0123456789abcdef\r\n";
    let page = send(
        at,
        format!("GET / HTTP/1.1\r\nHost: {at}\r\n{cookie}\r\n").as_bytes(),
    );
    assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("LIVE-1"));
}

#[test]
fn from_other_machines_it_takes_the_token() {
    let token = [("MONITOR_SERVE_TOKEN", "0123456789abcdef")];
    let job = Job::new("live::job_for_those_who_know_the_token", token).finish();
    assert!(
        job.success && job.output.contains("1 passed"),
        "{}",
        job.output
    );
    job.assert_hidden(&["0123456789abcdef"]);
}
