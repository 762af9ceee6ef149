//! A small HTTP server that behaves as Slack's incoming webhooks do.

use std::{
    collections::VecDeque,
    fs,
    io::{self, BufRead as _, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::Value;

use super::PATIENCE;

/// The secret part of the address. Tests look for it where it must not be.
pub(crate) const SECRET_PATH: &str = "services/T0SECRET/B0SECRET/k33pm3out";

/// How one request is answered.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// 200 `ok`, or 400 with Slack's word where Slack would refuse the payload.
    Judge,
    /// 200 whatever comes.
    #[allow(dead_code, reason = "not each test asks for it")]
    Take,
    /// As Slack does that takes one message a second: 429 for the others.
    #[allow(dead_code, reason = "not each test asks for it")]
    OneASecond,
    /// 403 `action_prohibited`.
    Forbidden,
    /// 404 `no_service`: the webhook was removed.
    NoService,
    /// 429 `rate_limited`, with `Retry-After` in seconds.
    TooMany(u32),
    /// 503, with `Retry-After` as a date so many seconds ahead.
    BusyUntil(u64),
    /// 500 `rollup_error`.
    ServerError,
    /// 404, with a page that repeats the address.
    Echo,
    /// 302 to another place, which must not be followed.
    Redirect(String),
    /// Bytes that are no HTTP.
    Garbage,
    /// Half an answer, and then nothing for as long as the client waits.
    Slow,
    /// 204, whatever the body.
    Accept,
    /// The connection is closed without an answer.
    Close,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) at: Instant,
    /// It was answered with 429.
    pub(crate) was_refused: bool,
}

impl Request {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The server; it ends on drop.
pub(crate) struct Webhook {
    address: SocketAddr,
    requests: mpsc::Receiver<Request>,
    ending: Arc<AtomicBool>,
}

impl Webhook {
    /// Gives these answers one after the other, and [`Answer::Judge`] from then on.
    pub(crate) fn start(script: impl IntoIterator<Item = Answer>) -> Self {
        Self::start_then(script, Answer::Judge)
    }

    /// Gives these answers one after the other, and the last one from then on.
    pub(crate) fn start_then(script: impl IntoIterator<Item = Answer>, last: Answer) -> Self {
        Self::start_as(script, last, None)
    }

    /// Takes whatever comes over TLS, with the certificate in `folder`.
    pub(crate) fn start_tls(folder: &Path) -> Self {
        let read = |name: &str| fs::read(folder.join(name)).unwrap();
        let certificate = CertificateDer::from_pem_slice(&read("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_slice(&read("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self::start_as([], Answer::Take, Some(Arc::new(config)))
    }

    fn start_as(
        script: impl IntoIterator<Item = Answer>,
        last: Answer,
        tls: Option<Arc<rustls::ServerConfig>>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let script: Arc<Mutex<VecDeque<Answer>>> =
            Arc::new(Mutex::new(script.into_iter().collect()));
        let ending = Arc::new(AtomicBool::new(false));
        let (sender, requests) = mpsc::channel();
        let stop = Arc::clone(&ending);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let (Ok(stream), sender, script) = (stream, sender.clone(), Arc::clone(&script))
                else {
                    continue;
                };
                let (last, tls) = (last.clone(), tls.clone());
                // A client that goes away in the middle is part of some tests.
                thread::spawn(move || match tls {
                    None => drop(serve(stream, &sender, &script, &last)),
                    Some(config) => {
                        let tls = rustls::ServerConnection::new(config).unwrap();
                        let stream = rustls::StreamOwned::new(tls, stream);
                        drop(serve(stream, &sender, &script, &last));
                    }
                });
            }
        });
        Self {
            address,
            requests,
            ending,
        }
    }

    /// For `SLACK_WEBHOOK_URL`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/{SECRET_PATH}", self.address)
    }

    /// The next request.
    pub(crate) fn request(&self) -> Request {
        let request = self.requests.recv_timeout(PATIENCE);
        request.expect("no request came to the webhook")
    }

    /// What came and was not yet looked at.
    pub(crate) fn rest(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

impl Drop for Webhook {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve<S: Read + Write>(
    stream: S,
    sender: &mpsc::Sender<Request>,
    script: &Mutex<VecDeque<Answer>>,
    last: &Answer,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some(mut request) = read(&mut reader)? {
        let answer = script.lock().unwrap().pop_front();
        let body = request.body.clone();
        let path = request.line.clone();
        let answer = match answer.unwrap_or_else(|| last.clone()) {
            Answer::OneASecond if !is_in_time(request.at) => Answer::TooMany(1),
            Answer::OneASecond => Answer::Judge,
            answer => answer,
        };
        request.was_refused = matches!(answer, Answer::TooMany(_));
        let _ = sender.send(request);
        let (status, header, word) = match answer {
            Answer::OneASecond => continue,
            Answer::Judge => match judge(&body) {
                Ok(()) => ("200 OK", String::new(), "ok"),
                Err(word) => ("400 Bad Request", String::new(), word),
            },
            Answer::Take => ("200 OK", String::new(), "ok"),
            Answer::Forbidden => ("403 Forbidden", String::new(), "action_prohibited"),
            Answer::NoService => ("404 Not Found", String::new(), "no_service"),
            Answer::TooMany(seconds) => (
                "429 Too Many Requests",
                format!("Retry-After: {seconds}\r\n"),
                "rate_limited",
            ),
            Answer::ServerError => ("500 Internal Server Error", String::new(), "rollup_error"),
            Answer::BusyUntil(seconds) => (
                "503 Service Unavailable",
                format!("Retry-After: {}\r\n", http_date(seconds)),
                "rollup_error",
            ),
            Answer::Echo => ("404 Not Found", String::new(), path.as_str()),
            Answer::Accept => ("204 No Content", String::new(), ""),
            Answer::Garbage => {
                reader
                    .get_mut()
                    .write_all(b"\x00\xff no HTTP at all\r\n\r\n")?;
                return Ok(());
            }
            Answer::Slow => {
                reader.get_mut().write_all(b"HTTP/1.1 500 Internal")?;
                // Until the client has had enough.
                let _ = reader.read_to_end(&mut Vec::new());
                return Ok(());
            }
            Answer::Redirect(to) => ("302 Found", format!("Location: {to}\r\n"), ""),
            Answer::Close => return Ok(()),
        };
        let length = word.len();
        write!(
            reader.get_mut(),
            "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n{header}Content-Length: {length}\r\n\r\n{word}"
        )?;
    }
    Ok(())
}

/// Whether the last message that was in time came a second before.
fn is_in_time(at: Instant) -> bool {
    static LAST: Mutex<Option<Instant>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap();
    let is_in_time = last.is_none_or(|last| at.duration_since(last).as_secs() >= 1);
    if is_in_time {
        *last = Some(at);
    }
    is_in_time
}

fn read(reader: &mut BufReader<impl Read>) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        match header.trim_end().split_once(':') {
            Some((name, value)) => {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
            None => break,
        }
    }
    let mut request = Request {
        line: line.trim_end().to_owned(),
        headers,
        body: String::new(),
        at: Instant::now(),
        was_refused: false,
    };
    let length: u64 = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    reader.take(length).read_to_string(&mut request.body)?;
    Ok(Some(request))
}

/// The moment so many seconds from now, as HTTP writes it.
fn http_date(ahead: u64) -> String {
    httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(ahead))
}

/// Slack's own checks, as far as they are documented.
fn judge(body: &str) -> Result<(), &'static str> {
    let Ok(Value::Object(payload)) = serde_json::from_str(body) else {
        return Err("invalid_payload");
    };
    let size = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    match payload.get("text").map_or(0, size) {
        0 => return Err("no_text"),
        1..=40_000 => {}
        _ => return Err("msg_too_long"),
    }
    let blocks = payload.get("blocks").and_then(Value::as_array);
    if blocks.map_or(0, Vec::len) > 50 {
        return Err("invalid_blocks");
    }
    for block in blocks.into_iter().flatten() {
        let (texts, max): (Vec<&Value>, usize) = match block["type"].as_str() {
            Some("section") if block.get("text").is_none() => {
                let fields = block["fields"].as_array();
                if fields.map_or(0, Vec::len) > 10 {
                    return Err("invalid_blocks");
                }
                let fields = fields.into_iter().flatten();
                (fields.map(|field| &field["text"]).collect(), 2_000)
            }
            Some("header") => (vec![&block["text"]["text"]], 150),
            Some("section") => (vec![&block["text"]["text"]], 3_000),
            Some("context") => {
                let elements = block["elements"].as_array();
                let texts = elements.into_iter().flatten();
                (texts.map(|element| &element["text"]).collect(), 3_000)
            }
            _ => return Err("invalid_blocks"),
        };
        let fits = |text: &&Value| (1..=max).contains(&size(text));
        if texts.is_empty() || !texts.iter().all(fits) {
            return Err("invalid_blocks");
        }
    }
    Ok(())
}
