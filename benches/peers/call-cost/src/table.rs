//! The cost of a call on one thread.

use crate::contenders::{ALL, BASE, Contender, Run};
use crate::rounds::{Costs, take_turns};

pub(crate) fn print() {
    print_one("sync", |contender| contender.sync);
    print_one("async", |contender| contender.r#async);
}

fn print_one(what: &str, run: fn(&Contender) -> Run) {
    let runs: Vec<Run> = ALL.iter().map(run).collect();
    let costs = take_turns(&runs);
    let base = ALL.iter().position(|contender| contender.name == BASE);
    let base = &costs[base.expect("it is one of them")];
    println!(
        "\n{:<34} {:>9} {:>7} {:>9} {:>7} {:>7}",
        format!("{what}, ns a call"),
        "median",
        "ratio",
        "least",
        "ratio",
        "spread"
    );
    for (contender, costs) in ALL.iter().zip(&costs) {
        println!("{:<34} {}", contender.name, row(costs, base));
    }
}

fn row(costs: &Costs, base: &Costs) -> String {
    format!(
        "{:>9.2} {:>7.2} {:>9.2} {:>7.2} {:>6.0}%",
        costs.median(),
        costs.median() / base.median(),
        costs.least(),
        costs.least() / base.least(),
        costs.spread() * 100.0
    )
}
