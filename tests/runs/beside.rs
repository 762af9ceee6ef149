//! Runs beside each other.

use std::fs;

use crate::files::{lines, names, path_of, records, told, until};
use crate::program::Program;

#[test]
fn a_run_beside_a_living_one_leaves_it_alone() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut living = Program::start(logs, "");
    living.does("clean");
    Program::start(logs, "").ends_well();
    let all = records(logs);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["state"], "running");
    assert_eq!(all[1]["outcome"], "ok");
    assert_eq!(lines(logs, "run.died"), [0; 0]);
    living.ends_well();
    assert_eq!(records(logs)[0]["outcome"], "ok");
}

#[test]
fn of_runs_that_start_at_the_same_moment_one_tells_of_a_death() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    for round in 1..=8 {
        let mut dies = Program::start(logs, "");
        dies.does("clean");
        dies.kill();
        let dead = records(logs).pop().unwrap()["run_id"].clone();
        let mut starters = [(); 3].map(|()| Program::ready(logs, ""));
        starters
            .iter_mut()
            .for_each(|program| program.tell("start"));
        for program in &mut starters {
            assert_eq!(program.reply().as_deref(), Some("started"));
        }
        starters.into_iter().for_each(Program::ends_well);
        let (lines_of_it, alerts) = told(logs, &dead);
        assert_eq!((lines_of_it.len(), alerts.len()), (1, 1), "{dead}");
        assert_eq!(lines(logs, "run.died").len(), round);
    }
    // No lock is left.
    assert!(names(logs).iter().all(|name| name.ends_with(".json")));
}

#[test]
fn a_lock_that_somebody_removed_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let living = Program::start(logs, "");
    let record = records(logs).pop().unwrap();
    let lock = path_of(logs, &record).with_extension("lock");
    fs::remove_file(&lock).unwrap();
    until("the lock", || lock.exists());
    // Held, and not only there, once the record is replaced again.
    let seen = records(logs).pop().unwrap()["updated_at"].clone();
    until("the next record", || {
        records(logs).pop().unwrap()["updated_at"] != seen
    });
    Program::start(logs, "").ends_well();
    assert_eq!(told(logs, &record["run_id"]), (vec![], vec![]));
    living.ends_well();
}
