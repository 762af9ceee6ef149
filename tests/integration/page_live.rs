//! The live page as a browser shows it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use monitor_runtime::json;
use monitor_runtime::testing::ScopedMonitor;
use serde_json::Value;

use super::page::{clean, ingest, install, looks_well, run_something};
use crate::support::PATIENCE;
use crate::support::browser::Browser;

/// The records that the page tells of the first stage.
const RECORDS: &str =
    "return document.querySelector('#stages tr.stage td:nth-of-type(8)')?.textContent ?? ''";

/// A run with a page, and where that is.
fn serve(logs: &Path) -> (ScopedMonitor, String) {
    let monitor = install(logs, |builder| builder.serve(([127, 0, 0, 1], 0)));
    let url = format!("http://{}/", monitor.serving().unwrap());
    (monitor, url)
}

/// Waits until `script` gives what is looked for, and tells how long that took.
fn wait(browser: &Browser, script: &str, is_it: impl Fn(&Value) -> bool) -> Duration {
    let started = Instant::now();
    loop {
        let given = browser.run(script);
        if is_it(&given) {
            return started.elapsed();
        }
        assert!(started.elapsed() < PATIENCE, "{script}: {given}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_call_is_shown_within_two_seconds_with_a_script_and_soon_without() {
    let Some(browser) = Browser::open() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (_monitor, url) = serve(folder.path());
    let until = |expected: &str, longest: Duration| {
        let took = wait(&browser, RECORDS, |records| records == expected);
        assert!(took < longest, "{expected}: {took:?}");
    };
    // From three calls on there is a histogram, with its data.
    for records in [7, 0, 0] {
        ingest(records);
    }
    browser.look(1440, "light");
    browser.go(&url);
    until("7", PATIENCE);
    for round in 1..=4 {
        // What a reader has unfolded stays so.
        browser.run("document.querySelectorAll('#details details').forEach(details => { details.open = true; })");
        ingest(1_000);
        until(&format!("{},{:03}", round, 7), Duration::from_secs(2));
        let closed = "return document.querySelectorAll('#details details:not([open])').length";
        assert_eq!(browser.run(closed), 0);
    }

    browser.command(
        "Emulation.setScriptExecutionDisabled",
        &json!({"value": true}),
    );
    browser.go(&url);
    ingest(500);
    until("4,507", Duration::from_secs(5));
}

#[test]
fn an_update_takes_nothing_from_who_reads() {
    let Some(browser) = Browser::open() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (_monitor, url) = serve(folder.path());
    ingest(1);
    let _ = clean();
    browser.look(1440, "light");
    browser.go(&url);
    wait(&browser, RECORDS, |records| records == "1");
    let is_open =
        "return [...document.querySelectorAll('#details > details')].map(details => details.open)";
    browser.run(
        "const [first, second] = document.querySelectorAll('#details > details'); first.open = false; second.open = true;
         second.querySelector('.data').open = true; second.querySelector('summary').focus();
         document.querySelector('#stage-s1').click();",
    );
    // Charts appear in the first stage, and with them more that can be unfolded.
    let charts =
        "return document.querySelectorAll('#details > details:first-of-type .data').length";
    for _ in 0..3 {
        ingest(1);
    }
    wait(&browser, charts, |charts| *charts == json!(2));
    assert_eq!(browser.run(is_open), json!([false, true]));
    let second = "const [first, second] = document.querySelectorAll('#details > details');
        const open = [...second.querySelectorAll('.data')].map(data => data.open);
        return [first.querySelectorAll('.data[open]').length, open[0], document.activeElement.textContent,
            document.querySelector('#stage-s1').checked]";
    assert_eq!(browser.run(second), json!([0, true, "PAGE-2", true]));

    // Who reads older lines of the log is left alone until he comes back to its end.
    browser.run("document.querySelector('#stage-all').click(); document.querySelector('#log .lines').scrollTop = -500");
    let lines = "return document.querySelectorAll('#log li').length";
    let before = browser.run(lines);
    let records = browser.run(RECORDS);
    ingest(1_000);
    wait(&browser, RECORDS, |now| *now != records);
    assert_eq!(browser.run(lines), before);
    browser.run("document.querySelector('#log .lines').scrollTop = 0");
    wait(&browser, lines, |now| *now != before);
}

#[test]
fn the_live_page_is_right_in_both_themes_and_at_each_width() {
    let Some(browser) = Browser::open() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (_monitor, url) = serve(folder.path());
    run_something();
    let open = || {
        browser.go(&url);
        let state = "return document.querySelector('#live').textContent";
        wait(&browser, state, |state| state == "● live");
        // An audit looks at a page that does not change meanwhile.
        browser.run("source.close()");
    };
    let snapshot = monitor_runtime::snapshot();
    let own = ["live.js", "events"].map(|name| format!("{url}{name}"));
    // The browser tells of a stream when it has ended.
    looks_well(&browser, "live", open, &snapshot, &own);
    let complaints = browser.complaints();
    let refused = |complaint: &&Value| {
        let message = complaint["message"].as_str().unwrap_or_default();
        message.contains("Content Security Policy")
    };
    assert_eq!(complaints.iter().find(refused), None);
}

/// The example while it serves its page; it goes on until this is dropped.
struct Visited {
    job: Child,
    url: String,
}

impl Visited {
    fn start(folder: &Path) -> Self {
        let mut job = crate::support::example("nba_ingestion")
            .current_dir(folder)
            .args(["--serve", "--page", "127.0.0.1:0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = job.stdout.as_mut().unwrap();
        BufReader::new(stdout.by_ref())
            .read_line(&mut line)
            .unwrap();
        let url = line.split(' ').find(|word| word.starts_with("http://"));
        let url = url.unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { job, url }
    }
}

impl Drop for Visited {
    fn drop(&mut self) {
        let _ = self.job.kill();
        let _ = self.job.wait();
    }
}

/// Set, the picture in the README is made anew.
const ANEW: &str = "UPDATE_PICTURE";

/// The bytes of a PNG that tell its width and height
/// (<https://www.w3.org/TR/png-3/#11IHDR>).
const SIZE: std::ops::Range<usize> = 16..24;

#[test]
fn a_visitor_of_the_example_sees_it_move_and_the_readme_shows_that() {
    let Some(browser) = Browser::open() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let is_anew = std::env::var_os(ANEW).is_some();
    if is_anew {
        // So that it is known what is usual.
        for _ in 0..10 {
            let run = crate::support::example("nba_ingestion")
                .current_dir(folder.path())
                .output();
            assert!(run.unwrap().status.success());
        }
    }
    let mut example = Visited::start(folder.path());
    browser.look(1440, "light");
    browser.go(&example.url);
    // While a round runs, its bar moves; from round to round the records grow.
    let bar = "return document.querySelector('#stages progress')?.value ?? 0";
    wait(&browser, bar, |share| share.as_f64().unwrap() > 0.2);
    wait(&browser, RECORDS, |records| records == "5,228");
    wait(&browser, RECORDS, |records| records == "10,456");
    wait(&browser, bar, |share| share.as_f64().unwrap() > 0.2);

    let top = json!({
        "captureBeyondViewport": true,
        "clip": {"x": 0, "y": 0, "width": 1440, "height": 1100, "scale": 1},
    });
    let picture = browser.png(&top);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dashboard.png");
    if is_anew {
        std::fs::write(&path, &picture).unwrap();
    }
    let shown = std::fs::read(path).unwrap();
    assert_eq!(shown[SIZE], picture[SIZE], "set {ANEW} to make it anew");

    let mut stdin = example.job.stdin.take().unwrap();
    stdin.write_all(b"\n").unwrap();
    assert!(example.job.wait().unwrap().success());
    let state = "return document.querySelector('#live').textContent";
    let report = folder.path().join("logs/dashboard.html");
    let ended = format!("■ The run has ended: its report is {}", report.display());
    wait(&browser, state, |state| state.as_str().unwrap() == ended);
    // The last that the page tells is how it ended.
    let title = browser.run("return document.title");
    let head = browser.run("return document.querySelector('h1').textContent");
    // With earlier runs, the records of several rounds are unusual.
    let is_finished = |text: &Value| text.as_str().unwrap().contains("nba_pipeline finished");
    assert!(is_finished(&title) && is_finished(&head), "{title} {head}");
    let running = browser.run("return document.querySelectorAll('#stages progress').length");
    assert_eq!(running, 0);
}
