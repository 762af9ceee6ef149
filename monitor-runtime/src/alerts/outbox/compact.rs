//! What is kept of a file that has grown: all that is still to be delivered, and the newest of
//! the rest.

use std::path::Path;

use super::entry;
use super::file::OutboxFile;
use super::open_alerts::OpenAlerts;
use crate::replace::replace;

/// Below this a file is left as it is.
const GROWN: u64 = 1024 * 1024;
/// How many bytes of what is over are kept.
const KEPT: usize = 256 * 1024;

/// Replaces the file by a shorter one, where it has grown and nobody else has it open. What
/// cannot be done now is done at another start.
pub(super) fn compact(file: &mut OutboxFile, path: &Path, run: &str) {
    if file.length() <= GROWN || !file.is_alone() {
        return;
    }
    let Ok(text) = file.read() else { return };
    let writer = format!("{run}-{}", std::process::id());
    if replace(path, &writer, &compacted(&text)).is_ok() {
        let _ = file.reopen();
    }
}

/// The lines that are kept, in their order.
fn compacted(text: &str) -> String {
    let entries: Vec<_> = text
        .lines()
        .filter_map(|line| Some((line, entry::decode(line)?)))
        .collect();
    let mut open = OpenAlerts::default();
    for (_, entry) in &entries {
        open.see(entry);
    }
    let open: Vec<String> = open
        .into_alerts()
        .into_iter()
        .map(|open| open.alert.id)
        .collect();
    let mut room = KEPT;
    let mut kept: Vec<&str> = Vec::new();
    for (line, entry) in entries.iter().rev() {
        let id = entry.get("id").or_else(|| entry.get("alert")?.get("id"));
        let is_open = id
            .and_then(|id| id.as_str())
            .is_some_and(|id| open.iter().any(|open| open == id));
        let fits = line.len() < room;
        if fits {
            room -= line.len() + 1;
        } else {
            // What is older than what did not fit is not kept either.
            room = 0;
        }
        if fits || is_open {
            kept.push(line);
        }
    }
    let mut compacted = String::new();
    for line in kept.iter().rev() {
        compacted.push_str(line);
        compacted.push('\n');
    }
    compacted
}

#[cfg(test)]
mod tests {
    use super::super::{Outbox, What};
    use super::*;
    use crate::alerts::Alert;
    use monitor_config::Severity;
    use serde_json::Value;
    use std::fs;
    use std::time::SystemTime;

    #[test]
    fn what_is_open_is_kept_however_old_it_is() {
        let folder = std::env::temp_dir().join(format!("monitor-compact-{}", std::process::id()));
        let path = folder.join("alerts.jsonl");
        let alert = |id: usize| {
            Alert::new(
                format!("run-{id}"),
                Severity::Critical,
                &"x".repeat(500),
                Value::Null,
            )
        };
        let outbox = Outbox::open(&path, "run");
        for id in 0..2_000 {
            outbox.raised(&alert(id), &["slack"]);
            if id != 7 {
                outbox.at_channel(What::Delivered, &[(&alert(id), 1)], "slack");
            }
        }
        drop(outbox);
        assert!(fs::metadata(&path).expect("a file").len() > GROWN);
        let outbox = Outbox::open(&path, "next");
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.len() < KEPT + 2_000, "{}", text.len());
        assert!(text.lines().all(|line| entry::decode(line).is_some()));
        assert!(text.ends_with('\n') && text.contains("run-1999"));
        let taken = outbox.take_over(&["slack"], |_| false, SystemTime::now());
        let ids: Vec<_> = taken.iter().map(|(alert, _)| alert.id.as_str()).collect();
        assert_eq!(ids, ["run-7"]);
        drop(fs::remove_dir_all(folder));
    }
}
