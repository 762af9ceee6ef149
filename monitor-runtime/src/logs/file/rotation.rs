//! The log in several files: a full one is given a name of its own, with the time.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io, process};

use crate::logs::timestamp::Timestamp;

/// When the log goes on in a new file, and how many full ones stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// The size in bytes that a file may have.
    pub(crate) at: u64,
    /// How many full files are kept; the oldest are removed.
    pub(crate) keep: usize,
}

impl Rotation {
    /// Gives the file at `path` its own name, and tells it. No two are the same, also where several
    /// processes write to the file: none can replace another's.
    pub(super) fn rotate(self, path: &Path, now: SystemTime) -> io::Result<PathBuf> {
        let time = Timestamp::of(now).to_string().replace(':', "-");
        let (stem, extension) = parts(path);
        let full = path.with_file_name(format!("{stem}-{time}-{}{extension}", process::id()));
        fs::rename(path, &full)?;
        // Those that cannot be removed now are removed the next time.
        for old in self.too_old(path).unwrap_or_default() {
            let _ = fs::remove_file(old);
        }
        Ok(full)
    }

    fn too_old(self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let (stem, extension) = parts(path);
        let prefix = format!("{stem}-");
        let is_full = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.and_then(|name| name.strip_prefix(&prefix)?.strip_suffix(&extension))
                .is_some_and(is_time_and_process)
        };
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut full: Vec<PathBuf> = fs::read_dir(folder)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(is_full)
            .collect();
        full.sort();
        full.truncate(full.len().saturating_sub(self.keep));
        Ok(full)
    }
}

/// What only a name has that was given here: the user may have files of similar names.
/// `2026-02-05T12-34-56.789012Z-4711`
fn is_time_and_process(text: &str) -> bool {
    const SHAPE: &str = "0000-00-00T00-00-00.000000Z-";

    let Some((time, process)) = text.split_at_checked(SHAPE.len()) else {
        return false;
    };
    let fits = |(c, shape): (char, char)| match shape {
        '0' => c.is_ascii_digit(),
        _ => c == shape,
    };
    time.chars().zip(SHAPE.chars()).all(fits)
        && !process.is_empty()
        && process.chars().all(|c| c.is_ascii_digit())
}

/// `pipeline` and `.json`
fn parts(path: &Path) -> (String, String) {
    let part =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let stem = part(path.file_stem()).unwrap_or_default();
    let extension = part(path.extension()).map_or_else(String::new, |name| format!(".{name}"));
    (stem, extension)
}
