//! One open file that lines are appended to.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::limit;

/// A file opened for appending: what one call writes is in the kernel, and so survives
/// whatever happens to the process after it.
#[derive(Debug)]
pub(super) struct Append {
    file: File,
    identity: Option<Identity>,
    /// How long the file is, as far as this process knows.
    pub(super) size: u64,
    /// What ends the file is not a whole line: the next one must not be glued to it.
    torn: bool,
    /// Another process writes to it, too.
    pub(super) shared: bool,
    /// How long the process may make it.
    limit: u64,
}

/// What tells a file from another at the same path.
pub(super) type Identity = (u64, u64);

impl Append {
    /// Opens the file, and makes it and its folder where they are missing. Also gives the
    /// text of a line that a killed process had not finished and that was removed.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Option<String>)> {
        let mut file = match open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                open(path)?
            }
            other => other?,
        };
        let (torn, repaired) = repair(&mut file);
        let shared = file.try_lock().is_err();
        share(&file);
        let metadata = file.metadata()?;
        Ok((
            Self {
                file,
                identity: identity(&metadata),
                size: metadata.len(),
                torn,
                shared,
                limit: limit::longest_file(),
            },
            repaired,
        ))
    }

    /// Appends whole lines. What was written of them when an error came is taken back, or
    /// where another process has the file open, ended with a line feed by the next call.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.size.saturating_add(lines.len() as u64) >= self.limit {
            self.within_limit(lines.len() as u64)?;
        }
        if self.torn {
            write_whole(&mut self.file, b"\n").map_err(|(error, _)| error)?;
            self.size += 1;
            self.torn = false;
        }
        match write_whole(&mut self.file, lines) {
            Ok(()) => {
                self.size += lines.len() as u64;
                Ok(())
            }
            Err((error, written)) => {
                self.take_back(written);
                Err(error)
            }
        }
    }

    /// That so many bytes may be added, and one more to end a line.
    fn within_limit(&mut self, more: u64) -> io::Result<()> {
        // Both may have changed.
        self.limit = limit::longest_file();
        self.size = self.file.metadata()?.len();
        if self.size.saturating_add(more) < self.limit {
            return Ok(());
        }
        Err(limit::exceeded(self.limit))
    }

    /// Takes notice of what other processes have written.
    pub(super) fn see_others(&mut self) {
        let Ok(metadata) = self.file.metadata() else {
            return;
        };
        if metadata.len() != self.size {
            // One of them may have been killed in the middle of a line; or it was copied and
            // cut off, as logrotate does with `copytruncate`.
            self.torn = stays_torn(&mut self.file);
            self.size = metadata.len();
        }
    }

    fn take_back(&mut self, written: usize) {
        if written == 0 {
            return;
        }
        let before = |metadata: Metadata| metadata.len().checked_sub(written as u64);
        let alone = self.file.try_lock().is_ok();
        let length = self.file.metadata().ok().and_then(before);
        let is_back = alone && length.is_some_and(|length| self.file.set_len(length).is_ok());
        share(&self.file);
        self.torn = !is_back;
    }

    /// Has the disk take what was written.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Where the file went that was opened at `path`.
    pub(super) fn whereabouts(&mut self, path: &Path) -> Whereabouts {
        let at_path = fs::metadata(path);
        if let Ok(metadata) = &at_path
            && identity(metadata) == self.identity
        {
            self.shared |= metadata.len() > self.size;
            self.see_others();
            return Whereabouts::InPlace;
        }
        match at_path {
            Err(error) if error.kind() != ErrorKind::NotFound => Whereabouts::InPlace,
            _ if self.is_removed() => Whereabouts::Removed,
            _ => Whereabouts::Renamed,
        }
    }

    fn is_removed(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            self.file
                .metadata()
                .is_ok_and(|metadata| metadata.nlink() == 0)
        }
        #[cfg(not(unix))]
        false
    }
}

/// What became of an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    InPlace,
    /// It has another name: what was written is there.
    Renamed,
    /// It has no name: what was written is gone with it.
    Removed,
}

fn open(path: &Path) -> io::Result<File> {
    // A pipe that nobody reads takes some lines, and then holds the program up for ever.
    let kind = fs::metadata(path).map(|metadata| metadata.file_type());
    if let Ok(kind) = kind
        && !kind.is_file()
        && !is_device(kind)
    {
        let what = if kind.is_dir() {
            "a folder"
        } else {
            "no regular file"
        };
        return Err(io::Error::new(
            ErrorKind::InvalidInput,
            format!("it is {what}, where a file for the log is needed"),
        ));
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .read(true)
        .open(path)
}

fn is_device(kind: fs::FileType) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        kind.is_char_device()
    }
    #[cfg(not(unix))]
    {
        let _ = kind;
        false
    }
}

fn identity(metadata: &Metadata) -> Option<Identity> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        None
    }
}

/// Writes all, or says how much was written when an error came.
fn write_whole(file: &mut File, bytes: &[u8]) -> Result<(), (io::Error, usize)> {
    let mut written = 0;
    while written < bytes.len() {
        match append_some(file, &bytes[written..]) {
            Ok(0) => return Err((ErrorKind::WriteZero.into(), written)),
            Ok(more) => written += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err((error, written)),
        }
    }
    Ok(())
}

/// Writes at the end of a file that was opened for appending.
#[cfg(target_os = "linux")]
fn append_some(file: &mut File, bytes: &[u8]) -> io::Result<usize> {
    use std::os::unix::fs::FileExt;

    // On Linux it appends whatever the place (pwrite(2), BUGS), and unlike `write` does not
    // lock the file's position.
    match file.write_at(bytes, 0) {
        Err(error) if error.kind() == ErrorKind::NotSeekable => file.write(bytes),
        result => result,
    }
}

#[cfg(not(target_os = "linux"))]
fn append_some(file: &mut File, bytes: &[u8]) -> io::Result<usize> {
    file.write(bytes)
}

/// The longest beginning of a line that is looked for.
const LONGEST_TAIL: u64 = 16 * 1024 * 1024;

/// Removes the beginning of a line from the end of the file, if no other process has it
/// open, whose line it may be. Whether it is still there, and what was removed.
fn repair(file: &mut File) -> (bool, Option<String>) {
    let Ok(Some(tail)) = torn_tail(file) else {
        return (false, None);
    };
    if file.try_lock().is_err() {
        return (stays_torn(file), None);
    }
    // Another process may have ended it in the meantime.
    let repaired = match torn_tail(file) {
        Ok(Some(now)) if now == tail => {
            let end = file.metadata().map(|metadata| metadata.len());
            end.is_ok_and(|end| file.set_len(end.saturating_sub(tail.len() as u64)).is_ok())
        }
        _ => false,
    };
    let text = repaired.then(|| String::from_utf8_lossy(&tail).into_owned());
    (!repaired, text)
}

/// How often, a millisecond apart, it is looked again at what another process does.
const LOOKS: usize = 20;

/// Locks the file for as long as it is open: who gets an exclusive lock is alone.
fn share(file: &File) {
    for _ in 0..LOOKS {
        // A repair holds it for a moment. Whoever holds it for longer must not hold us up.
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
            _ => return,
        }
    }
}

/// Whether the file ends within a line that nobody is writing: the end of one that is
/// changes.
fn stays_torn(file: &mut File) -> bool {
    let end = |file: &mut File| -> io::Result<(u64, u8)> {
        let end = file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        Ok((end, last[0]))
    };
    let Ok(before) = end(file) else {
        return false;
    };
    for _ in 0..LOOKS {
        match end(file) {
            Ok((_, b'\n')) => return false,
            now if now.as_ref().ok() != Some(&before) => return false,
            _ => thread::sleep(Duration::from_millis(1)),
        }
    }
    true
}

/// What stands behind the last line feed.
fn torn_tail(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    const CHUNK: u64 = 64 * 1024;

    let end = file.seek(SeekFrom::End(0))?;
    let mut tail = Vec::new();
    let mut start = end;
    while start > 0 && end - start < LONGEST_TAIL {
        let from = start.saturating_sub(CHUNK);
        file.seek(SeekFrom::Start(from))?;
        let mut chunk = vec![0; usize::try_from(start - from).unwrap_or(0)];
        file.read_exact(&mut chunk)?;
        if let Some(at) = chunk.iter().rposition(|byte| *byte == b'\n') {
            chunk.drain(..=at);
            chunk.append(&mut tail);
            tail = chunk;
            break;
        }
        chunk.append(&mut tail);
        tail = chunk;
        start = from;
    }
    Ok((!tail.is_empty()).then_some(tail))
}
