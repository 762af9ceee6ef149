//! What sync bodies do: leave early, loop, call themselves, and hold items of their own.

use std::num::ParseIntError;

use monitor_runtime::retry;

use crate::watch::{Row, Service, Unavailable, consume, watched};

#[derive(Debug, PartialEq)]
enum Failure {
    Call(Unavailable),
    Parse(ParseIntError),
}

impl From<Unavailable> for Failure {
    fn from(error: Unavailable) -> Self {
        Self::Call(error)
    }
}

impl From<ParseIntError> for Failure {
    fn from(error: ParseIntError) -> Self {
        Self::Parse(error)
    }
}

#[test]
fn a_body_may_be_left_early() {
    #[retry(max = 3, delay = 1)]
    fn early(service: &Service, text: &str, row: Row) -> Result<u32, Failure> {
        let n = service.call()?;
        if text.is_empty() {
            return Ok(n);
        }
        let by: u32 = text.parse()?;
        let Some(sum) = n.checked_add(by) else {
            return Err(Failure::Call(Unavailable(0)));
        };
        Ok(sum + consume(row))
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(early(&service, "4", counts.row()), Ok(14));
    assert_eq!(early(&service, "", counts.row()), Ok(4));
    assert_eq!(counts.clones_and_drops(), (3, 5));
    assert!(matches!(
        early(&service, "four", counts.row()),
        Err(Failure::Parse(_))
    ));
    assert_eq!(service.calls(), 7);
}

#[test]
fn a_body_may_loop_and_break_to_a_label() {
    #[retry(max = 3, delay = 1)]
    fn labelled(service: &Service, rows: &[[u32; 2]]) -> Result<u32, Unavailable> {
        let found = 'search: {
            for row in rows {
                if row[0] > row[1] {
                    break 'search Some(row[0]);
                }
            }
            None
        };
        let mut sum = 0;
        'rows: for row in rows {
            for value in row {
                if *value == 3 {
                    continue 'rows;
                }
                sum += value;
                if sum > 100 {
                    break 'rows;
                }
            }
        }
        let n = loop {
            let n = service.call()?;
            if n > 0 {
                break n;
            }
        };
        Ok(n + sum + found.unwrap_or(0))
    }
    #[retry(max = 2, delay = 1)]
    fn attempts_of_its_own(service: &Service, mut left: u32) -> Result<u32, Unavailable> {
        while left > 1 {
            left -= 1;
            if let Ok(n) = service.call() {
                return Ok(n);
            }
        }
        service.call()
    }
    let (run, service, _) = watched(2);
    assert_eq!(labelled(&service, &[[1, 2], [4, 3]]), Ok(14));
    let service = Service::failing(3);
    assert_eq!(attempts_of_its_own(&service, 2), Ok(4));
    assert_eq!(run.waits().len(), 3);
}

#[test]
fn a_body_may_hold_items() {
    #[retry(max = 3, delay = 1)]
    fn with_items(service: &Service, row: Row) -> Result<u32, Unavailable> {
        use std::collections::BTreeMap as Map;

        const BY: u32 = 4;
        static NAMES: [&str; 1] = ["a"];
        struct Inner(Row);
        impl Inner {
            fn id(self) -> u32 {
                consume(self.0)
            }
        }
        macro_rules! sum {
            ($($part:expr),*) => { 0 $(+ $part)* };
        }
        #[retry(max = 2, delay = 1)]
        fn inner(service: &Service) -> Result<u32, Unavailable> {
            service.call()
        }
        let named = Map::from([(NAMES[0], Inner(row).id())]);
        let n = inner(service)?;
        Ok(sum!(n, BY, named["a"]))
    }
    let (run, service, counts) = watched(3);
    assert_eq!(with_items(&service, counts.row()), Ok(15));
    assert_eq!((service.calls(), run.waits().len()), (4, 3));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

#[test]
fn a_function_may_call_itself() {
    #[retry(max = 2, delay = 1)]
    fn recursive(service: &Service, depth: u32, row: Row) -> Result<u32, Unavailable> {
        if depth == 0 {
            return service.call();
        }
        recursive(service, depth - 1, row.clone()).map(|n| n + row.id)
    }
    let (_run, service, counts) = watched(5);
    assert_eq!(recursive(&service, 2, counts.row()), Ok(20));
    assert_eq!(service.calls(), 6);
    let (clones, drops) = counts.clones_and_drops();
    assert_eq!(drops, clones + 1);
}

#[test]
fn a_body_may_be_a_closure_or_call_some() {
    #[retry(max = 3, delay = 1)]
    fn closures(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let mut seen = Vec::new();
        let mut ask = |by: u32| -> Result<u32, Unavailable> {
            let n = service.call()?;
            seen.push(n + by);
            Ok(n)
        };
        ask(1)?;
        ask(2)?;
        Ok(seen.into_iter().sum::<u32>() + row.id)
    }
    #[retry(max = 3, delay = 1)]
    fn closure_at_the_end(
        service: &Service,
        row: Row,
    ) -> Result<Box<dyn FnOnce() -> u32>, Unavailable> {
        let n = service.call()?;
        Ok(Box::new(move || n + consume(row)))
    }
    #[retry(max = 3, delay = 1)]
    fn chain(service: &Service, rows: &[Row]) -> Result<Vec<u32>, Unavailable> {
        rows.iter()
            .map(|row| service.call().map(|n| n + row.id))
            .collect()
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(closures(&service, counts.row()), Ok(17));
    assert_eq!(counts.clones_and_drops(), (0, 1));

    let (_run, service, counts) = watched(2);
    let later = closure_at_the_end(&service, counts.row()).expect("the third attempt");
    assert_eq!(counts.clones_and_drops(), (2, 2));
    assert_eq!((later(), counts.clones_and_drops()), (10, (2, 3)));

    let (_run, service, counts) = watched(2);
    let rows = [counts.row(), counts.row()];
    assert_eq!(chain(&service, &rows), Ok(vec![10, 11]));
    assert_eq!(service.calls(), 4);
}

#[test]
fn what_an_attempt_holds_is_dropped_before_the_next() {
    #[retry(max = 3, delay = 1)]
    fn held(service: &Service, row: &Row, held: &Row) -> Result<u32, Unavailable> {
        let copy = row.clone();
        service.call().map(|n| n + copy.id + held.id)
    }
    let (_run, service, counts) = watched(2);
    let (row, other) = (counts.row(), counts.row());
    assert_eq!(held(&service, &row, &other), Ok(17));
    assert_eq!(counts.clones_and_drops(), (3, 3));
}
