//! How bodies run and leave.

use std::collections::VecDeque;

use super::monitored;
use crate::see::{Seen, note, see};

#[monitored(stage = "C-01")]
fn early_return(n: u32) -> &'static str {
    if n == 0 {
        return "none";
    }
    for i in 0..n {
        if i == 3 {
            return "many";
        }
    }
    "some"
}

#[monitored(stage = "C-02")]
fn questions(text: &str) -> Result<u32, Box<dyn std::error::Error>> {
    let (a, b) = text.split_once('+').ok_or("no plus")?;
    let sum = a.trim().parse::<u32>()? + u32::from(b.trim().parse::<u8>()?);
    Ok(sum)
}

#[monitored(stage = "C-03")]
fn labels(rows: &[[u32; 3]]) -> Option<(usize, usize, u32)> {
    let mut looked_at = 0;
    let found = 'search: {
        for (y, row) in rows.iter().enumerate() {
            'columns: for (x, &cell) in row.iter().enumerate() {
                match cell {
                    0 => continue 'columns,
                    9 => break 'search Some((x, y)),
                    _ => {}
                }
                looked_at += 1;
            }
        }
        None
    };
    found.map(|(x, y)| (x, y, looked_at))
}

#[monitored(stage = "C-04")]
fn loop_with_a_value(mut n: u32) -> u32 {
    let steps = loop {
        n /= 2;
        if n < 2 {
            break n;
        }
    };
    steps + 1
}

#[monitored(stage = "C-11")]
fn let_else(text: &str) -> Option<u32> {
    let Some((first, "x")) = text.split_once('.') else {
        return None;
    };
    let Ok(number) = first.parse() else {
        panic!("{first} is no number")
    };
    Some(number)
}

#[monitored(stage = "C-12")]
fn chains(row: Option<&str>) -> u32 {
    if let Some(number) = row.and_then(|text| text.parse::<u32>().ok()) {
        number
    } else if let Some(_text) = row {
        5
    } else {
        0
    }
}

#[monitored(stage = "C-14")]
fn bail(n: u32) -> anyhow::Result<u32> {
    anyhow::ensure!(n > 0, "{n} is too small");
    if n > 2 {
        anyhow::bail!("{n} is too large");
    }
    Ok(n)
}

#[monitored(stage = "C-17")]
fn guards(n: Option<i64>) -> &'static str {
    let word = match n {
        Some(i64::MIN..=-1) => "negative",
        Some(even) if even % 2 == 0 => "even",
        Some(small @ 1..=9) if small > 5 => "large",
        Some(_) => "odd",
        None => return "none",
    };
    word.trim()
}

#[monitored(stage = "C-18")]
fn queue(mut work: VecDeque<u32>) -> Vec<u32> {
    let mut done = Vec::new();
    while let Some(next) = work.pop_front() {
        if next > 1 {
            work.extend([next / 2]);
        }
        done.push(next);
    }
    done
}

#[monitored(stage = "C-19")]
fn assigned_later(n: u32) -> String {
    let text;
    let sign: &str;
    if n > 1 {
        text = "many";
        sign = "+";
    } else {
        (text, sign) = ("few", "-");
    }
    [sign, text].concat()
}

#[monitored(stage = "C-22")]
fn ends_with_a_statement(n: &mut u32) {
    note("begin");
    if *n > 1 {
        return;
    }
    *n += 1;
    note("end");
}

#[monitored(stage = "C-23")]
fn ends_with_an_expression(n: &mut u32) {
    match n {
        0 => *n = 1,
        _ => *n = 0,
    }
}

#[monitored(stage = "C-24")]
fn never_comes_back_from_a_loop(rows: &[u32]) -> u32 {
    let mut at = 0;
    loop {
        match rows.get(at) {
            Some(0) => return 0,
            Some(_) => at += 1,
            None => panic!("no zero among {}", rows.len()),
        }
    }
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see(
            "early_return",
            "C-01 early_return ok; C-01 early_return ok; C-01 early_return ok",
            || [0, 1, 9].map(early_return),
        ),
        see(
            "questions",
            "C-02 questions ok; C-02 questions error; C-02 questions error",
            || {
                ["1 + 2", "1", "1 + 999"]
                    .map(|text| questions(text).map_err(|error| error.to_string()))
            },
        ),
        see("labels", "C-03 labels ok", || {
            labels(&[[0, 1, 0], [0, 9, 1]])
        }),
        see("loop_with_a_value", "C-04 loop_with_a_value ok", || {
            loop_with_a_value(9)
        }),
        see(
            "let_else",
            "C-11 let_else ok; C-11 let_else ok; C-11 let_else panic",
            || (let_else("7.x"), let_else("7"), let_else("a.x")),
        ),
        see(
            "chains",
            "C-12 chains ok; C-12 chains ok; C-12 chains ok",
            || [Some("7"), Some("x"), None].map(chains),
        ),
        see(
            "bail",
            "C-14 bail error; C-14 bail ok; C-14 bail error",
            || [0, 1, 3].map(|n| bail(n).map_err(|error| error.to_string())),
        ),
        see(
            "guards",
            "C-17 guards ok; C-17 guards ok; C-17 guards ok",
            || [Some(-1), Some(7), None].map(guards),
        ),
        see("queue", "C-18 queue ok", || queue([3, 2].into())),
        see("assigned_later", "C-19 assigned_later ok", || {
            assigned_later(1)
        }),
        see(
            "ends_with_a_statement",
            "C-22 ends_with_a_statement ok; C-22 ends_with_a_statement ok",
            || {
                let mut n = 1;
                ends_with_a_statement(&mut n);
                ends_with_a_statement(&mut n);
                n
            },
        ),
        see(
            "ends_with_an_expression",
            "C-23 ends_with_an_expression ok",
            || {
                let mut n = 1;
                ends_with_an_expression(&mut n);
                n
            },
        ),
        see(
            "never_comes_back_from_a_loop",
            "C-24 never_comes_back_from_a_loop panic",
            || never_comes_back_from_a_loop(&[1]),
        ),
    ]
}
