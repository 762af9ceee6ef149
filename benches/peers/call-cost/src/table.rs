//! The cost of a call on one thread.

use crate::contenders::{ALL, BASE, Kind};
use crate::rounds::{Costs, take_turns};

pub(crate) fn print() {
    for contender in ALL {
        (contender.prepare)();
    }
    for kind in Kind::ALL {
        print_one(kind);
    }
}

fn print_one(kind: Kind) {
    let costs = take_turns(ALL, kind);
    let base = ALL.iter().position(|contender| contender.name == BASE);
    let base = &costs[base.expect("it is one of them")];
    println!(
        "\n{:<34} {:>9} {:>7} {:>9} {:>7} {:>7}",
        format!("{}, ns a call", kind.as_str()),
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
