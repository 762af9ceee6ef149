//! A real SMTP server (aiosmtpd), with a certificate made for it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::Value;
use tempfile::TempDir;

use super::PATIENCE;

/// The account that the server knows.
pub(crate) const USER: &str = "robot@example.org";
/// Its password. Tests look for it where it must not be.
pub(crate) const PASSWORD: &str = "pässwörd-k33p-me-out";

/// A server process; it is killed on drop.
pub(crate) struct SmtpServer {
    child: Child,
    port: u16,
    events: mpsc::Receiver<Value>,
    folder: TempDir,
}

impl SmtpServer {
    /// Starts `smtp.py` with these arguments. Without python3 or aiosmtpd it says
    /// so and gives none, but under CI, where nothing may go untested, it panics.
    pub(crate) fn start(arguments: &[&str]) -> Option<Self> {
        Self::start_with(arguments, true)
    }

    /// The same, with a certificate that is not valid any more.
    pub(crate) fn start_expired() -> Option<Self> {
        Self::start_with(&[], false)
    }

    fn start_with(arguments: &[&str], is_valid: bool) -> Option<Self> {
        let python = Command::new("python3")
            .args(["-c", "import aiosmtpd"])
            .stderr(Stdio::null())
            .status();
        if !python.is_ok_and(|status| status.success()) {
            let cure = "python3 with aiosmtpd is needed: pip install aiosmtpd";
            assert!(std::env::var_os("CI").is_none(), "{cure}");
            eprintln!("SKIPPED: {cure}");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        write_certificates(folder.path(), is_valid);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/smtp.py");
        let mut child = Command::new("python3")
            .arg(script)
            .args(["--user", USER, "--password", PASSWORD])
            .arg("--certificate")
            .arg(folder.path().join("server.pem"))
            .arg("--key")
            .arg(folder.path().join("server.key"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, events) = mpsc::channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap();
                if sender.send(event).is_err() {
                    break;
                }
            }
        });
        let first: Value = events.recv_timeout(PATIENCE).unwrap();
        let port = u16::try_from(first["port"].as_u64().unwrap()).unwrap();
        Some(Self {
            child,
            port,
            events,
            folder,
        })
    }

    /// For `SMTP_HOST`.
    pub(crate) fn address(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// For `SMTP_CA_FILE`.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The next event of this kind; those before it are passed over.
    pub(crate) fn wait_for(&self, kind: &str) -> Value {
        loop {
            let event = self
                .events
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("the SMTP server reported no {kind:?}"));
            if event["event"] == kind {
                return event;
            }
        }
    }

    /// What was reported and not yet looked at.
    pub(crate) fn rest(&self) -> Vec<Value> {
        self.events.try_iter().collect()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An authority of its own, and a server certificate that it signed.
/// A root and a certificate for this machine that it has signed: `ca.pem`, `server.pem`,
/// `server.key`.
pub(crate) fn write_certificates(folder: &Path, is_valid: bool) {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new([]).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    fs::write(
        folder.join("ca.pem"),
        ca.self_signed(&ca_key).unwrap().pem(),
    )
    .unwrap();
    let key = KeyPair::generate().unwrap();
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut certificate = CertificateParams::new(names).unwrap();
    if !is_valid {
        certificate.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }
    let certificate = certificate
        .signed_by(&key, &Issuer::new(ca, ca_key))
        .unwrap();
    fs::write(folder.join("server.pem"), certificate.pem()).unwrap();
    fs::write(folder.join("server.key"), key.serialize_pem()).unwrap();
}
