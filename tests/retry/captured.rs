//! What a test can ask of the retries of its code, for itself alone.

use std::thread;
use std::time::Duration;

use monitor_runtime::{assert_stage, monitored, retry, testing};

#[monitored(stage = "NBA-17", event = "INGESTION", records = |rows| rows.len())]
#[retry(max = 3, delay = 2)]
fn ingest(failures: &mut u32) -> Result<Vec<u8>, String> {
    if *failures > 0 {
        *failures -= 1;
        return Err("not there yet".to_owned());
    }
    Ok(vec![0; 5228])
}

#[test]
fn a_stage_is_asserted_in_one_line() {
    let run = testing::capture();
    assert!(ingest(&mut 2).is_ok());
    assert_stage!(
        run,
        "NBA-17",
        records = 5228,
        attempts = 3,
        retries = 2,
        calls = 1,
        ok = 1
    );
    assert_stage!(run, "NBA-17");
}

#[test]
#[should_panic(expected = "NBA-17: `attempts` is 1, not 3")]
fn what_is_not_so_is_named() {
    let run = testing::capture();
    assert!(ingest(&mut 0).is_ok());
    assert_stage!(run, "NBA-17", attempts = 3);
}

#[test]
#[should_panic(expected = "NBA-18 was not called: the stages of this run are NBA-17")]
fn a_stage_that_was_not_called_is_named() {
    let run = testing::capture();
    assert!(ingest(&mut 0).is_ok());
    assert_stage!(run, "NBA-18", records = 1);
}

#[test]
fn attempts_are_capped_for_this_capture_alone() {
    let run = testing::capture();
    run.cap_attempts(1);
    assert!(ingest(&mut 1).is_err());
    assert!(run.waits().is_empty());
    let inner = testing::capture();
    assert!(ingest(&mut 1).is_ok());
    assert_eq!(inner.waits(), [Duration::from_secs(4)]);
    drop(inner);
    assert!(ingest(&mut 1).is_err());
    run.cap_attempts(0);
    assert!(ingest(&mut 1).is_ok());
}

#[test]
fn another_thread_is_not_captured() {
    #[retry(max = 2, delay = "1us")]
    fn fail() -> Result<(), u8> {
        Err(0)
    }
    let run = testing::capture();
    run.cap_attempts(1);
    thread::spawn(|| assert!(fail().is_err()))
        .join()
        .expect("no panic");
    assert!(run.waits().is_empty() && run.lines().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_captured_wherever_it_runs_and_its_neighbour_is_not() {
    #[retry(max = 3, delay = 1)]
    async fn fail() -> Result<(), u8> {
        tokio::task::yield_now().await;
        Err(0)
    }
    #[retry(max = 2, delay = "1us")]
    async fn neighbour() -> Result<(), u8> {
        tokio::task::yield_now().await;
        Err(0)
    }
    let runs: Vec<testing::Capture> = (0..8).map(|_| testing::capture()).collect();
    let tasks: Vec<_> = runs
        .iter()
        .map(|run| (tokio::spawn(run.in_task(fail())), tokio::spawn(neighbour())))
        .collect();
    for (task, neighbour) in tasks {
        assert_eq!(task.await.expect("no panic"), Err(0));
        assert_eq!(neighbour.await.expect("no panic"), Err(0));
    }
    for run in runs {
        assert_eq!(run.waits(), [2, 4].map(Duration::from_secs));
    }
}
