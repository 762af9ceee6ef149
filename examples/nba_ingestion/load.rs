//! NBA-19: write the records as JSON Lines, players by the initial of their last name.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use monitor_runtime::{monitored, progress};
use serde::Serialize;
use thiserror::Error;

use crate::model::{League, Player};

#[derive(Debug, Error)]
#[error("{} could not be written", path.display())]
pub(crate) struct LoadError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// What was written.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) files: usize,
    pub(crate) records: usize,
}

#[monitored(
    stage = "NBA-19",
    event = "LOADING",
    records_in = league.len(),
    records = |loaded| loaded.records,
    records_total = league.len(),
    alert = "critical"
)]
pub(crate) fn load(league: &League, output: &Path) -> Result<Loaded, LoadError> {
    let mut loaded = Loaded {
        files: 1,
        records: write_file(&output.join("teams.jsonl"), &league.teams)?,
    };
    for (initial, players) in by_initial(&league.players) {
        let partition = format!("players/initial={initial}/part.jsonl");
        loaded.records += write_file(&output.join(partition), &players)?;
        loaded.files += 1;
        progress().set(loaded.records);
    }
    Ok(loaded)
}

/// Grouped by the search key, not by the name: Čačak belongs to C, da Silva to D.
fn by_initial(players: &[Player]) -> BTreeMap<char, Vec<&Player>> {
    let mut partitions = BTreeMap::<char, Vec<&Player>>::new();
    for player in players {
        let initial = player.search_key.chars().next().unwrap_or('_');
        partitions
            .entry(initial.to_ascii_uppercase())
            .or_default()
            .push(player);
    }
    partitions
}

/// A reader sees the old file or the new one, never half of it.
#[monitored(stage = "NBA-19", event = "FILE", records = |records| *records, level = "debug")]
fn write_file<T: Serialize>(path: &Path, records: &[T]) -> Result<usize, LoadError> {
    let temporary = path.with_extension("jsonl.tmp");
    write_lines(&temporary, records)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|source| {
            // What is left of the attempt is of no use; the first error is the one to tell.
            let _ = fs::remove_file(&temporary);
            let path = path.to_owned();
            LoadError { path, source }
        })?;
    Ok(records.len())
}

fn write_lines<T: Serialize>(path: &Path, records: &[T]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = BufWriter::new(File::create(path)?);
    for record in records {
        serde_json::to_writer(&mut file, record)?;
        file.write_all(b"\n")?;
    }
    // Otherwise a power cut after the rename could leave an empty file under the name.
    file.into_inner()?.sync_all()
}
