//! What a run could not deliver, the next one does.

use std::fs;

use serde_json::Value;

use crate::raises::{Raises, told};
use crate::support::webhook::{Answer, Request, Webhook};

#[test]
fn the_next_run_delivers_what_a_killed_one_left_and_says_that_it_is_late() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody listens there.
    let nobody = "http://127.0.0.1:9/services/T/B/x";
    let raised = {
        let raises = Raises::start(folder.path(), nobody, 0, 1);
        let outbox = folder.path().join("alerts.jsonl");
        while !fs::read_to_string(&outbox).is_ok_and(|text| text.contains("\"attempted\"")) {
            std::thread::yield_now();
        }
        raises.kill()
    };
    assert_eq!(raised, [0]);
    let webhook = Webhook::start_then([], Answer::Take);
    Raises::start(folder.path(), &webhook.url(), 1, 0).ends_well();
    let messages = webhook.rest();
    assert_eq!(told(&messages), [0]);
    let is_it = |message: &&Request| !told(&[(*message).clone()]).is_empty();
    let body = messages.iter().find(is_it).unwrap().json();
    assert_eq!(body["alerts"][0]["late"], true, "{body}");
    // Once is enough.
    Raises::start(folder.path(), &webhook.url(), 1, 0).ends_well();
    assert!(webhook.rest().is_empty());
    let outbox = fs::read_to_string(folder.path().join("alerts.jsonl")).unwrap();
    let json = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    let event = |line: &str| json(line)["event"].as_str().unwrap().to_owned();
    let first = json(outbox.lines().next().unwrap())["alert"]["id"].to_string();
    let of_it = |line: &&str| line.contains("trouble number 0;") || line.contains(&first);
    let events: Vec<String> = outbox.lines().filter(of_it).map(event).collect();
    assert_eq!(events[..2], ["raised", "attempted"]);
    assert_eq!(
        events[events.len() - 3..],
        ["taken", "sending", "delivered"]
    );
}

#[test]
fn a_run_leaves_the_alerts_of_one_that_lives_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = "http://127.0.0.1:9/services/T/B/x";
    let lives = Raises::start(folder.path(), nobody, 0, 1);
    let outbox = folder.path().join("alerts.jsonl");
    while !fs::read_to_string(&outbox).is_ok_and(|text| text.contains("\"attempted\"")) {
        std::thread::yield_now();
    }
    let webhook = Webhook::start_then([], Answer::Take);
    let beside = Raises::start(folder.path(), &webhook.url(), 1, 1).ends_well();
    assert_eq!(beside, [1]);
    assert_eq!(told(&webhook.rest()), [1]);
    lives.kill();
    Raises::start(folder.path(), &webhook.url(), 2, 0).ends_well();
    assert_eq!(told(&webhook.rest()), [0]);
}
