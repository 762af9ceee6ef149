//! Async functions: what they take, give and borrow across an await.

#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "when arguments are dropped is the point, even where nothing is awaited"
)]

use std::cell::Cell;
use std::fmt::Debug;
use std::rc::Rc;

use super::monitored;
use crate::see::{Noisy, Seen, pause, run, see, sent};

#[monitored(stage = "S-01", records = |rows| rows.len(), fields(text))]
async fn parse(text: &str) -> Result<Vec<u32>, std::num::ParseIntError> {
    let mut rows = Vec::new();
    for part in text.split(',') {
        pause().await;
        rows.push(part.parse()?);
    }
    Ok(rows)
}

#[monitored(stage = "S-09")]
async fn generic<T, const N: usize>(rows: [T; N], mut each: impl AsyncFnMut(&T) -> bool) -> usize
where
    T: Debug,
{
    let mut kept = 0;
    for row in &rows {
        kept += usize::from(each(row).await);
    }
    kept
}

#[monitored(stage = "S-10")]
async fn mutable(rows: &mut Vec<u32>, mut more: Vec<u32>) -> &mut [u32] {
    more.push(7);
    pause().await;
    rows.append(&mut more);
    &mut rows[1..]
}

#[monitored(stage = "S-11")]
async fn recursive(depth: u32) -> u32 {
    if depth == 0 {
        return 0;
    }
    pause().await;
    Box::pin(recursive(depth - 1)).await + 1
}

#[monitored(stage = "S-17")]
#[allow(clippy::toplevel_ref_arg, reason = "to be seen on an argument")]
async fn patterns((mut a, b): (u32, u32), &[c, ..]: &[u32; 2], _: u8, ref d: u32) -> u32 {
    a += b;
    pause().await;
    a + c + d
}

#[monitored(stage = "S-18")]
async fn not_sent(shared: Rc<Cell<u32>>) -> u32 {
    pause().await;
    shared.set(shared.get() + 1);
    shared.get()
}

#[monitored(stage = "S-19")]
async fn not_shared(cell: Cell<u32>, then: Box<dyn FnOnce(u32) -> u32 + Send>) -> u32 {
    pause().await;
    then(cell.into_inner())
}

trait Source {
    async fn read(&mut self, page: u32) -> Option<u32>;

    #[monitored(stage = "S-20")]
    async fn all(&mut self) -> Vec<u32> {
        let mut rows = Vec::new();
        while let Some(row) = self.read(1).await {
            rows.push(row);
        }
        rows
    }
}

impl Source for Vec<u32> {
    #[monitored(stage = "S-21", fields(page))]
    async fn read(&mut self, page: u32) -> Option<u32> {
        pause().await;
        let row = self.pop()?;
        Some(row + page)
    }
}

struct Loader(Noisy, Noisy);

impl Loader {
    #[monitored(stage = "S-22")]
    async fn by_value(self) -> Noisy {
        pause().await;
        self.1
    }

    #[monitored(stage = "S-23")]
    async fn by_reference(&self, other: &str) -> bool {
        pause().await;
        self.0.0 == other
    }

    #[monitored(stage = "S-24")]
    async fn by_box(mut self: Box<Self>) -> Box<Self> {
        self.0 = Noisy("new");
        pause().await;
        self
    }
}

#[monitored(stage = "S-25")]
async fn early_return(text: Option<&str>) -> &str {
    let Some(text) = text else {
        return "nothing";
    };
    pause().await;
    text
}

#[monitored(stage = "S-26")]
async fn blocks_inside(n: u32) -> Result<u32, String> {
    let half = async {
        if n % 2 == 1 {
            return Err("odd");
        }
        Ok(n / 2)
    };
    let half = half.await?;
    let add = async |more: u32| half + more;
    Ok(add(1).await)
}

pub(crate) fn shapes() -> Vec<Seen> {
    let (one, two) = (|| Noisy("one"), || Noisy("two"));
    vec![
        see(
            "parse_async",
            "S-01 parse ok records=2 text=\"1,2\"; S-01 parse error text=\"x\"",
            || (run(sent(parse("1,2"))), run(parse("x"))),
        ),
        see("generic_async", "S-09 generic ok", || {
            run(generic([1, 2, 3], async |row| {
                pause().await;
                *row > 1
            }))
        }),
        see("mutable_async", "S-10 mutable ok", || {
            let mut rows = vec![1];
            run(mutable(&mut rows, vec![2]))[0] = 9;
            rows
        }),
        see(
            "recursive_async",
            "S-11 recursive ok; S-11 recursive ok; S-11 recursive ok",
            || run(recursive(2)),
        ),
        see("patterns_async", "S-17 patterns ok", || {
            run(patterns((1, 2), &[3, 4], 5, 6))
        }),
        see("not_sent", "S-18 not_sent ok", || {
            run(not_sent(Rc::default()))
        }),
        see("not_shared", "S-19 not_shared ok", || {
            run(sent(not_shared(Cell::new(7), Box::new(|n| n + 1))))
        }),
        see(
            "all",
            "S-21 read ok page=1; S-21 read ok page=1; S-20 all ok",
            || run(vec![1].all()),
        ),
        see("by_value_async", "S-22 by_value ok", || {
            run(Loader(one(), two()).by_value())
        }),
        see("by_reference_async", "S-23 by_reference ok", || {
            run(sent(Loader(one(), two()).by_reference("one")))
        }),
        see("by_box_async", "S-24 by_box ok", || {
            run(Box::new(Loader(one(), two())).by_box()).0.0
        }),
        see(
            "early_return_async",
            "S-25 early_return ok; S-25 early_return ok",
            || [Some("text"), None].map(|text| run(early_return(text))),
        ),
        see(
            "blocks_inside",
            "S-26 blocks_inside ok; S-26 blocks_inside error",
            || [4, 3].map(|n| run(blocks_inside(n))),
        ),
    ]
}
