//! A sync function that is retried inside a tokio task blocks its thread, and says so.

use monitor_runtime::{monitored, retry, testing};
use tokio::task::{spawn, spawn_blocking};

/// For each test a function of its own, since each warns once.
macro_rules! function {
    ($name:ident) => {
        #[monitored(stage = "NBA-17")]
        #[retry(max = 3, delay = "1us")]
        fn $name() -> Result<(), u8> {
            Err(0)
        }
    };
}

function!(in_a_task);
function!(in_a_test);
function!(in_a_thread_that_may_block);
function!(outside_of_tokio);

fn warnings(run: &testing::Capture) -> Vec<String> {
    run.events("retry.blocking")
        .iter()
        .map(|line| line["data"]["warning"].to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_task_it_warns_once_and_names_the_function() {
    let run = testing::capture_with_waits();
    let task = spawn(run.in_task(async { [in_a_task(), in_a_task()] }));
    assert_eq!(task.await.expect("no panic"), [Err(0), Err(0)]);
    let warnings = warnings(&run);
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("`in_a_task` is retried inside a tokio task"));
    let line = &run.events("retry.blocking")[0];
    assert_eq!(
        (&line["level"], &line["stage"]),
        (&"WARNING".into(), &"NBA-17".into())
    );
}

#[tokio::test]
async fn in_a_runtime_of_one_thread_too() {
    let run = testing::capture_with_waits();
    assert_eq!(in_a_test(), Err(0));
    assert_eq!(warnings(&run).len(), 1);
}

#[tokio::test]
async fn not_where_it_may_block() {
    let run = testing::capture_with_waits();
    let blocking = run.in_task(async { in_a_thread_that_may_block() });
    let result = spawn_blocking(|| futures_lite::future::block_on(blocking)).await;
    assert_eq!(result.expect("no panic"), Err(0));
    assert_eq!(run.events("call.retry").len(), 2);
    assert!(warnings(&run).is_empty());
}

#[test]
fn not_outside_of_tokio() {
    let run = testing::capture_with_waits();
    assert_eq!(outside_of_tokio(), Err(0));
    assert!(warnings(&run).is_empty());
}
