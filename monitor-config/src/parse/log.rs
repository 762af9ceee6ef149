//! `[log]`

use toml_span::Value;

use crate::problem::Problems;
use crate::section::Section;
use crate::{Log, LogConsole, LogMode, parse_size};

/// The shortest line: what stands in each has to fit.
const SHORTEST_LINE: u64 = 1024;

pub(super) fn read<'a>(value: &'a Value<'a>, problems: &mut Problems<'_>) -> Log {
    let Some(mut table) = Section::open("[log]".to_owned(), value, problems) else {
        return Log::default();
    };
    let log = Log {
        mode: table.checked_text("mode", "batched", LogMode::parse),
        sync_every: table.duration("sync_every", "1s"),
        rotate_at: table.checked_text("rotate_at", "100 MiB", |text| match parse_size(text)? {
            0 => Err(
                "a file of no size takes no line: leave the key out for one that is never full"
                    .to_owned(),
            ),
            size => Ok(size),
        }),
        keep: table.integer("keep", 10, Some, "from 0 up"),
        longest_line: table.checked_text("longest_line", "256 KiB", |text| {
            match parse_size(text)? {
                size if size < SHORTEST_LINE => {
                    Err(format!("a line needs at least {SHORTEST_LINE} B"))
                }
                size => Ok(size),
            }
        }),
        console: table.checked_text("console", "json", LogConsole::parse),
        filter: table.text("filter", "info,my_crate=debug"),
    };
    if log.keep.is_some() && log.rotate_at.is_none() {
        table.complain(
            "keep",
            "no file is ever full: add a size, such as rotate_at = \"100 MiB\"",
        );
    }
    table.close(|_, _| None);
    log
}
