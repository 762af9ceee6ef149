//! Replacing a file in one step.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Replaces the file at `path` in one step: a reader sees the old content or the new one,
/// whole. `writer` tells the writers apart that may do it at the same moment, see
/// [`RunInfo::writer`](crate::run::RunInfo::writer).
pub(crate) fn replace(path: &Path, writer: &str, content: &str) -> io::Result<()> {
    let temporary = temporary(path, writer);
    let written = create(&temporary)
        .and_then(|mut file| file.write_all(content.as_bytes()))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// What the new content is called before it takes the place of the old one.
fn temporary(path: &Path, writer: &str) -> PathBuf {
    path.with_extension(format!("{writer}.tmp"))
}

/// The run of the writer that left the file called so, where it is such a file.
pub(crate) fn run_of_temporary(name: &str) -> Option<&str> {
    let writer = name.strip_suffix(".tmp")?.rsplit('.').next()?;
    let (run, process) = writer.split_once('-')?;
    process.parse::<u32>().ok()?;
    Some(run)
}

fn create(path: &Path) -> io::Result<File> {
    match File::create(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // The folder was removed since the start, or this is the first file in it.
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            File::create(path)
        }
        created => created,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_left_over_file_tells_the_run_that_left_it() {
        for path in ["logs/metrics.json", "logs/runs/0197.json"] {
            let left = temporary(Path::new(path), "0198-77");
            let name = left.file_name().unwrap().to_str().unwrap();
            assert_eq!(run_of_temporary(name), Some("0198"), "{name}");
        }
        for foreign in [
            "a.tmp",
            "a.b.tmp",
            "metrics.0198-x.tmp",
            "metrics.0198-77",
            "",
        ] {
            assert_eq!(run_of_temporary(foreign), None, "{foreign}");
        }
    }
}
