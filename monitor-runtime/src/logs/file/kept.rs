//! Lines that could not be written, up to a limit: the oldest make room for new ones.

use std::collections::VecDeque;

use super::super::sink::count;

/// How much is kept.
const CAPACITY: usize = 8 * 1024 * 1024;

/// Lines in their order.
#[derive(Debug, Default)]
pub(super) struct Kept {
    chunks: VecDeque<Box<[u8]>>,
    bytes: usize,
    /// How many lines had to make room.
    dropped: u64,
}

impl Kept {
    pub(super) fn push(&mut self, lines: &[u8]) {
        while self.bytes + lines.len() > CAPACITY {
            match self.chunks.pop_front() {
                Some(oldest) => {
                    self.bytes -= oldest.len();
                    self.dropped += count(&oldest);
                }
                // Longer than all that may be kept.
                None => {
                    self.dropped += count(lines);
                    return;
                }
            }
        }
        self.bytes += lines.len();
        self.chunks.push_back(lines.into());
    }

    /// Writes as many as `write` takes.
    pub(super) fn write<E>(
        &mut self,
        mut write: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(oldest) = self.chunks.front() {
            write(oldest)?;
            self.bytes -= oldest.len();
            self.chunks.pop_front();
        }
        Ok(())
    }

    /// How many lines wait.
    pub(super) fn lines(&self) -> u64 {
        self.chunks.iter().map(|lines| count(lines)).sum()
    }

    /// How many lines had to make room since the last time that this was asked.
    pub(super) fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    /// How many that is so far.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_make_room_and_are_counted() {
        let mut kept = Kept::default();
        let line = [vec![b'x'; 1_048_575], b"\n".to_vec()].concat();
        for _ in 0..10 {
            kept.push(&line);
        }
        assert_eq!(
            (kept.lines(), kept.take_dropped(), kept.take_dropped()),
            (8, 2, 0)
        );
        kept.push(&vec![b'\n'; CAPACITY + 1]);
        assert_eq!(kept.lines(), 0);
        assert_eq!(kept.take_dropped(), 8 + CAPACITY as u64 + 1);
    }

    #[test]
    fn what_is_written_is_kept_no_longer() {
        let mut kept = Kept::default();
        kept.push(b"a\n");
        kept.push(b"b\nc\n");
        let mut taken = Vec::new();
        let mut take_one = |lines: &[u8]| {
            if taken.is_empty() {
                taken.extend_from_slice(lines);
                Ok(())
            } else {
                Err(())
            }
        };
        assert!(kept.write(&mut take_one).is_err());
        assert_eq!((taken.as_slice(), kept.lines()), (b"a\n".as_slice(), 2));
    }
}
