//! Arguments that a monitored or retried body met differently than a plain one.

use std::sync::mpsc;

use monitor_runtime::{monitored, retry, testing};

#[tokio::test(flavor = "multi_thread")]
async fn a_future_stays_send_though_an_argument_is_not_sync() {
    #[monitored(stage = "R-1")]
    async fn drain(rows: mpsc::Receiver<u32>, more: Box<dyn Fn() -> u32 + Send>) -> u32 {
        tokio::task::yield_now().await;
        rows.iter().sum::<u32>() + more()
    }
    let (sender, rows) = mpsc::channel();
    sender.send(3).unwrap();
    drop(sender);
    assert_eq!(tokio::spawn(drain(rows, Box::new(|| 4))).await.unwrap(), 7);
}

#[test]
fn a_mutable_reference_may_move_on_in_what_it_refers_to() {
    #[monitored(stage = "R-2")]
    fn fill(mut rows: &mut [u8]) -> usize {
        let mut filled = 0;
        while let [first, rest @ ..] = rows {
            *first = 1;
            filled += 1;
            rows = rest;
        }
        filled
    }
    #[retry(max = 2, delay = 1)]
    fn fill_again(mut rows: &mut [u8]) -> Result<usize, usize> {
        rows = &mut rows[1..];
        rows[0] += 1;
        if rows[0] < 2 {
            Err(rows.len())
        } else {
            Ok(rows.len())
        }
    }
    let _run = testing::capture();
    let mut rows = [0; 3];
    assert_eq!(fill(&mut rows), 3);
    assert_eq!(rows, [1; 3]);
    let mut rows = [0; 3];
    assert_eq!(fill_again(&mut rows), Ok(2));
    assert_eq!(rows, [0, 2, 0]);
}

#[test]
fn the_librarys_names_do_not_hide_the_users() {
    #[derive(Debug)]
    struct Success(Vec<u8>);

    #[monitored(stage = "R-3", records = |done: &Success| done.0.len(), fields(debug, display))]
    fn load(debug: bool, display: &str) -> Result<Success, String> {
        if debug {
            Ok(Success(display.into()))
        } else {
            Err(display.to_owned())
        }
    }
    let run = testing::capture();
    load(true, "abc").unwrap();
    assert_eq!(run.events("LOAD_END")[0]["data"]["records"], 3);
    assert_eq!(run.events("LOAD_END")[0]["data"]["debug"], true);
}

#[test]
fn a_monitored_call_does_not_clone_what_a_retried_body_borrows() {
    #[derive(Debug)]
    struct NotClone(u32);

    #[monitored(stage = "R-4")]
    #[retry(max = 2, delay = 1)]
    async fn read(value: NotClone) -> Result<u32, u32> {
        Ok(value.0)
    }
    assert_eq!(futures_lite::future::block_on(read(NotClone(5))), Ok(5));
}

#[tokio::test]
async fn a_mut_argument_of_a_function_that_returns_a_future_stays_mut() {
    #[monitored(stage = "R-5")]
    fn skip_first(mut rows: &mut [u8]) -> impl Future<Output = usize> {
        rows = &mut rows[1..];
        async move {
            rows[0] = 1;
            rows.len()
        }
    }
    let _run = testing::capture();
    let mut rows = [0; 3];
    assert_eq!(skip_first(&mut rows).await, 2);
    assert_eq!(rows, [0, 1, 0]);
}
