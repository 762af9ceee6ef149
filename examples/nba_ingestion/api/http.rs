//! As much of HTTP/1.1 as the API speaks: a GET, one answer, and the connection closes.

use std::fmt::{Display, Write as _};
use std::io;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request's head that is longer than this is not one of ours.
const MAX_HEAD: usize = 8 * 1024;

pub(super) struct Request {
    path: String,
    query: String,
}

impl Request {
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }
}

pub(super) async fn read_request(stream: &mut TcpStream) -> io::Result<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > MAX_HEAD || stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    let head = String::from_utf8_lossy(&head);
    let target = head
        .strip_prefix("GET ")
        .and_then(|rest| rest.split(' ').next())
        .ok_or(io::ErrorKind::Unsupported)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Ok(Request {
        path: path.to_owned(),
        query: query.to_owned(),
    })
}

pub(super) struct Response {
    head: String,
    body: Vec<u8>,
}

impl Response {
    pub(super) fn json(body: &Value) -> Self {
        Self::new(200, body.to_string().into_bytes()).header("Content-Type", "application/json")
    }

    pub(super) fn empty(status: u16) -> Self {
        Self::new(status, Vec::new())
    }

    fn new(status: u16, body: Vec<u8>) -> Self {
        let reason = match status {
            200 => "OK",
            400 => "Bad Request",
            404 => "Not Found",
            429 => "Too Many Requests",
            503 => "Service Unavailable",
            _ => "",
        };
        Self {
            head: format!("HTTP/1.1 {status} {reason}\r\n"),
            body,
        }
        .header("Connection", "close")
    }

    pub(super) fn header(mut self, name: &str, value: impl Display) -> Self {
        // Writing to a String cannot fail.
        let _ = write!(self.head, "{name}: {value}\r\n");
        self
    }

    pub(super) async fn send(&self, stream: &mut TcpStream) -> io::Result<()> {
        self.send_body(stream, self.body.len()).await
    }

    /// Promises the whole body and stops half-way.
    pub(super) async fn send_half(&self, stream: &mut TcpStream) -> io::Result<()> {
        self.send_body(stream, self.body.len() / 2).await
    }

    async fn send_body(&self, stream: &mut TcpStream, length: usize) -> io::Result<()> {
        let promised = self.body.len();
        let head = format!("{}Content-Length: {promised}\r\n\r\n", self.head);
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&self.body[..length]).await?;
        stream.shutdown().await
    }
}
