//! What killed processes leave.

use std::fs;

use crate::files::{names, path_of, records};
use crate::program::Program;

#[test]
fn beginnings_of_files_go_with_the_run_that_left_them_and_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let living = Program::start(logs, "");
    let of_living = records(logs)[0]["run_id"].as_str().unwrap().to_owned();
    Program::start(logs, "").kill();
    let died = records(logs).pop().unwrap();
    let of_dead = died["run_id"].as_str().unwrap().to_owned();
    // An id of the year 1970: that run is over, whatever it was.
    let of_old = format!("0000{}", "0".repeat(28));
    let left = |run: &str| {
        [
            logs.join(format!("metrics.{run}-7.tmp")),
            logs.join(format!("dashboard.{run}-7.tmp")),
            logs.join(format!("runs/{run}.{run}-7.tmp")),
        ]
    };
    let foreign = [
        logs.join("a.tmp"),
        logs.join("runs/notes.txt"),
        logs.join("runs/a.b-7.tmp"),
    ];
    let gone = [&left(&of_dead)[..], &left(&of_old)[..]].concat();
    let stays = [&left(&of_living)[..], &foreign[..]].concat();
    for path in gone.iter().chain(&stays) {
        fs::write(path, "{\"schema\":").unwrap();
    }
    let old_lock = logs.join(format!("runs/{of_old}.lock"));
    fs::write(&old_lock, "").unwrap();
    Program::start(logs, "").ends_well();
    assert_eq!(gone.iter().find(|path| path.exists()), None);
    assert_eq!(stays.iter().find(|path| !path.exists()), None);
    assert!(!old_lock.exists());
    assert!(!path_of(logs, &died).with_extension("lock").exists());
    living.ends_well();
}

#[test]
fn a_lock_that_was_left_beside_a_closed_record_goes() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    Program::start(logs, "").ends_well();
    let lock = path_of(logs, &records(logs)[0]).with_extension("lock");
    fs::write(&lock, "").unwrap();
    Program::start(logs, "").ends_well();
    assert!(names(logs).iter().all(|name| name.ends_with(".json")));
}
