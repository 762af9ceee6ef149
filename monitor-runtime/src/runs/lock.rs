//! The lock of a run: who holds it runs, or closes the record of one that died.
//!
//! It is a file beside the record, since a lock on the record would be gone with each
//! replacement, and since on Windows a locked file cannot be read. A process that forked off
//! holds it, too: the run counts as living until both have ended.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A lock that is held. Dropping it lets go of it and leaves the file.
#[derive(Debug)]
pub(super) struct RunLock {
    file: File,
    path: PathBuf,
}

impl RunLock {
    /// Takes the lock at `path`; nothing where another process holds it.
    ///
    /// An error where it cannot be known whether one does, as in a folder of another user or
    /// on a file system without locks.
    pub(super) fn take(path: &Path) -> io::Result<Option<Self>> {
        // To open a pipe could hold the program up for ever.
        match fs::symlink_metadata(path) {
            Ok(metadata) if !metadata.is_file() => return Err(ErrorKind::InvalidInput.into()),
            _ => {}
        }
        let writable = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        // A disk on which a file is open for writing cannot be made read-only.
        let file = File::open(path)?;
        let (file, locked) = match file.try_lock() {
            // NFS locks only what is open for writing.
            Err(TryLockError::Error(_)) => {
                let locked = writable.try_lock();
                (writable, locked)
            }
            locked => (file, locked),
        };
        match locked {
            Ok(()) => Ok(Some(Self {
                file,
                path: path.to_owned(),
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Whether others still find it: the file may have been removed.
    pub(super) fn is_in_place(&self) -> bool {
        let Ok(at_path) = fs::metadata(&self.path) else {
            return false;
        };
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            self.file
                .metadata()
                .is_ok_and(|own| (own.dev(), own.ino()) == (at_path.dev(), at_path.ino()))
        }
        #[cfg(not(unix))]
        {
            let _ = (at_path, &self.file);
            true
        }
    }

    /// Removes the file, then lets go: who waits with the same file open finds the record
    /// closed, and who makes a new file, too.
    pub(super) fn remove(self) {
        let _ = fs::remove_file(&self.path);
    }
}
