//! Where numbered lines go.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Takes whole lines, one at a time.
pub(crate) trait LineSink: Send {
    /// Writes `line`, which ends with a line feed.
    fn write_line(&mut self, line: &[u8]) -> io::Result<()>;
}

/// A file opened for appending: each line is one write to the kernel, so that it
/// survives whatever happens to the process after it.
#[derive(Debug)]
pub(crate) struct LogFile {
    file: File,
    /// The last line in the file is not whole: the next one must not be glued to it.
    torn: bool,
}

impl LogFile {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(path)
            .map(|mut file| Self {
                torn: ends_within_a_line(&mut file).unwrap_or(false),
                file,
            })
    }
}

impl LineSink for LogFile {
    fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        if self.torn {
            self.file.write_all(b"\n")?;
            self.torn = false;
        }
        let mut rest = line;
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    rest = &rest[written..];
                    self.torn = !rest.is_empty();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether a process that was killed left the beginning of a line.
fn ends_within_a_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Keeps lines in memory, for tests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    pub(crate) fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl LineSink for Memory {
    fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(line);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Regression: the first line of a run was glued to what a kill had left.
    #[test]
    fn a_torn_tail_does_not_spoil_the_next_line() {
        let path = std::env::temp_dir().join(format!("monitor-torn-{}", std::process::id()));
        for (left, expected) in [
            ("", "a\nb\n"),
            ("x\n", "x\na\nb\n"),
            ("{\"ti", "{\"ti\na\nb\n"),
        ] {
            fs::write(&path, left).unwrap();
            let mut file = LogFile::open(&path).unwrap();
            file.write_line(b"a\n").unwrap();
            file.write_line(b"b\n").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), expected);
        }
        fs::remove_file(path).unwrap();
    }
}
