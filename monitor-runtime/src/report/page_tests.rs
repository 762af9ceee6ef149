use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

use monitor_config::Severity;
use serde_json::{Value, json};

use super::page;
use super::tail::TailLine;
use super::usual;
use super::view::{Identity, State, View};
use crate::course::series::Series;
use crate::course::spans::{Mark, Place, Spans};
use crate::failure::ErrorText;
use crate::history::{AlertEntry, ErrorEntry};
use crate::logs::timestamp::Timestamp;
use crate::metrics::grouped::grouped;
use crate::metrics::histogram::HistogramSnapshot;
use crate::metrics::process::ProcessSnapshot;
use crate::metrics::snapshot::{CallStats, FunctionSnapshot, LastError, Snapshot, StageSnapshot};
use crate::metrics::stage_progress::StageProgress;
use crate::runs::{PastRun, PastStage};

pub(super) fn stage(name: &str, ok: u64, error: u64) -> StageSnapshot {
    let totals = CallStats {
        ok,
        error,
        records: ok * 17,
        retries: error * 2,
        duration: HistogramSnapshot::of((1..40).map(|n| (Duration::from_micros(n * n * 10), n))),
        last_error: (error > 0).then(|| LastError {
            at: SystemTime::UNIX_EPOCH,
            error: "it broke".to_owned(),
        }),
        ..CallStats::default()
    };
    StageSnapshot {
        stage: name.to_owned(),
        functions: vec![FunctionSnapshot {
            function: format!("function_of_{name}"),
            file: "src/main.rs",
            line: 7,
            stats: totals.clone(),
        }],
        totals,
        progress: None,
    }
}

#[test]
fn a_stage_that_knows_its_total_shows_how_far_it_is() {
    let mut known = stage("NBA-17", 0, 0);
    known.progress = Some(StageProgress {
        done: 1_300,
        total: Some(5_200),
        elapsed: Duration::from_secs(2),
    });
    let mut unknown = stage("NBA-18", 0, 0);
    unknown.progress = Some(StageProgress {
        done: 7,
        total: None,
        elapsed: Duration::from_secs(2),
    });
    let page = page::report(&view(vec![known, unknown]));
    let bar = "<progress aria-label=\"records handled\" value=\"0.250\"></progress> 1,300 of 5,200 records (25 %), about 6 s left<";
    assert!(page.contains(bar), "{page}");
    let bar = "<progress aria-label=\"records handled\"></progress> 7 records, of how many is not known yet<";
    assert!(page.contains(bar), "{page}");
}

pub(super) fn view(stages: Vec<StageSnapshot>) -> View {
    View {
        state: State::Ok,
        identity: Identity {
            name: "nba_pipeline".to_owned(),
            started_at: "2026-02-05T12:34:56.789012Z".to_owned(),
            ..Identity::default()
        },
        duration: Duration::from_secs(90),
        snapshot: Snapshot {
            taken_at: SystemTime::UNIX_EPOCH,
            stages,
            process: ProcessSnapshot::default(),
        },
        series: Series::default(),
        spans: Spans::default(),
        errors: Vec::new(),
        alerts: Vec::new(),
        points: Vec::new(),
        lines: Vec::new(),
        lost: 0,
        past: Vec::new(),
        compared: Vec::new(),
        missing: Vec::new(),
        stages: BTreeMap::new(),
    }
}

/// Tags as a browser finds them: everything between `<` and `>`, attributes in quotes.
fn tags(page: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(begin) = rest.find('<') {
        rest = &rest[begin + 1..];
        let mut is_quoted = false;
        let end = rest.find(|c| {
            is_quoted ^= c == '"';
            c == '>' && !is_quoted
        });
        let end = end.expect("each tag has an end");
        tags.push(&rest[..end]);
        rest = &rest[end..];
    }
    tags
}

/// The cells of the table's rows, as text.
fn rows(page: &str, class: &str) -> Vec<Vec<String>> {
    let rows = page.split("<tr").skip(1);
    let rows = rows.filter(|row| row.starts_with(class));
    let text = |cell: &str| {
        let mut text = String::new();
        let mut depth = 0;
        for c in cell.chars() {
            match c {
                '<' => depth += 1,
                '>' => depth -= 1,
                c if depth == 0 => text.push(c),
                _ => {}
            }
        }
        text.trim().to_owned()
    };
    rows.map(|row| {
        let row = row.split("</tr>").next().unwrap_or_default();
        row.split("<t")
            .skip(1)
            .map(|cell| text(&format!("<t{cell}")))
            .collect()
    })
    .collect()
}

#[test]
fn the_numbers_are_those_of_the_snapshot() {
    let stages = vec![stage("NBA-17", 12_345, 0), stage("NBA-18", 7, 3)];
    let view = view(stages);
    let page = page::report(&view);
    let rows = rows(&page, " class=\"stage\"");
    assert_eq!(rows.len(), 2);
    for (row, stage) in rows.iter().zip(&view.snapshot.stages) {
        let stats = &stage.totals;
        let rate = stats.records_per_second().unwrap_or_default();
        let time = |time| monitor_config::duration::display(crate::text::rounded(time)).to_string();
        let name = format!("{}function_of_{0} main.rs:7", stage.stage);
        assert!(row[0].ends_with(&name), "{row:?}");
        assert_eq!(row[1], grouped(stats.calls()));
        let errors = match stats.errors() {
            0 => "0".to_owned(),
            errors => format!("✖ {}{:.1} %", grouped(errors), stats.error_rate() * 100.0),
        };
        assert_eq!(row[2], errors);
        assert_eq!(row[4], time(stats.duration.quantile(0.5)));
        assert_eq!(row[5], time(stats.duration.quantile(0.95)));
        assert_eq!(row[6], time(stats.duration.quantile(0.99)));
        assert_eq!(row[7], time(stats.duration.max()));
        assert_eq!(row[8], grouped(stats.records));
        assert_eq!(row[9], grouped(rate as u64));
        assert_eq!(row[11], grouped(stats.retries));
        assert_eq!(row.len(), 15);
    }
    assert!(page.contains("<a href=\"#stage-1\"><b>NBA-18</b></a>: 3 of 10 calls: it broke"));
    assert!(page.contains("<title>▲ nba_pipeline finished, with failed calls</title>"));
}

/// Every text of the page is hostile.
fn hostile() -> View {
    let evil =
        "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\u{0}\u{1b}[2J&amp;";
    let huge = format!("{evil}{}", "<b>".repeat(350_000));
    let mut view = view(vec![stage(evil, 1, 1)]);
    if let Some(stage) = view.snapshot.stages.first_mut() {
        stage.functions[0].function = huge.clone();
        stage.totals.records_in = 3;
        stage.totals.records_unaccounted = -2;
    }
    let text = ErrorText::new(huge.clone(), vec![evil.to_owned(); 3]);
    view.state = State::Failed(text.clone());
    view.identity.name = evil.to_owned();
    view.identity.host = huge.clone();
    view.errors.push(ErrorEntry {
        time: Timestamp::of(SystemTime::UNIX_EPOCH),
        event_type: evil.to_owned(),
        stage: Some(evil.to_owned()),
        function: Some(evil.to_owned()),
        text: text.clone(),
    });
    view.alerts.push(AlertEntry {
        id: evil.to_owned(),
        time: Timestamp::of(SystemTime::UNIX_EPOCH),
        severity: Severity::Critical,
        message: huge.clone(),
        is_over: false,
        deliveries: vec![(evil.to_owned(), evil.to_owned())],
    });
    view.lines.push(TailLine {
        time: evil.to_owned(),
        level: evil.to_owned(),
        stage: Some(evil.to_owned()),
        event_type: evil.to_owned(),
        message: huge,
        data: json!({evil: evil, "n": [evil]}),
        error: Some(text),
        ..TailLine::default()
    });
    let place = Place {
        stage: evil.into(),
        function: evil.into(),
    };
    view.spans.started(1, 0, place, Duration::ZERO);
    view.spans.ended(1, Duration::from_secs(1), Mark::Failed);
    let past = PastRun {
        started_at: evil.to_owned(),
        outcome: evil.to_owned(),
        stages: vec![PastStage {
            stage: evil.to_owned(),
            ..PastStage::default()
        }],
        ..PastRun::default()
    };
    view.past = vec![past; 9];
    view.compared = usual::compare(&view.snapshot, &view.past, true);
    view
}

#[test]
fn hostile_texts_are_shown_as_text() {
    let page = page::report(&hostile());
    for tag in tags(&page) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next();
        let name = name.unwrap_or_default();
        assert!(
            !["script", "img", "b<", "iframe", "link"].contains(&name),
            "{tag}"
        );
        let attributes = tag.split('"').step_by(2);
        for names in attributes {
            assert!(!names.contains(" on") || names.ends_with(" open"), "{tag}");
            assert!(!names.contains("src"), "{tag}");
        }
    }
    for c in ['\u{202e}', '\u{0}', '\u{1b}'] {
        assert!(!page.contains(c), "{c:?}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("more bytes"));
    assert!(page.len() < 300_000, "{}", page.len());
}

#[test]
fn the_policy_allows_the_style_that_is_in_the_page_and_nothing_else() {
    let page = page::report(&view(Vec::new()));
    let style = page
        .split("<style>")
        .nth(1)
        .and_then(|rest| rest.split("</style>").next());
    let hash = super::sha256::base64(&super::sha256::digest(style.unwrap_or_default().as_bytes()));
    assert!(page.contains(&format!(
        "content=\"default-src &#39;none&#39;; style-src &#39;sha256-{hash}&#39;;"
    )));
    assert!(!page.contains("style=\"") && !page.contains("<script") && !page.contains("url("));
    assert!(!page.contains("http://") && !page.contains("https://"));
}

#[test]
fn ten_thousand_stages_and_a_million_calls_are_soon_a_page_of_five_megabytes() {
    let stages = (0..10_000).map(|n| stage(&format!("STAGE-{n}"), 99, n % 7 / 6));
    let mut view = view(stages.collect());
    for second in 0..300 {
        view.series.add(Duration::from_secs(second), &view.snapshot);
    }
    for id in 1..=1_000_000 {
        let place = Place {
            stage: "STAGE-1".into(),
            function: "f".into(),
        };
        view.spans.started(id, 0, place, Duration::from_micros(id));
        let mark = if id % 100 == 0 {
            Mark::Failed
        } else {
            Mark::Ok
        };
        view.spans
            .ended(id, Duration::from_micros(id % 1_000), mark);
    }
    view.past = (0..20)
        .map(|_| PastRun {
            outcome: "ok".to_owned(),
            stages: (view.snapshot.stages)
                .iter()
                .map(|stage| PastStage {
                    stage: stage.stage.clone(),
                    calls: 1,
                    errors: 0,
                    records: 3,
                    seconds: 1.0,
                })
                .collect(),
            ..PastRun::default()
        })
        .collect();
    let started = Instant::now();
    view.compared = usual::compare(&view.snapshot, &view.past, true);
    let page = page::report(&view);
    let took = started.elapsed();
    eprintln!("{} bytes in {took:?}", page.len());
    if let Some(path) = std::env::var_os("KEEP_PAGE") {
        std::fs::write(path, &page).expect("a file");
    }
    assert!(page.len() < 5_000_000, "{}", page.len());
    // Unoptimized, and beside other tests.
    assert!(
        took < Duration::from_secs(if cfg!(debug_assertions) { 15 } else { 1 }),
        "{took:?}"
    );
    assert_eq!(page.matches("<tr class=\"stage\"").count(), 10_000);
    // So many rows are drawn only in part, those that failed first.
    assert!(page.contains("<summary>Stages 9,601 to 10,000</summary>"));
    let rows = rows(&page, " class=\"stage\"");
    let failed = rows.iter().take_while(|row| row[0].starts_with("✖"));
    assert_eq!(failed.count(), 10_000 / 7);
}

#[test]
fn a_run_that_died_is_told_from_its_record_and_the_log() {
    let (attached, _) = crate::testing::in_memory(BTreeMap::new());
    let Value::Object(members) = json!({
        "run_id": "0197", "name": "nba_pipeline", "host": "h", "pid": 7,
        "started_at": "2026-02-05T12:34:56.000000Z", "ended_at": "2026-02-05T12:35:06.000000Z",
        "last_stage": "NBA-18", "calls_in_flight": [{"stage": "NBA-18"}],
        "stages": [{"stage": "NBA-17", "calls": 4, "calls_ok": 4, "records_processed": 5_228,
            "processing_time": {"total": 2.0, "max": 0.5, "buckets": [[0.4, 1], [0.5, 3]]},
            "functions": [{"function": "ingest", "calls": 4, "calls_ok": 4,
                "processing_time": {"total": 2.0, "max": 0.5, "p50": 0.5, "p95": 0.5, "p99": 0.5}}]}],
    }) else {
        panic!("an object")
    };
    let page = page::report(&super::record::view(&members, &attached));
    assert!(page.contains("nba_pipeline died"));
    assert!(page.contains("in NBA-18, with 1 call in flight"));
    let rows = rows(&page, " class=\"stage\"");
    assert_eq!(
        (&*rows[0][1], &*rows[0][4], &*rows[0][8]),
        ("4", "500 ms", "5,228")
    );
}
