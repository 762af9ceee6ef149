//! Killed again and again, at any point between raise and delivery.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;

use crate::raises::{Raises, told};
use crate::random::Random;
use crate::support::webhook::{Answer, Webhook};

/// How often it is killed: `MONITOR_KILLS`, or this.
const KILLS: u64 = 30;

#[test]
fn no_alert_is_lost_or_told_more_than_twice_and_their_order_is_kept() {
    let kills = env::var("MONITOR_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let webhook = Webhook::start_then([], Answer::Take);
    let (mut next, mut raised) = (0, Vec::new());
    let mut random = Random(7);
    for _ in 0..kills {
        let raises = Raises::start(folder.path(), &webhook.url(), next, 6);
        // Any moment will do: from before its first line to after its last delivery.
        thread::sleep(Duration::from_millis(random.below(60)));
        raised.extend(raises.kill());
        next += 6;
    }
    let began = Instant::now();
    raised.extend(Raises::start(folder.path(), &webhook.url(), next, 1).ends_well());
    let told = told(&webhook.rest());
    let mut times: BTreeMap<u64, u32> = BTreeMap::new();
    for n in &told {
        *times.entry(*n).or_default() += 1;
    }
    // Twice killed while they were sent: nobody knows whether they arrived, and it is said.
    let unknown = unanswered(&folder.path().join("alerts.jsonl"));
    let is_lost = |n: &&u64| !times.contains_key(n) && !unknown.contains(n);
    let lost: Vec<_> = raised.iter().filter(is_lost).collect();
    let often: Vec<_> = times.iter().filter(|(_, times)| **times > 2).collect();
    eprintln!(
        "{kills} kills: {} raised, {} told, {} of them twice, {} given up, the last run took {:?}",
        raised.len(),
        times.len(),
        times.values().filter(|times| **times == 2).count(),
        unknown.iter().filter(|n| !times.contains_key(n)).count(),
        began.elapsed()
    );
    assert_eq!(lost, Vec::<&u64>::new());
    assert!(often.is_empty(), "{often:?}");
    // Each is told for the first time after all before it.
    let mut highest = None;
    let mut seen = BTreeMap::new();
    for n in told {
        if seen.insert(n, ()).is_none() {
            assert!(highest < Some(n), "{n} after {highest:?}");
            highest = Some(n);
        }
    }
}

/// The numbers of the alerts that were given up because no answer came, twice.
fn unanswered(outbox: &Path) -> Vec<u64> {
    let text = fs::read_to_string(outbox).unwrap();
    let lines = || {
        text.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
    };
    let given_up: Vec<Value> = lines()
        .filter(|line| line["event"] == "dead")
        .map(|line| {
            assert!(line["reason"].as_str().unwrap().starts_with("sent twice"));
            line["id"].clone()
        })
        .collect();
    let number = |line: Value| {
        let alert = &line["alert"];
        let message = alert["message"].as_str()?.strip_prefix("trouble number ")?;
        given_up.contains(&alert["id"]).then_some(())?;
        message.strip_suffix(';')?.parse().ok()
    };
    lines().filter_map(number).collect()
}
