//! What a client asks: read strictly, up to a size and for a time.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long the head of a request may be, and how long it may take.
const LONGEST: usize = 8 * 1024;
const WITHIN: Duration = Duration::from_secs(5);
/// How many headers it may have.
const MOST_HEADERS: usize = 64;

/// A request that is understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) path: String,
    pub(super) query: String,
    pub(super) host: String,
    pub(super) origin: Option<String>,
    pub(super) cookie: String,
    pub(super) authorization: Option<String>,
}

/// Why it is not, as the status that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Malformed,
    Method,
    TooLong,
    TooSlow,
    /// Nobody is there to be told.
    Gone,
}

impl Request {
    pub(super) fn read(stream: &mut TcpStream) -> Result<Self, Refused> {
        let until = Instant::now() + WITHIN;
        let mut head = Vec::new();
        let mut piece = [0; 1024];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Refused::TooSlow);
            }
            stream
                .set_read_timeout(Some(left))
                .map_err(|_| Refused::Gone)?;
            let read = match stream.read(&mut piece) {
                Ok(0) => return Err(Refused::Gone),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if is_timeout(&error) => return Err(Refused::TooSlow),
                Err(_) => return Err(Refused::Gone),
            };
            // The end may have come in two pieces.
            let from = head.len().saturating_sub(3);
            head.extend_from_slice(&piece[..read]);
            if let Some(end) = head[from..].windows(4).position(|four| four == b"\r\n\r\n") {
                let end = from + end;
                if end > LONGEST {
                    return Err(Refused::TooLong);
                }
                return Self::parse(&head[..end]);
            }
            if head.len() > LONGEST {
                return Err(Refused::TooLong);
            }
        }
    }

    /// The head of a request without the empty line at its end.
    fn parse(head: &[u8]) -> Result<Self, Refused> {
        let head = str::from_utf8(head).map_err(|_| Refused::Malformed)?;
        let is_control = |c: char| c.is_ascii_control() && c != '\t';
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let mut words = first.split(' ');
        let (Some(method), Some(target), Some(version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(Refused::Malformed);
        };
        let is_known = matches!(version, "HTTP/1.1" | "HTTP/1.0");
        if !is_known || !target.starts_with('/') || !target.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Refused::Malformed);
        }
        let is_method = !method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase());
        match method {
            "GET" => {}
            _ if is_method => return Err(Refused::Method),
            _ => return Err(Refused::Malformed),
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request = Self {
            path: path.to_owned(),
            query: query.to_owned(),
            ..Self::default()
        };
        let mut hosts = 0;
        for (number, line) in lines.enumerate() {
            let Some((name, value)) = line.split_once(':') else {
                return Err(Refused::Malformed);
            };
            if number >= MOST_HEADERS {
                return Err(Refused::TooLong);
            }
            // A blank before the colon, or a line that goes on, is read differently by others.
            let is_name = !name.is_empty() && name.bytes().all(is_token);
            if !is_name || value.contains(is_control) {
                return Err(Refused::Malformed);
            }
            let value = value.trim_matches([' ', '\t']);
            match name.to_ascii_lowercase().as_str() {
                "host" => {
                    hosts += 1;
                    value.clone_into(&mut request.host);
                }
                "origin" => request.origin = Some(value.to_owned()),
                "cookie" => value.clone_into(&mut request.cookie),
                "authorization" => request.authorization = Some(value.to_owned()),
                // What follows would be taken for another request.
                "transfer-encoding" => return Err(Refused::Malformed),
                "content-length" if value != "0" => return Err(Refused::Malformed),
                _ => {}
            }
        }
        if hosts == 1 {
            Ok(request)
        } else {
            Err(Refused::Malformed)
        }
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_understood() {
        let head = b"GET /events?token=x HTTP/1.1\r\nHost: localhost:9464\r\nOrigin:http://a\r\nX: \xc3\xa9";
        let request = Request::parse(head).expect("a request");
        assert_eq!((&*request.path, &*request.query), ("/events", "token=x"));
        assert_eq!(request.host, "localhost:9464");
        assert_eq!(request.origin.as_deref(), Some("http://a"));
    }

    #[test]
    fn what_others_could_read_differently_is_refused() {
        for head in [
            "",
            "GET",
            "GET /",
            "GET / HTTP/2",
            "GET  / HTTP/1.1\r\nHost: a",
            "get / HTTP/1.1\r\nHost: a",
            "GET http://a/ HTTP/1.1\r\nHost: a",
            "GET / HTTP/1.1",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
            "GET / HTTP/1.1\r\nHost : a",
            "GET / HTTP/1.1\r\nHost: a\r\n folded: b",
            "GET / HTTP/1.1\nHost: a",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 7",
            "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked",
            "GET /\u{e9} HTTP/1.1\r\nHost: a",
            "GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}",
            "GET / HTTP/1.1\r\nHost: a\r\nX: a\nb",
        ] {
            assert_eq!(
                Request::parse(head.as_bytes()),
                Err(Refused::Malformed),
                "{head:?}"
            );
        }
        assert_eq!(
            Request::parse(b"POST / HTTP/1.1\r\nHost: a"),
            Err(Refused::Method)
        );
        assert_eq!(
            Request::parse(b"\xff / HTTP/1.1\r\nHost: a"),
            Err(Refused::Malformed)
        );
        let many = format!("GET / HTTP/1.1\r\nHost: a{}", "\r\nX: y".repeat(64));
        assert_eq!(Request::parse(many.as_bytes()), Err(Refused::TooLong));
    }
}
