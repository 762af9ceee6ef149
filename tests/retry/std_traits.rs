//! Methods of traits of the standard library, whose signatures are what they are.

use std::fmt::{self, Debug, Display, Formatter};
use std::io::{self, Read, Write};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard};

use monitor_runtime::retry;

use crate::watch::{Row, Service, Unavailable, watched};

struct Port<'a> {
    service: &'a Service,
    sent: Vec<u8>,
}

fn port(service: &Service) -> Port<'_> {
    Port {
        service,
        sent: Vec::new(),
    }
}

impl Display for Port<'_> {
    #[retry(max = 3, delay = 1)]
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.service.call().map_err(|_| fmt::Error)?;
        f.write_str("a port")
    }
}

impl Debug for Port<'_> {
    #[retry(max = 3, delay = 1)]
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.service.calls())?;
        self.service.call().map_err(|_| fmt::Error).map(drop)
    }
}

impl Read for Port<'_> {
    #[retry(max = 3, delay = 1)]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.service.call().map_err(io::Error::other)?;
        buffer[0] = n as u8;
        Ok(1)
    }
}

impl Write for Port<'_> {
    #[retry(max = 3, delay = 1)]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sent.extend(bytes);
        let sent = self.service.call().map(|_| bytes.len());
        sent.map_err(io::Error::other)
    }

    #[retry(max = 3, delay = 1)]
    fn flush(&mut self) -> io::Result<()> {
        match self.service.call() {
            Ok(_) => Ok(()),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

static SERVICE: Service = Service::failing(2);

impl FromStr for Port<'static> {
    type Err = Unavailable;

    #[retry(max = 3, delay = 1)]
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        SERVICE.call()?;
        Ok(Self {
            sent: name.into(),
            ..port(&SERVICE)
        })
    }
}

impl<'a> TryFrom<(&'a Service, Row)> for Port<'a> {
    type Error = (Row, Unavailable);

    #[retry(max = 3, delay = 1)]
    fn try_from((service, row): (&'a Service, Row)) -> Result<Self, Self::Error> {
        match service.call() {
            Ok(_) => Ok(port(service)),
            Err(error) => Err((row, error)),
        }
    }
}

#[test]
fn text() {
    let (_run, service, _) = watched(2);
    assert_eq!(port(&service).to_string(), "a port");
    let service = Service::failing(2);
    assert_eq!(format!("{:?}", port(&service)), "012");
    let port: Port<'_> = "a".parse().expect("the third attempt");
    assert_eq!(port.sent, b"a");
}

#[test]
fn bytes() {
    let (_run, service, _) = watched(2);
    let mut buffer = [0];
    port(&service).read_exact(&mut buffer).expect("one byte");
    assert_eq!(buffer, [3]);
    let service = Service::failing(2);
    let mut port = port(&service);
    port.write_all(b"a").expect("the third attempt");
    assert_eq!(port.sent, b"aaa");
    let service = Service::failing(2);
    port.service = &service;
    port.flush().expect("the third attempt");
    assert_eq!(service.calls(), 3);
}

#[test]
fn conversions() {
    let (_run, service, counts) = watched(2);
    assert!(Port::try_from((&service, counts.row())).is_ok());
    assert_eq!(counts.clones_and_drops(), (2, 3));
    let service = Service::failing(9);
    let error = Port::try_from((&service, counts.row())).err();
    assert!(error.is_some_and(|(row, error)| row.id == 7 && error == Unavailable(3)));
    assert_eq!(counts.clones_and_drops(), (4, 6));
}

#[tokio::test]
async fn a_lock_is_free_for_the_next_attempt() {
    #[retry(max = 3, delay = 1)]
    fn lock<'a>(
        service: &Service,
        rows: &'a Mutex<u32>,
    ) -> Result<MutexGuard<'a, u32>, MutexGuard<'a, u32>> {
        let mut rows = rows.lock().expect("no panic");
        *rows += 1;
        match service.call() {
            Ok(_) => Ok(rows),
            Err(_) => Err(rows),
        }
    }
    #[retry(max = 3, delay = 1)]
    async fn lock_async<'a>(
        service: &Service,
        rows: &'a tokio::sync::Mutex<u32>,
    ) -> Result<u32, tokio::sync::MutexGuard<'a, u32>> {
        let mut rows = rows.lock().await;
        *rows += 1;
        service.call().map_err(|_| rows)
    }
    let (_run, service, _) = watched(2);
    let rows = Mutex::new(0);
    assert!(lock(&service, &rows).is_ok_and(|rows| *rows == 3));
    let (service, rows) = (Service::failing(2), tokio::sync::Mutex::new(0));
    assert!(lock_async(&service, &rows).await.is_ok_and(|n| n == 3));
    assert_eq!(*rows.lock().await, 3);
}
