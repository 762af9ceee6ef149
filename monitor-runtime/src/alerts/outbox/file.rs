//! The file of the outbox: appended to by all processes that have it, compacted by one that is
//! alone with it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The file. It is open for reading only, but for the moment of a write: a disk on which a file
/// is open for writing cannot be made read-only.
#[derive(Debug)]
pub(super) struct OutboxFile {
    /// Locked for whoever wants to be alone with it.
    file: File,
    path: PathBuf,
}

/// As much as is read of a file that somebody has let grow: its newest part.
const MOST_READ: u64 = 64 * 1024 * 1024;

impl OutboxFile {
    /// Opens the file, and makes it and its folder where they are missing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        drop(open_to_append(path)?);
        let file = File::open(path)?;
        // On a file system without locks nobody is ever alone.
        let _ = file.try_lock_shared();
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// Appends whole lines in one write. What was written of them when an error came is taken
    /// back where nobody else has the file; else the next reader passes over it.
    pub(super) fn append(&mut self, lines: &str) -> io::Result<()> {
        let mut file = open_to_append(&self.path)?;
        if !self.is_at_path(&file) {
            *self = Self::open(&self.path)?;
        }
        let length = file.metadata()?.len();
        let mut rest = lines.as_bytes();
        while !rest.is_empty() {
            match file.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    if rest.len() < lines.len() && self.is_alone() {
                        let _ = file.set_len(length);
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// What stands in it, however it is encoded.
    pub(super) fn read(&mut self) -> io::Result<String> {
        let length = self.file.metadata()?.len();
        self.file
            .seek(SeekFrom::Start(length.saturating_sub(MOST_READ)))?;
        let mut bytes = Vec::new();
        (&self.file).take(MOST_READ).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(super) fn length(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.len())
    }

    /// Whether no other process has it open. Another that opens it just now does not wait.
    pub(super) fn is_alone(&self) -> bool {
        let is_alone = self.file.try_lock().is_ok();
        let _ = self.file.try_lock_shared();
        is_alone
    }

    /// Goes on with a file that was put in its place.
    pub(super) fn reopen(&mut self) -> io::Result<()> {
        *self = Self::open(&self.path)?;
        Ok(())
    }

    /// Whether it is the file that was just opened at its path.
    fn is_at_path(&self, opened: &File) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            match (self.file.metadata(), opened.metadata()) {
                (Ok(own), Ok(opened)) => (own.dev(), own.ino()) == (opened.dev(), opened.ino()),
                _ => true,
            }
        }
        #[cfg(not(unix))]
        {
            let _ = opened;
            true
        }
    }
}

fn open_to_append(path: &Path) -> io::Result<File> {
    let open = || OpenOptions::new().create(true).append(true).open(path);
    match fs::metadata(path) {
        // A pipe that nobody reads holds a program up for ever.
        Ok(metadata) if !metadata.is_file() => Err(ErrorKind::InvalidInput.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            open()
        }
        _ => open(),
    }
}
