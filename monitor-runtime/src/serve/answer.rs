//! What a client is told, and what a browser may do with it.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::request::Refused;
use crate::report::live_policy;

/// What a browser is told with each answer.
fn headers() -> String {
    format!(
        "Content-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Cache-Control: no-store\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         Cross-Origin-Opener-Policy: same-origin\r\nConnection: close\r\n",
        live_policy()
    )
}

/// An answer as a whole.
pub(super) fn whole(
    stream: &mut TcpStream,
    status: &str,
    kind: &str,
    more: &str,
    content: &[u8],
) -> io::Result<()> {
    let length = content.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}{}\r\n",
        headers()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(content)?;
    end(stream);
    Ok(())
}

pub(super) fn text(stream: &mut TcpStream, status: &str, more: &str) -> io::Result<()> {
    let content = format!("{status}\n");
    whole(
        stream,
        status,
        "text/plain; charset=utf-8",
        more,
        content.as_bytes(),
    )
}

pub(super) fn refused(stream: &mut TcpStream, why: Refused) -> io::Result<()> {
    match why {
        Refused::Malformed => text(stream, "400 Bad Request", ""),
        Refused::Method => text(stream, "405 Method Not Allowed", "Allow: GET\r\n"),
        Refused::TooLong => text(stream, "431 Request Header Fields Too Large", ""),
        Refused::TooSlow => text(stream, "408 Request Timeout", ""),
        Refused::Gone => Ok(()),
    }
}

/// The beginning of an answer that goes on.
pub(super) fn stream(stream: &mut TcpStream) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n{}\r\nretry: 2000\n\n",
        headers()
    );
    stream.write_all(head.as_bytes())
}

/// A connection that is closed with something unread loses the answer on its way.
fn end(stream: &mut TcpStream) {
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_millis(100)));
    let mut rest = [0; 4096];
    for _ in 0..16 {
        if !matches!(io::Read::read(stream, &mut rest), Ok(1..)) {
            return;
        }
    }
}
