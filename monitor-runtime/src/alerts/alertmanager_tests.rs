use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Instant, UNIX_EPOCH},
};

use tokio::runtime;

use super::*;
use crate::alerts::{
    Severity,
    webhook_url::{Service, WebhookUrl},
};

fn alert(message: &str, details: Value) -> Alert {
    Alert {
        raised_at: UNIX_EPOCH + Duration::from_secs(60),
        ..Alert::new("1".into(), Severity::Critical, message, details)
    }
}

/// What tells that the trouble of `failed` is over.
fn recovery_of(failed: &Alert) -> Alert {
    let details = json!({"stage": failed.details["stage"], "run_id": "2"});
    let mut recovered = Alert::new("2".into(), failed.severity, "it works again", details);
    recovered.fingerprint.clone_from(&failed.fingerprint);
    recovered.raised_at = failed.raised_at + Duration::from_secs(30);
    recovered.resolved = true;
    recovered
}

#[test]
fn labels_annotations_and_times_are_those_of_the_api() {
    let details = json!({"stage": "NBA-17", "function": "ingest", "error": "503",
        "last_success": "yesterday", "runbook": "docs/nba-17.md", "season": 1});
    let alerts = [Arc::new(alert("NBA-17 failed\u{7}", details))];
    let now = UNIX_EPOCH + Duration::from_secs(120);
    assert_eq!(
        body("nba", &alerts, now),
        json!([{
            "labels": {
                "alertname": "PipelineAlert", "severity": "critical", "pipeline": "nba",
                "fingerprint": format!("{:016x}", fnv("NBA-17 failed\u{7}")),
                "stage": "NBA-17", "function": "ingest",
            },
            "annotations": {
                "summary": "NBA-17 failed ", "error": "503", "stage": "NBA-17",
                "function": "ingest", "last_success": "yesterday",
                "runbook": "docs/nba-17.md", "details": "{\"season\":1}",
            },
            "startsAt": "1970-01-01T00:01:00.000000Z",
            "endsAt": "1970-01-02T00:02:00.000000Z",
        }])
    );
}

#[test]
fn a_recovery_has_the_labels_of_its_failure_and_ends_it() {
    let failed = alert("NBA-17 failed", json!({"stage": "NBA-17", "run_id": "1"}));
    let recovered = recovery_of(&failed);
    assert_eq!(labels("nba", &failed), labels("nba", &recovered));
    let now = UNIX_EPOCH + Duration::from_secs(3600);
    let both = [Arc::new(recovered), Arc::new(failed)];
    let body = body("nba", &both, now);
    assert_eq!(body.as_array().map(Vec::len), Some(1));
    assert_eq!(body[0]["endsAt"], "1970-01-01T00:01:30.000000Z");
    assert_eq!(body[0]["startsAt"], body[0]["endsAt"]);
}

#[test]
fn the_hash_is_fnv() {
    assert_eq!(fnv("foobar"), 0x8594_4171_f739_67e8);
}

#[test]
fn a_real_alertmanager_takes_alerts_and_their_end() {
    let Some(server) = Server::start() else {
        return;
    };
    let url = format!("http://127.0.0.1:{}", server.port);
    let channel = Alertmanager::new(&AlertmanagerSettings {
        base: WebhookUrl::parse(&url, Service::Alertmanager, &[]).unwrap(),
        pipeline: "nba".into(),
    })
    .unwrap();
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let deliver = |alert: &Alert| {
        let alerts = [Arc::new(alert.clone())];
        assert_eq!(runtime.block_on(channel.deliver(&alerts)), Ok(()));
    };
    let mut failed = alert(
        "NBA-17 failed <\"é🚨\">",
        json!({"stage": "NBA-17", "error": "503"}),
    );
    failed.raised_at = SystemTime::now() - Duration::from_secs(60);
    let hostile = "x\r\n\u{0}\u{202e}{{ template }}".repeat(10_000);
    let mut strange = alert(
        &hostile,
        json!({"stage": hostile, "function": "", "a": {"b": hostile}}),
    );
    strange.raised_at = failed.raised_at;
    deliver(&failed);
    deliver(&strange);
    let standing = server.alerts();
    assert_eq!(standing.len(), 2, "{standing:#?}");
    let stands = |alert: &Alert| {
        let labels = labels("nba", alert);
        server.alerts().iter().any(|one| one["labels"] == labels)
    };
    assert!(stands(&failed) && stands(&strange));
    deliver(&recovery_of(&failed));
    assert!(!stands(&failed) && stands(&strange));
}

/// A process of Alertmanager; it is killed on drop.
struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    /// Where it is not installed this says so and gives none, but under CI, where nothing may
    /// go untested, it panics.
    fn start() -> Option<Self> {
        let is_there = |program: &&str| {
            let mut version = Command::new(program);
            version
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            version.status().is_ok_and(|status| status.success())
        };
        let programs = ["prometheus-alertmanager", "alertmanager"];
        let Some(program) = programs.into_iter().find(is_there) else {
            let cure = "Alertmanager is needed: apt-get install prometheus-alertmanager";
            assert!(env::var_os("CI").is_none(), "{cure}");
            eprintln!("SKIPPED: {cure}");
            return None;
        };
        let folder = env::temp_dir().join(format!("monitor-alertmanager-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let config = folder.join("alertmanager.yml");
        fs::write(
            &config,
            "route:\n  receiver: none\nreceivers:\n- name: none\n",
        )
        .unwrap();
        // Free a moment ago: it has no way to ask for any.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let child = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            child,
            port,
            folder,
        };
        let start = Instant::now();
        while !server
            .get("/-/ready")
            .is_some_and(|answer| answer.contains(" 200 "))
        {
            assert!(start.elapsed() < Duration::from_secs(30), "it is not ready");
            thread::sleep(Duration::from_millis(50));
        }
        Some(server)
    }

    /// The alerts that stand.
    fn alerts(&self) -> Vec<Value> {
        let answer = self.get("/api/v2/alerts").unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }

    /// By HTTP/1.0: the answer ends with the connection, and comes in one piece.
    fn get(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
