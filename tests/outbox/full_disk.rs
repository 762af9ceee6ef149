//! A disk without room: alerts are delivered, and what became of them is written when there is
//! room again.

use std::fs;

use crate::disk::Disk;
use crate::raises::{Raises, told};
use crate::support::webhook::{Answer, Webhook};

#[test]
fn alerts_are_delivered_though_the_disk_of_their_outbox_is_full() {
    let Some(disk) = Disk::new(4) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (go, webhook) = (
        folder.path().join("go"),
        Webhook::start_then([], Answer::Take),
    );
    let raises = Raises::start_at(Some(&go), &disk.logs(), &webhook.url(), 0, 20);
    let log = disk.log();
    while !fs::read_to_string(&log).is_ok_and(|text| text.contains("run.start")) {
        std::thread::yield_now();
    }
    disk.fill(0);
    fs::write(&go, "").unwrap();
    let mut numbers = Vec::new();
    while numbers.len() < 20 {
        numbers.extend(told(&[webhook.request()]));
    }
    assert_eq!(numbers, (0..20).collect::<Vec<u64>>());
    disk.free();
    fs::remove_file(&go).unwrap();
    assert_eq!(raises.ends_well().len(), 20);
    let outbox = fs::read_to_string(disk.logs().join("alerts.jsonl")).unwrap();
    assert_eq!(outbox.matches("\"raised\"").count(), 20);
    assert_eq!(outbox.matches("\"delivered\"").count(), 20);
}
