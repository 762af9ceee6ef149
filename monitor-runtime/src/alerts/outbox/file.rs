//! The file of the outbox: appended to by all processes that have it, compacted by one that is
//! alone with it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The file, open. While it is, it is locked for whoever wants to be alone.
#[derive(Debug)]
pub(super) struct OutboxFile {
    file: File,
    path: PathBuf,
}

/// As much as is read of a file that somebody has let grow: its newest part.
const MOST_READ: u64 = 64 * 1024 * 1024;

impl OutboxFile {
    /// Opens the file, and makes it and its folder where they are missing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            // A pipe that nobody reads holds a program up for ever.
            Ok(metadata) if !metadata.is_file() => return Err(ErrorKind::InvalidInput.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
            }
            _ => {}
        }
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(path)?;
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
        if self.is_removed() {
            *self = Self::open(&self.path)?;
        }
        let length = self.file.metadata()?.len();
        let mut rest = lines.as_bytes();
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    if rest.len() < lines.len() && self.is_alone() {
                        let _ = self.file.set_len(length);
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

    fn is_removed(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let own = self.file.metadata();
            let at_path = fs::metadata(&self.path);
            match (own, at_path) {
                (Ok(own), Ok(at_path)) => (own.dev(), own.ino()) != (at_path.dev(), at_path.ino()),
                (_, Err(error)) => error.kind() == ErrorKind::NotFound,
                _ => false,
            }
        }
        #[cfg(not(unix))]
        false
    }
}
