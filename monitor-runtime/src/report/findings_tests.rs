use std::time::Duration;

use super::page;
use super::page_tests::{stage, view};
use super::view::{State, missing};
use crate::course::spans::Place;
use crate::failure::ErrorText;
use crate::runs::{PastRun, PastStage};

/// Eight good runs in which each of these stages had a call of a second.
fn good_runs(stages: &[&str]) -> Vec<PastRun> {
    let stage = |id: &&str| PastStage {
        stage: (*id).to_owned(),
        calls: 1,
        errors: 0,
        records: 0,
        seconds: 1.0,
    };
    let run = PastRun {
        outcome: "ok".to_owned(),
        stages: stages.iter().map(stage).collect(),
        ..PastRun::default()
    };
    vec![run; 8]
}

#[test]
fn a_stage_that_was_left_out_is_told() {
    let mut view = view(vec![stage("NBA-17", 1, 0)]);
    view.past = good_runs(&["NBA-17", "NBA-19"]);
    view.missing = missing(&view.state, &view.snapshot, &view.past);
    let page = page::report(&view);
    assert!(
        page.contains("<b>NBA-19</b>: it was not called, usually 1 call"),
        "{page}"
    );
    assert!(page.contains("nba_pipeline finished, with warnings</title>"));
    // Who failed has not come so far.
    view.state = State::Failed(ErrorText::new("it broke".to_owned(), Vec::new()));
    view.missing = missing(&view.state, &view.snapshot, &view.past);
    assert!(!page::report(&view).contains("it was not called"));
}

#[test]
fn a_call_that_lasts_longer_than_usual_is_told_while_it_runs() {
    let mut running = stage("NBA-17", 0, 0);
    running.totals.in_flight = 1;
    let mut view = view(vec![running]);
    view.state = State::Running;
    assert!(page::report(&view).contains("Not known: too few earlier runs"));
    view.past = good_runs(&["NBA-17"]);
    assert!(page::report(&view).contains("Not known: no call has ended yet"));
    let place = Place {
        stage: "NBA-17".into(),
        function: "f".into(),
    };
    view.spans.started(1, 0, place, Duration::from_secs(77));
    let page = page::report(&view);
    assert!(
        page.contains("it has been running for 13 s, usually 1 s"),
        "{page}"
    );
}
