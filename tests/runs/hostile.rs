//! Files that others put where the records are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::files::{json, lines, records, told};
use crate::program::Program;

fn id(number: u64) -> String {
    format!("{number:032x}")
}

fn put(logs: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = logs.join("runs").join(name);
    fs::write(&path, content).unwrap();
    path
}

/// A record of a run that died, as one of the next version or of a broken writer has it.
fn record(number: u64, members: &Value) -> String {
    let mut record = json!({"schema": 1, "run_id": id(number), "state": "running"});
    let members = members.as_object().unwrap().clone();
    record.as_object_mut().unwrap().extend(members);
    record.to_string()
}

#[test]
fn files_that_are_no_records_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    fs::create_dir(logs.join("runs")).unwrap();
    let whole = record(1, &json!({}));
    let cut = &whole[..whole.len() - 2];
    let contents = [
        "".into(),
        "{".into(),
        cut.into(),
        "null".into(),
        "[]".into(),
        "{}".into(),
        b"\xff\xfe\x00".to_vec(),
        [b'['; 200_000].to_vec(),
        record(2, &json!({})).into(),
        record(1, &json!({"schema": 2})).into(),
        record(1, &json!({"schema": "1"})).into(),
        record(1, &json!({"state": 7})).into(),
    ];
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for (content, number) in contents.into_iter().zip(100..) {
        // Each is that of its own run.
        let content = match String::from_utf8(content) {
            Ok(text) => text.replace(&id(1), &id(number)).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        let path = put(logs, &format!("{}.json", id(number)), &content);
        files.push((path, content));
    }
    for name in [
        "notes.json",
        "ABCDEF.json",
        ".json",
        ".lock",
        "0.lock",
        "x.tmp",
    ] {
        files.push((put(logs, name, &whole), whole.clone().into_bytes()));
    }
    let upper = format!("{}.json", "A".repeat(32));
    files.push((put(logs, &upper, &whole), whole.clone().into_bytes()));
    fs::create_dir(logs.join("runs").join(format!("{}.json", id(50)))).unwrap();
    fs::create_dir(logs.join("runs").join(format!("{}.lock", id(51)))).unwrap();
    // Longer than any record, and without a block on the disk.
    let long = put(logs, &format!("{}.json", id(52)), "");
    let long = fs::File::options().write(true).open(long).unwrap();
    long.set_len(1 << 40).unwrap();
    if cfg!(unix) {
        let script = "cd \"$0\" && mkfifo $1.json $2.lock && ln -s $3.json $3.json && ln -s /dev/zero $4.json";
        let status = Command::new("sh")
            .args(["-ec", script])
            .arg(logs.join("runs"))
            .args([id(60), id(61), id(62), id(63)])
            .status();
        assert!(status.unwrap().success());
    }
    for _ in 0..2 {
        Program::start(logs, "[pipeline]\nkeep_runs = 1\n").ends_well();
    }
    for (path, content) in files {
        assert_eq!(fs::read(&path).unwrap(), content, "{path:?}");
    }
    assert_eq!(lines(logs, "run.died"), [0; 0]);
    assert_eq!(lines(logs, "run.end").len(), 2);
}

#[test]
fn an_open_record_with_nonsense_in_it_is_closed_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    fs::create_dir(logs.join("runs")).unwrap();
    let nonsense = [
        json!({}),
        json!({"started_at": [], "updated_at": {}, "host": null, "pid": "x", "name": 7}),
        json!({"stages": 7, "last_success": "x"}),
        json!({"stages": [7, {}, {"stage": 1, "functions": 2}, {"functions": [{"in_flight": -1}]}]}),
        json!({"stages": [{"stage": "S", "alert": "loud", "functions": [{"in_flight": u64::MAX}, {"function": "f", "in_flight": u64::MAX}]}]}),
        json!({"last_success": {"NBA-17": 7, "": "2026-01-01T00:00:00.000000Z", "S": "9999-01-01T00:00:00.000000Z"}}),
        json!({"name": "x".repeat(1_000_000), "host": "\u{1b}[2J\n"}),
    ];
    for (members, number) in nonsense.iter().zip(1..) {
        put(
            logs,
            &format!("{}.json", id(number)),
            record(number, members),
        );
    }
    let mut program = Program::start(logs, "");
    program.does("ingest");
    program.ends_well();
    for number in 1..=nonsense.len() as u64 {
        let run = Value::from(id(number));
        let closed = json(&logs.join(format!("runs/{}.json", id(number))));
        assert_eq!(closed["outcome"], "died", "{closed}");
        let (lines, alerts) = told(logs, &run);
        assert_eq!((lines.len(), alerts.len()), (1, 1), "{closed}");
        assert!(alerts[0].to_string().len() < 5_000);
    }
    let own = records(logs).pop().unwrap();
    let at = own["last_success"]["S"].as_str().unwrap();
    assert!(at < "9999", "{at}");
}

#[test]
fn a_file_in_place_of_the_folder_is_told_and_the_program_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    fs::write(logs.join("runs"), "mine").unwrap();
    let mut program = Program::start(logs, "");
    program.does("ingest");
    let (status, stderr) = program.end();
    assert!(status.success());
    assert!(stderr.contains("runs cannot be written"), "{stderr}");
    assert_eq!(lines(logs, "run.not_recorded").len(), 1);
    assert_eq!(lines(logs, "run.end")[0]["data"]["outcome"], "ok");
    assert_eq!(fs::read_to_string(logs.join("runs")).unwrap(), "mine");
}
