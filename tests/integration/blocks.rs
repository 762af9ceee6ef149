//! `#[monitored]` on a whole `impl` block.

use monitor_runtime::{monitored, retry, testing};

struct Loader {
    rows: Vec<u32>,
}

#[monitored(stage = "B-1", alert = "warning")]
impl Loader {
    const LIMIT: usize = 3;

    fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Above `retry`, as the block is.
    #[retry(max = 2, delay = 1)]
    fn push(&mut self, row: u32) -> Result<usize, String> {
        if self.rows.len() == Self::LIMIT {
            return Err("full".to_owned());
        }
        self.rows.push(row);
        Ok(self.rows.len())
    }

    #[monitored(stage = "B-2", event = "OWN", records = |rows| rows.len())]
    async fn finish(self) -> Vec<u32> {
        self.rows
    }

    #[monitored(skip)]
    fn len(&self) -> usize {
        self.rows.len()
    }
}

#[monitored(stage = "B-3")]
impl Iterator for Loader {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.rows.pop()
    }
}

#[tokio::test]
async fn each_function_is_monitored_but_those_left_out() {
    let run = testing::capture();
    let mut loader = Loader::new();
    for row in 0..3 {
        loader.push(row).unwrap();
    }
    assert_eq!(loader.push(9), Err("full".to_owned()));
    assert_eq!((loader.len(), loader.next()), (3, Some(2)));
    assert_eq!(loader.finish().await, [0, 1]);

    let snapshot = run.snapshot();
    let names = |stage: &str| -> Vec<String> {
        let functions = &snapshot.stage(stage).unwrap().functions;
        functions
            .iter()
            .map(|function| function.function.clone())
            .collect()
    };
    assert_eq!(names("B-1"), ["new", "push"]);
    assert_eq!(names("B-2"), ["finish"]);
    assert_eq!(names("B-3"), ["next"]);
    assert_eq!(run.events("PUSH_ERROR")[0]["data"]["attempts"], 2);
    assert_eq!(run.alerts().len(), 1);
}
