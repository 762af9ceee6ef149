//! The report as a browser shows it, and what it has in common with the live page.

use std::cell::Cell;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use monitor_runtime::testing::{self, ScopedMonitor};
use monitor_runtime::{
    Builder, Monitor, Severity, Snapshot, json, log_event, monitored, record_metric, retry,
    send_alert,
};
use serde_json::Value;

use crate::support::browser::{Browser, axe};

const EVIL: &str = "\"'><script>window.pwned=1</script><img src=http://evil.example/x onerror=window.pwned=1>\u{202e}";

#[monitored(stage = "PAGE-1", records = |records| *records)]
pub(super) fn ingest(records: u64) -> u64 {
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
pub(super) fn clean() -> Result<(), String> {
    Err(format!("{EVIL}{}", "x".repeat(1_000_000)))
}

pub(super) fn run_something() {
    for records in 0..40 {
        ingest(records * 1_001);
    }
    let _ = clean();
    log_event("HOSTILE", json!({EVIL: EVIL}));
    record_metric("PAGE-1", EVIL, 7, EVIL);
    send_alert(Severity::Critical, EVIL, json!({}));
}

pub(super) fn install(folder: &Path, change: impl FnOnce(Builder) -> Builder) -> ScopedMonitor {
    let builder = Monitor::builder().logs(folder).console(std::io::sink());
    testing::install(change(builder)).unwrap()
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
        rows: all("#stages tr.stage").map(row => [...row.children].map(cell => cell.firstChild?.textContent.trim() ?? "")),
        names: all("#stages tr.stage .id").map(name => name.textContent),
    };
"##;

const UNFOLD: &str = "
    document.querySelector('main').style.maxWidth = 'none';
    document.querySelectorAll('.scroll, .cause').forEach(box => { box.style.maxHeight = 'none'; });
    document.querySelectorAll('details').forEach(details => { details.open = true; });
";

/// Opens a page at each width and in both themes, and looks at what is to be true of any.
pub(super) fn looks_well(
    browser: &Browser,
    name: &str,
    open: impl Fn(),
    snapshot: &Snapshot,
    asked_for: &[String],
) {
    let axe = axe();
    let mut themes = Vec::new();
    for theme in ["light", "dark"] {
        for width in [390, 768, 1440, 2560] {
            browser.look(width, theme);
            open();
            let facts = browser.run(FACTS);
            browser.picture(&format!("{name}-{theme}-{width}"));
            for (fact, expected) in [
                ("width", json!(width)),
                ("over", json!(0)),
                ("foreign", json!(0)),
                ("requests", json!(asked_for)),
                ("pwned", Value::Null),
                ("unnamed", json!(0)),
                ("figures", json!(0)),
                ("unlabelled", json!(0)),
                ("headings", json!(1)),
                ("twice", json!([])),
            ] {
                assert_eq!(facts[fact], expected, "{fact} at {width} {theme}");
            }
            has_the_numbers_of(snapshot, &facts);
            if let Some(axe) = &axe {
                let (wrong, _) = browser.audit(axe);
                assert_eq!(wrong, Vec::<String>::new(), "at {width} {theme}");
            }
            if let Some(axe) = axe.as_ref().filter(|_| width == 2560) {
                // Where nothing is scrolled or folded, each colour can be judged.
                browser.run(UNFOLD);
                let (wrong, undecided) = browser.audit(axe);
                assert_eq!(wrong, Vec::<String>::new(), "{theme}");
                let colours = undecided
                    .iter()
                    .filter(|text| text.starts_with("color-contrast"))
                    .filter(|text| !text.contains("too short"))
                    // The word beside a sign says the same.
                    .filter(|text| !text.contains("only non-text characters"));
                assert_eq!(colours.count(), 0, "{undecided:#?} {theme}");
            }
            themes.push((facts["background"].clone(), facts["text"].clone()));
        }
    }
    assert_ne!(themes[0], themes[4]);
}

fn has_the_numbers_of(snapshot: &Snapshot, facts: &Value) {
    let rows = facts["rows"].as_array().unwrap();
    assert_eq!(rows.len(), snapshot.stages.len());
    for ((row, name), stage) in rows
        .iter()
        .zip(facts["names"].as_array().unwrap())
        .zip(&snapshot.stages)
    {
        let number = |cell: usize| -> u64 {
            let digits = row[cell].as_str().unwrap().replace([',', '✖', ' '], "");
            digits.parse().unwrap()
        };
        let stats = &stage.totals;
        assert_eq!(name, &stage.stage);
        let shown = [1, 2, 8, 11, 13].map(number);
        let counted = [
            stats.calls(),
            stats.errors(),
            stats.records,
            stats.retries,
            stats.in_flight,
        ];
        assert_eq!(shown, counted);
    }
}

/// The page has the numbers of the snapshot, and that those of the log.
fn has_the_numbers_of_the_log(snapshot: &Snapshot, log: &Path) {
    let text = std::fs::read_to_string(log).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (stage, function) in [("PAGE-1", "ingest"), ("PAGE-2", "clean")] {
        let of_type = |event_type: &str| {
            let of_type = lines.iter().filter(|line| line["event_type"] == event_type);
            of_type.filter(|line| line["stage"] == stage).count() as u64
        };
        let ends = |suffix: &str| of_type(&format!("{}{suffix}", function.to_uppercase()));
        let of_function = lines.iter().filter(|line| line["function"] == function);
        let records = of_function.filter_map(|line| line["data"]["records"].as_u64());
        let stats = &snapshot.stage(stage).unwrap().totals;
        assert_eq!(stats.calls(), ends("_END") + ends("_ERROR"));
        assert_eq!(stats.errors(), ends("_ERROR"));
        assert_eq!(stats.records, records.sum::<u64>());
        assert_eq!(stats.retries, of_type("call.retry"));
    }
}

#[test]
fn the_report_is_right_in_both_themes_and_at_each_width() {
    let Some(browser) = Browser::open() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let monitor = install(folder.path(), |builder| builder);
    run_something();
    let snapshot = monitor_runtime::snapshot();
    let log = folder.path().join("pipeline.json");
    has_the_numbers_of_the_log(&snapshot, &log);
    OpenOptions::new()
        .append(true)
        .open(log)
        .unwrap()
        .write_all(b"\xff\xfe<script>\n")
        .unwrap();
    drop(monitor);
    let url = format!("file://{}", folder.path().join("dashboard.html").display());
    looks_well(&browser, "report", || browser.go(&url), &snapshot, &[]);
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
    let monitor = install(folder.path(), |builder| builder);
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
