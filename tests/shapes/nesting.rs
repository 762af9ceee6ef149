//! Functions, closures, futures and macros inside a body.

use std::cell::RefCell;

use super::monitored;
use crate::see::{Seen, pause, run, see};

#[monitored(stage = "C-05")]
fn returns_of_closures(rows: &[u32]) -> Vec<u32> {
    let double = |row: u32| -> u32 {
        if row == 0 {
            return 1;
        }
        row * 2
    };
    rows.iter().map(|&row| double(row)).collect()
}

#[monitored(stage = "C-06")]
fn functions_inside(n: u32) -> u32 {
    const STEP: u32 = 2;
    static LIMIT: u32 = 10;
    struct Bound(u32);
    impl Bound {
        fn limited(&self) -> u32 {
            self.0.min(LIMIT)
        }
    }
    #[monitored(stage = "C-07")]
    fn step(n: u32) -> u32 {
        n + STEP
    }
    Bound(step(n)).limited()
}

#[monitored(stage = "C-08")]
fn recursive(depth: u32) -> Result<u32, String> {
    if depth == 2 {
        return Err("too deep".to_owned());
    }
    recursive(depth + 1).or(Ok(depth))
}

#[monitored(stage = "C-09")]
fn even(n: u32) -> bool {
    n == 0 || odd(n - 1)
}

#[monitored(stage = "C-10")]
fn odd(n: u32) -> bool {
    n != 0 && even(n - 1)
}

#[monitored(stage = "C-13")]
fn async_inside(n: u32) -> u32 {
    run(async {
        let block = async {
            if n == 0 {
                return 7;
            }
            pause().await;
            n
        };
        block.await + async move { 1 }.await
    })
}

macro_rules! give_back {
    ($value:expr) => {
        return $value
    };
}

macro_rules! checked {
    ($value:expr) => {
        $value.checked_add(1)?
    };
}

#[monitored(stage = "C-15")]
fn macros_that_leave(n: u8) -> Option<u8> {
    if n == 0 {
        give_back!(Some(7));
    }
    Some(checked!(n))
}

#[monitored(stage = "C-16")]
fn closure_as_a_try(rows: &[&str]) -> (u32, bool) {
    let mut sum = 0;
    let mut add = || -> Result<(), std::num::ParseIntError> {
        for row in rows {
            sum += row.parse::<u32>()?;
        }
        Ok(())
    };
    let failed = add().is_err();
    (sum, failed)
}

#[monitored(stage = "C-20")]
fn caught(n: u32) -> Result<u32, &'static str> {
    let inside = std::panic::catch_unwind(|| {
        if n == 0 {
            std::panic::resume_unwind(Box::new("zero"));
        }
        n
    });
    inside.map_err(|_| "caught")
}

#[monitored(stage = "C-21")]
fn borrowed_twice(cell: &RefCell<Vec<u32>>) -> usize {
    cell.borrow_mut().push(1);
    {
        let mut rows = cell.borrow_mut();
        rows.push(2);
    }
    cell.borrow().len()
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see("returns_of_closures", "C-05 returns_of_closures ok", || {
            returns_of_closures(&[0, 1])
        }),
        see(
            "functions_inside",
            "C-07 step ok; C-06 functions_inside ok",
            || functions_inside(9),
        ),
        see(
            "recursive_with_errors",
            "C-08 recursive error; C-08 recursive ok; C-08 recursive ok",
            || recursive(0),
        ),
        see("even", "C-09 even ok; C-10 odd ok; C-09 even ok", || {
            even(2)
        }),
        see(
            "async_inside",
            "C-13 async_inside ok; C-13 async_inside ok",
            || [0, 1].map(async_inside),
        ),
        see(
            "macros_that_leave",
            "C-15 macros_that_leave ok; C-15 macros_that_leave ok",
            || [0, 255].map(macros_that_leave),
        ),
        see("closure_as_a_try", "C-16 closure_as_a_try ok", || {
            closure_as_a_try(&["1", "x"])
        }),
        see("caught", "C-20 caught error; C-20 caught ok", || {
            [0, 1].map(caught)
        }),
        see("borrowed_twice", "C-21 borrowed_twice ok", || {
            borrowed_twice(&RefCell::default())
        }),
    ]
}
