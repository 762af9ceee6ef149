//! How many records are kept.

use crate::files::{records, told};
use crate::program::Program;

#[test]
fn the_last_records_are_kept_and_that_of_a_living_run() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let settings = "[pipeline]\nkeep_runs = 3\n";
    let living = Program::start(logs, settings);
    let oldest = records(logs)[0]["run_id"].clone();
    let mut runs = Vec::new();
    for _ in 0..5 {
        let program = Program::start(logs, settings);
        runs.push(records(logs).pop().unwrap()["run_id"].clone());
        program.ends_well();
    }
    let left: Vec<_> = records(logs)
        .iter()
        .map(|record| record["run_id"].clone())
        .collect();
    assert_eq!(left, [oldest.clone(), runs[3].clone(), runs[4].clone()]);
    living.ends_well();
    Program::start(logs, settings).ends_well();
    let left = records(logs);
    assert_eq!(left.len(), 3);
    assert_eq!(left[0]["run_id"], runs[3]);
}

#[test]
fn a_run_that_died_is_told_of_before_its_record_goes() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let settings = "[pipeline]\nkeep_runs = 1\n";
    Program::start(logs, settings).kill();
    let died = records(logs)[0]["run_id"].clone();
    Program::start(logs, settings).ends_well();
    assert_eq!(told(logs, &died).0.len(), 1);
    let left = records(logs);
    assert_eq!(left.len(), 1);
    assert_ne!(left[0]["run_id"], died);
}
