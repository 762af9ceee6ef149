//! The page as a browser shows it.

use std::cell::Cell;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::{Duration, Instant};

use monitor_runtime::{
    Monitor, Severity, json, log_event, monitored, record_metric, retry, send_alert, testing,
};
use serde_json::Value;

use crate::support::PATIENCE;
use crate::support::browser::Browser;

const EVIL: &str = "\"'><script>window.pwned=1</script><img src=http://evil.example/x onerror=window.pwned=1>\u{202e}";

#[monitored(stage = "PAGE-1", records = |records| *records)]
fn ingest(records: u64) -> u64 {
    // One call in eight waits for another attempt.
    let _ = fetch(&Cell::new(records % 8_008 == 1_001));
    records
}

#[monitored(stage = "PAGE-1")]
#[retry(max = 3, delay = 0.01)]
fn fetch(first: &Cell<bool>) -> Result<(), &'static str> {
    if first.replace(false) {
        Err("not yet")
    } else {
        Ok(())
    }
}

#[monitored(stage = "PAGE-2", alert = "critical")]
fn clean() -> Result<(), String> {
    Err(format!("{EVIL}{}", "x".repeat(1_000_000)))
}

fn run_something() {
    for records in 0..40 {
        ingest(records * 1_001);
    }
    let _ = clean();
    log_event("HOSTILE", json!({EVIL: EVIL}));
    record_metric("PAGE-1", EVIL, 7, EVIL);
    send_alert(Severity::Critical, EVIL, json!({}));
}

const FACTS: &str = r##"
    const all = selector => [...document.querySelectorAll(selector)];
    return {
        over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        width: document.documentElement.clientWidth,
        background: getComputedStyle(document.body).backgroundColor,
        text: getComputedStyle(document.body).color,
        foreign: all("main img, main script, main iframe, main object, main link").length,
        requests: performance.getEntriesByType("resource").map(entry => entry.name),
        pwned: window.pwned ?? null,
        unnamed: all("svg").filter(svg => !(svg.getAttribute("role") === "img" && svg.getAttribute("aria-label"))).length,
        figures: all("figure").filter(figure => !figure.querySelector("figcaption b")).length,
        unlabelled: all("input").filter(input => !input.labels.length).length,
        headings: all("h1").length,
        twice: all("[id]").map(e => e.id).filter((id, index, ids) => ids.indexOf(id) !== index),
        rows: all("#stages tr.stage").map(row => [...row.children].map(cell => cell.textContent.trim())),
    };
"##;

#[test]
fn the_report_is_right_in_both_themes_and_at_each_width() {
    let Some(browser) = Browser::open() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let builder = Monitor::builder()
        .logs(folder.path())
        .console(std::io::sink());
    let monitor = testing::install(builder).unwrap();
    run_something();
    let snapshot = monitor_runtime::snapshot();
    let log = folder.path().join("pipeline.json");
    OpenOptions::new()
        .append(true)
        .open(log)
        .unwrap()
        .write_all(b"\xff\xfe<script>\n")
        .unwrap();
    drop(monitor);
    let url = format!("file://{}", folder.path().join("dashboard.html").display());
    let mut themes = Vec::new();
    for theme in ["light", "dark"] {
        for width in [390, 768, 1440] {
            browser.look(width, theme);
            browser.go(&url);
            let facts = browser.run(FACTS);
            browser.picture(&format!("report-{theme}-{width}"));
            assert_eq!(facts["width"], width);
            for (fact, expected) in [
                ("over", json!(0)),
                ("foreign", json!(0)),
                ("requests", json!([])),
                ("pwned", Value::Null),
                ("unnamed", json!(0)),
                ("figures", json!(0)),
                ("unlabelled", json!(0)),
                ("headings", json!(1)),
                ("twice", json!([])),
            ] {
                assert_eq!(facts[fact], expected, "{fact} at {width} {theme}");
            }
            themes.push((facts["background"].clone(), facts["text"].clone()));
            for (row, stage) in facts["rows"]
                .as_array()
                .unwrap()
                .iter()
                .zip(&snapshot.stages)
            {
                let number = |cell: usize| -> u64 {
                    let digits = row[cell].as_str().unwrap().replace([',', '✖', ' '], "");
                    digits.parse().unwrap()
                };
                let stats = &stage.totals;
                assert!(row[0].as_str().unwrap().ends_with(&stage.stage));
                let shown = [1, 2, 9, 12, 15].map(number);
                let counted = [
                    stats.calls(),
                    stats.errors(),
                    stats.records,
                    stats.retries,
                    stats.in_flight,
                ];
                assert_eq!(shown, counted);
            }
            assert_eq!(
                facts["rows"].as_array().unwrap().len(),
                snapshot.stages.len()
            );
        }
    }
    assert_ne!(themes[0], themes[3]);
    assert_eq!(
        browser.complaints(),
        Vec::<Value>::new(),
        "the policy refuses nothing of the page"
    );
}

#[test]
fn the_log_is_filtered_without_a_script() {
    let Some(browser) = Browser::open() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let builder = Monitor::builder()
        .logs(folder.path())
        .console(std::io::sink());
    let monitor = testing::install(builder).unwrap();
    run_something();
    drop(monitor);
    browser.go(&format!(
        "file://{}",
        folder.path().join("dashboard.html").display()
    ));
    let shown = "return [...document.querySelectorAll('#log li')].filter(li => li.offsetParent).map(li => li.className)";
    let all = browser.run(shown).as_array().unwrap().len();
    browser.run("document.querySelector('#level-error').click()");
    let errors = browser.run(shown);
    let errors = errors.as_array().unwrap();
    assert!(!errors.is_empty() && errors.len() < all);
    assert!(
        errors
            .iter()
            .all(|class| class.as_str().unwrap().contains("error")),
        "{errors:?}"
    );
    browser.run(
        "document.querySelector('#level-all').click(); document.querySelector('#stage-s1').click()",
    );
    let of_stage = browser.run(shown);
    let of_stage = of_stage.as_array().unwrap();
    assert!(!of_stage.is_empty() && of_stage.len() < all);
    assert!(
        of_stage
            .iter()
            .all(|class| class.as_str().unwrap().ends_with("s1")),
        "{of_stage:?}"
    );
}

/// The records that the page tells of a stage.
const RECORDS: &str =
    "return document.querySelector('#stages tr.stage td:nth-of-type(9)')?.textContent ?? ''";

#[test]
fn the_live_page_shows_a_call_within_two_seconds_with_a_script_and_soon_without() {
    let Some(browser) = Browser::open() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let builder = Monitor::builder()
        .logs(folder.path())
        .console(std::io::sink());
    let monitor = testing::install(builder.serve(([127, 0, 0, 1], 0))).unwrap();
    let url = format!("http://{}/", monitor.serving().unwrap());
    let until = |expected: &str, longest: Duration| {
        let started = Instant::now();
        while browser.run(RECORDS) != expected {
            assert!(
                started.elapsed() < PATIENCE,
                "{expected}: {}",
                browser.run(RECORDS)
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(started.elapsed() < longest, "{:?}", started.elapsed());
    };
    ingest(7);
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
    for width in [390, 768, 1440] {
        browser.look(width, "dark");
        let facts = browser.run(FACTS);
        assert_eq!(
            (&facts["over"], &facts["twice"]),
            (&json!(0), &json!([])),
            "{width}"
        );
        for request in facts["requests"].as_array().unwrap() {
            assert!(request.as_str().unwrap().starts_with(&url), "{request}");
        }
    }
    browser.picture("live");
    let complaints = browser.complaints();
    let refused = |complaint: &&Value| {
        complaint["message"]
            .as_str()
            .unwrap_or_default()
            .contains("Content Security Policy")
    };
    assert_eq!(complaints.iter().find(refused), None);

    browser.command(
        "Emulation.setScriptExecutionDisabled",
        &json!({"value": true}),
    );
    browser.go(&url);
    ingest(500);
    until("4,507", Duration::from_secs(5));
}
