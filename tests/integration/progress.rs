//! How far a call is that has `records_total`.

use std::path::Path;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::thread;

use monitor_runtime::testing::{self, Capture};
use monitor_runtime::{Progress, monitored, progress};

fn known(run: &Capture, stage: &str) -> Option<(u64, Option<u64>)> {
    let snapshot = run.snapshot();
    let progress = snapshot.stage(stage)?.progress?;
    Some((progress.done, progress.total))
}

#[monitored(stage = "P-01", records_total = rows.len())]
fn load(rows: &[u32], mut each: impl FnMut()) {
    for _ in rows {
        progress().add(1);
        each();
    }
}

#[test]
fn a_call_tells_how_far_it_is_until_it_ends() {
    let run = testing::capture();
    let mut seen = Vec::new();
    load(&[1, 2, 3], || seen.push(known(&run, "P-01")));
    assert_eq!(seen, [1, 2, 3].map(|done| Some((done, Some(3)))));
    assert_eq!(known(&run, "P-01"), None);
    let _ = std::panic::catch_unwind(|| load(&[1], || panic!("it breaks")));
    assert_eq!(known(&run, "P-01"), None);
    assert_eq!(run.snapshot().stage("P-01").unwrap().totals.panic, 1);
}

#[monitored(stage = "P-02", records_total)]
fn ingest(body: impl FnOnce(Progress)) {
    body(progress());
}

#[test]
fn the_total_may_become_known_later_and_other_threads_may_count() {
    let run = testing::capture();
    ingest(|progress| {
        progress.add(2);
        assert_eq!(known(&run, "P-02"), Some((2, None)));
        progress.set_total(100);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..10).for_each(|_| progress.add(1)));
            }
        });
        assert_eq!(known(&run, "P-02"), Some((82, Some(100))));
        // As another attempt does.
        progress.set(0);
        progress.add(-1);
        assert_eq!(known(&run, "P-02"), Some((0, Some(100))));
    });
}

#[monitored(stage = "P-03", level = "off")]
fn helper() {
    progress().add(5);
}

#[monitored(stage = "P-02", records_total = 50, level = "off")]
fn page() {
    progress().add(1);
}

#[test]
fn the_innermost_call_that_knows_its_total_counts() {
    let run = testing::capture();
    // Around it there is none.
    helper();
    ingest(|progress| {
        helper();
        assert_eq!(known(&run, "P-02"), Some((5, None)));
        // One of the same stage inside of it has its own numbers, not those of the stage.
        page();
        progress.set_total(10);
        assert_eq!(known(&run, "P-02"), Some((5, Some(10))));
        load(&[7], || assert_eq!(known(&run, "P-01"), Some((1, Some(1)))));
        helper();
        assert_eq!(known(&run, "P-02"), Some((10, Some(10))));
    });
}

#[monitored(stage = "P-05", records_total = 2)]
fn between() {
    page();
    progress().add(1);
}

#[test]
fn a_call_counts_for_its_stage_unless_one_around_it_does() {
    let run = testing::capture();
    ingest(|progress| {
        progress.set_total(10);
        progress.add(1);
        // One of another stage lies between.
        between();
        assert_eq!(known(&run, "P-02"), Some((1, Some(10))));
        let mut inner = Box::pin(wait_in_ingest(7));
        let mut context = Context::from_waker(Waker::noop());
        assert!(inner.as_mut().poll(&mut context).is_pending());
        assert_eq!(known(&run, "P-02"), Some((1, Some(10))));
        // It goes on when the call that it began in has ended.
        std::mem::forget(inner);
    });
    assert_eq!(known(&run, "P-02"), Some((1, Some(7))));
}

#[monitored(stage = "P-02", records_total = rows)]
async fn wait_in_ingest(rows: u64) {
    progress().add(1);
    YieldOnce(false).await;
}

#[test]
fn a_handle_goes_through_a_panic() {
    let run = testing::capture();
    ingest(|progress| {
        std::panic::catch_unwind(|| progress.add(3)).unwrap();
        assert_eq!(known(&run, "P-02"), Some((3, None)));
    });
}

#[test]
fn a_handle_that_outlives_its_call_does_nothing() {
    let run = testing::capture();
    let mut kept = Progress::default();
    ingest(|progress| kept = progress);
    kept.add(1);
    ingest(|_| {
        kept.add(1);
        assert_eq!(known(&run, "P-02"), Some((0, None)));
    });
}

#[monitored(stage = "P-04", records_total = rows)]
async fn wait(rows: u64) {
    for _ in 0..rows {
        progress().add(1);
        YieldOnce(false).await;
    }
}

struct YieldOnce(bool);

impl Future for YieldOnce {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

#[test]
fn futures_that_take_turns_in_a_thread_count_for_themselves() {
    let run = testing::capture();
    let mut context = Context::from_waker(Waker::noop());
    let (mut one, mut other) = (pin!(wait(3)), Box::pin(wait(10)));
    assert!(one.as_mut().poll(&mut context).is_pending());
    assert_eq!(known(&run, "P-04"), Some((1, Some(3))));
    for _ in 0..4 {
        assert!(other.as_mut().poll(&mut context).is_pending());
    }
    // Between polls no call has the thread.
    progress().add(1_000);
    assert_eq!(known(&run, "P-04"), Some((5, Some(13))));
    for _ in 0..2 {
        assert!(one.as_mut().poll(&mut context).is_pending());
    }
    assert!(one.as_mut().poll(&mut context).is_ready());
    assert_eq!(known(&run, "P-04"), Some((4, Some(10))));
    drop(other);
    assert_eq!(known(&run, "P-04"), None);
    assert_eq!(run.snapshot().stage("P-04").unwrap().totals.cancelled, 1);
}

/// What the example wrote on a terminal so wide. `None`, said loudly, where there is nothing
/// that makes one.
fn example_on_a_terminal(columns: u32, how: &str, logs: &Path) -> Option<String> {
    let mut example = crate::support::example("nba_ingestion");
    example.arg("--logs").arg(logs);
    example.arg("--output").arg(logs.join("output"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/terminal.py");
    let mut python = Command::new("python3");
    python.arg(script).args([&*columns.to_string(), how]);
    python.arg(example.get_program()).args(example.get_args());
    for (name, value) in example.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    match python.env_remove("NO_COLOR").env_remove("CI").output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{text}");
            Some(text)
        }
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "python3: {error}");
            eprintln!("SKIPPED: python3 ({error})");
            None
        }
    }
}

#[test]
fn a_terminal_has_a_bar_below_whole_lines_and_none_at_the_end() {
    for columns in [200, 60] {
        let folder = tempfile::tempdir().unwrap();
        let Some(text) = example_on_a_terminal(columns, "stay", folder.path()) else {
            return;
        };
        assert!(text.contains("NBA-17 █"), "{text}");
        // What is written between two clearings of a line stands on it as it is.
        let pieces: Vec<&str> = text.split(['\n', '\r']).collect();
        for end in ["INGESTION_END 5228 records in ", " lost=0"] {
            let line = pieces.iter().find(|piece| piece.contains(end));
            let line = line.unwrap_or_else(|| panic!("{end}: {text}"));
            assert!(!line.contains('█'), "{line}");
        }
        // It never takes more than its row: who goes up may take away what others have written.
        assert!(!text.contains("\u{1b}[1A"), "{text}");
        let (_, after) = text.rsplit_once('█').unwrap();
        assert!(after.contains("\u{1b}[2K"), "it is taken away: {after}");
        assert!(
            after.contains("5228 records loaded into 26 files"),
            "{after}"
        );
    }
}

#[test]
fn a_terminal_that_goes_away_is_no_trouble() {
    let folder = tempfile::tempdir().unwrap();
    let Some(text) = example_on_a_terminal(100, "leave", folder.path()) else {
        return;
    };
    assert!(text.contains('█'));
    let log = std::fs::read_to_string(folder.path().join("pipeline.json")).unwrap();
    let end = log.lines().last().unwrap();
    assert!(
        end.contains("run.end") && end.contains("\"outcome\":\"ok\""),
        "{end}"
    );
}
