use super::*;
use monitor_config::Severity;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

/// An outbox in a folder of its own, which is removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("monitor-outbox-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn path(&self) -> PathBuf {
        self.0.join("alerts.jsonl")
    }

    fn events(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path()).expect("a file");
        let event = |line: &str| {
            let entry = entry::decode(line).expect("an entry");
            entry["event"].as_str().expect("a text").to_owned()
        };
        text.lines().map(event).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn alert(id: &str) -> Alert {
    let details = serde_json::json!({"stage": "NBA-17"});
    Alert::new(id.to_owned(), Severity::Critical, "NBA-17 failed", details)
}

fn ids(taken: &[(Alert, Vec<String>)]) -> Vec<&str> {
    taken.iter().map(|(alert, _)| alert.id.as_str()).collect()
}

const BOTH: [&str; 2] = ["email", "slack"];

#[test]
fn what_a_dead_run_left_is_taken_over_once_and_for_the_channels_that_are_open() {
    let folder = Folder::new();
    let dead = Outbox::open(&folder.path(), "dead");
    for id in ["a", "b", "c"] {
        dead.raised(&alert(id), &BOTH);
    }
    dead.at_channel(What::Delivered, &[(&alert("a"), 1)], "email");
    dead.at_channel(What::Delivered, &[(&alert("a"), 1)], "slack");
    dead.at_channel(What::Attempted("busy"), &[(&alert("b"), 1)], "email");
    dead.at_channel(What::Dead("no_service"), &[(&alert("b"), 1)], "slack");
    drop(dead);

    let next = Outbox::open(&folder.path(), "next");
    let now = SystemTime::now();
    assert_eq!(next.take_over(&BOTH, |_| true, now), []);
    let taken = next.take_over(&BOTH, |run| run != "dead", now);
    assert_eq!(ids(&taken), ["b", "c"]);
    assert_eq!(taken[0].1, ["email"]);
    assert_eq!(taken[1].1, BOTH);
    assert!(taken.iter().all(|(alert, _)| alert.late));
    // They are this run's now.
    assert!(next.take_over(&BOTH, |_| false, now).is_empty());
    let third = Outbox::open(&folder.path(), "third");
    assert!(third.take_over(&BOTH, |run| run == "next", now).is_empty());
    assert_eq!(ids(&third.take_over(&BOTH, |_| false, now)), ["b", "c"]);
}

#[test]
fn a_channel_that_is_off_leaves_its_alerts_to_a_run_that_has_it() {
    let folder = Folder::new();
    Outbox::open(&folder.path(), "dead").raised(&alert("a"), &BOTH);
    let now = SystemTime::now();
    let next = Outbox::open(&folder.path(), "next");
    let taken = next.take_over(&["slack"], |_| false, now);
    assert_eq!(taken[0].1, ["slack"]);
    next.at_channel(What::Delivered, &[(&taken[0].0, 1)], "slack");
    let third = Outbox::open(&folder.path(), "third");
    let taken = third.take_over(&BOTH, |_| false, now);
    assert_eq!(
        (ids(&taken), &taken[0].1[..]),
        (vec!["a"], &["email".to_owned()][..])
    );
}

#[test]
fn what_is_a_day_old_is_given_up_and_said_to_be() {
    let folder = Folder::new();
    Outbox::open(&folder.path(), "dead").raised(&alert("a"), &BOTH);
    let later = SystemTime::now() + EXPIRED_AFTER + Duration::from_secs(1);
    let next = Outbox::open(&folder.path(), "next");
    assert!(next.take_over(&BOTH, |_| false, later).is_empty());
    assert_eq!(folder.events(), ["raised", "dead", "dead"]);
    assert!(next.take_over(&BOTH, |_| false, later).is_empty());
}

#[test]
fn a_torn_line_costs_nothing_but_itself() {
    let folder = Folder::new();
    Outbox::open(&folder.path(), "dead").raised(&alert("a"), &BOTH);
    let mut text = fs::read_to_string(folder.path()).expect("a file");
    text.push_str(&text.clone()[..40]);
    fs::write(folder.path(), text).expect("a file");
    let next = Outbox::open(&folder.path(), "next");
    next.raised(&alert("b"), &BOTH);
    drop(next);
    let third = Outbox::open(&folder.path(), "third");
    let taken = third.take_over(&BOTH, |_| false, SystemTime::now());
    assert_eq!(ids(&taken), ["a", "b"]);
}

#[test]
fn a_file_that_is_removed_or_replaced_is_made_anew() {
    let folder = Folder::new();
    let outbox = Outbox::open(&folder.path(), "run");
    outbox.raised(&alert("a"), &BOTH);
    fs::remove_file(folder.path()).expect("a file");
    outbox.raised(&alert("b"), &BOTH);
    assert_eq!(folder.events(), ["raised"]);
    fs::rename(folder.path(), folder.0.join("old")).expect("a file");
    outbox.raised(&alert("c"), &BOTH);
    assert_eq!(folder.events(), ["raised"]);
    assert_eq!(outbox.unwritten(), None);
}

#[test]
fn lines_wait_for_a_file_that_cannot_be_opened_and_are_counted() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).expect("a folder in its place");
    let outbox = Outbox::open(&folder.path(), "run");
    for n in 0..WAITING + 5 {
        outbox.raised(&alert(&n.to_string()), &BOTH);
    }
    let (lines, cause) = outbox.unwritten().expect("lines that wait");
    assert_eq!(lines, WAITING as u64 + 5);
    assert!(!cause.is_empty());
    fs::remove_dir(folder.path()).expect("a folder");
    outbox.raised(&alert("last"), &BOTH);
    assert_eq!(folder.events().len(), WAITING + 1);
    assert_eq!(outbox.unwritten().map(|(lines, _)| lines), Some(5));
}

#[test]
fn two_starts_at_one_moment_share_what_is_left() {
    let folder = Folder::new();
    let dead = Outbox::open(&folder.path(), "dead");
    for n in 0..50 {
        dead.raised(&alert(&n.to_string()), &BOTH);
    }
    drop(dead);
    let path = folder.path();
    let start = |run: String| {
        let path = path.clone();
        thread::spawn(move || {
            let outbox = Outbox::open(&path, &run);
            outbox
                .take_over(&BOTH, |run| run != "dead", SystemTime::now())
                .len()
        })
    };
    let starts: Vec<_> = (0..8).map(|n| start(format!("next-{n}"))).collect();
    let taken = starts
        .into_iter()
        .map(|start| start.join().expect("no panic"));
    assert_eq!(taken.sum::<usize>(), 50);
}

#[test]
fn what_may_have_arrived_is_sent_once_more_and_not_a_third_time() {
    let folder = Folder::new();
    let raises = Outbox::open(&folder.path(), "run-0");
    raises.raised(&alert("a"), &BOTH);
    // Of this there was an answer.
    let of_it = [(&alert("a"), 1)];
    raises.at_channel(What::Sending, &of_it, "email");
    raises.at_channel(What::Attempted("busy"), &of_it, "email");
    raises.at_channel(What::Sending, &of_it, "slack");
    drop(raises);
    let now = SystemTime::now();
    let next = Outbox::open(&folder.path(), "run-1");
    assert_eq!(next.take_over(&BOTH, |_| false, now)[0].1, BOTH);
    // This one did not get as far.
    next.at_channel(What::Attempted("no connection"), &of_it, "slack");
    next.at_channel(What::Sending, &of_it, "slack");
    drop(next);
    let third = Outbox::open(&folder.path(), "run-2");
    assert_eq!(third.take_over(&BOTH, |_| false, now)[0].1, ["email"]);
    assert!(folder.events().contains(&"dead".to_owned()));
}
