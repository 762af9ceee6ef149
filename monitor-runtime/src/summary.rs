//! A run as a table for a terminal: one row for each stage, its functions below it.

use std::env;
use std::fmt::{self, Display, Formatter};
use std::io::{self, IsTerminal};
use std::time::Duration;

use monitor_config::duration;

use crate::metrics::grouped::grouped;
use crate::metrics::snapshot::{CallStats, Snapshot, StageSnapshot};
use crate::text;

/// The end of a run for people, see [`Monitor::summary`](crate::Monitor::summary).
///
/// Coloured where standard output is a terminal and `NO_COLOR` is not set
/// (<https://no-color.org>), unless said otherwise; a failed stage is marked by a sign, too.
#[derive(Clone, Debug)]
pub struct Summary {
    rows: Vec<Row>,
    accounts: Vec<String>,
    colour: bool,
}

#[derive(Clone, Debug)]
struct Row {
    cells: [String; COLUMNS.len()],
    is_stage: bool,
    has_failed: bool,
    was_called: bool,
}

const COLUMNS: [&str; 11] = [
    "",
    "Stage",
    "Calls",
    "Records",
    "Records/s",
    "p50",
    "p95",
    "Max",
    "CPU",
    "Errors",
    "Retries",
];

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const RED: &str = "\u{1b}[31m";
const RESET: &str = "\u{1b}[0m";

impl Snapshot {
    /// The stages as a table for a terminal.
    ///
    /// ```
    /// print!("{}", monitor_runtime::snapshot().summary());
    /// ```
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut rows = Vec::new();
        for stage in &self.stages {
            rows.push(Row::new(stage.stage.clone(), &stage.totals, true));
            for function in &stage.functions {
                let name = format!("  {}", function.function);
                rows.push(Row::new(name, &function.stats, false));
            }
        }
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Summary {
            rows,
            accounts: self
                .stages
                .iter()
                .filter_map(StageSnapshot::records_account)
                .collect(),
            colour: io::stdout().is_terminal() && !no_colour,
        }
    }
}

impl Summary {
    /// The same with colours, or without.
    #[must_use]
    pub fn coloured(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }
}

impl Row {
    fn new(name: String, stats: &CallStats, is_stage: bool) -> Self {
        let has_failed = stats.errors() > 0;
        let was_called = stats.was_called();
        let sign = match (is_stage, was_called, has_failed) {
            (true, true, true) => "✖",
            (true, true, false) => "✔",
            (true, false, _) => "·",
            (false, ..) => "",
        };
        let count = |number: u64| grouped(number);
        let time = |time: Duration| match stats.calls() {
            0 => "–".to_owned(),
            _ => duration::display(text::rounded(time)),
        };
        let rate = stats.records_per_second();
        let cpu = match stats.cpu_time {
            None => "–".to_owned(),
            Some(cpu) if stats.cpu_is_estimate => format!("≈ {}", time(cpu)),
            Some(cpu) => time(cpu),
        };
        Self {
            cells: [
                sign.to_owned(),
                name,
                count(stats.calls()),
                count(stats.records),
                rate.map_or_else(|| "–".to_owned(), |rate| count(rate as u64)),
                time(stats.duration.quantile(0.5)),
                time(stats.duration.quantile(0.95)),
                time(stats.duration.max()),
                cpu,
                count(stats.errors()),
                count(stats.retries),
            ],
            is_stage,
            has_failed,
            was_called,
        }
    }

    fn colours(&self) -> &'static str {
        match (self.is_stage, self.has_failed, self.was_called) {
            (_, true, _) => RED,
            (true, ..) => BOLD,
            (false, _, true) => "",
            (false, _, false) => DIM,
        }
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let head = COLUMNS.map(str::to_owned);
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| &row.cells).chain([&head]);
            let cells = cells.filter_map(|cells| cells.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..COLUMNS.len()).map(width).collect();
        self.line(f, &head, &widths, BOLD)?;
        for row in &self.rows {
            self.line(f, &row.cells, &widths, row.colours())?;
        }
        for account in &self.accounts {
            writeln!(f, "{account}")?;
        }
        Ok(())
    }
}

impl Summary {
    fn line(
        &self,
        f: &mut Formatter<'_>,
        cells: &[String],
        widths: &[usize],
        colours: &str,
    ) -> fmt::Result {
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let space = " ".repeat(width.saturating_sub(cell.chars().count()));
            // Names begin where the others do, numbers end there.
            let (before, after) = if column < 2 {
                ("", &*space)
            } else {
                (&*space, "")
            };
            let gap = if column < 2 { " " } else { "  " };
            line.push_str(if column == 0 { "" } else { gap });
            line.push_str(before);
            line.push_str(cell);
            line.push_str(after);
        }
        let line = line.trim_end();
        if self.colour && !colours.is_empty() {
            writeln!(f, "{colours}{line}{RESET}")
        } else {
            writeln!(f, "{line}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::process::ProcessSnapshot;
    use std::time::SystemTime;

    fn stage(name: &str, ok: u64, error: u64) -> StageSnapshot {
        let totals = CallStats {
            ok,
            error,
            records: ok * 5_228,
            ..CallStats::default()
        };
        StageSnapshot {
            stage: name.to_owned(),
            totals,
            functions: Vec::new(),
            progress: None,
        }
    }

    fn summary() -> Summary {
        let stages = vec![
            stage("NBA-17", 1, 0),
            stage("Ünïcode", 2, 1),
            stage("C", 0, 0),
        ];
        let snapshot = Snapshot {
            taken_at: SystemTime::UNIX_EPOCH,
            stages,
            process: ProcessSnapshot::default(),
        };
        snapshot.summary()
    }

    #[test]
    fn columns_are_aligned_and_a_failed_stage_is_marked() {
        let text = summary().coloured(false).to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("  Stage"), "{text}");
        assert!(lines[1].starts_with("✔ NBA-17 "), "{text}");
        assert!(lines[2].starts_with("✖ Ünïcode "), "{text}");
        assert!(lines[3].starts_with("· C "), "{text}");
        let lengths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
        assert!(lengths.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        assert!(
            text.contains(" 5,228 ") && text.contains(" 10,456 "),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn colours_only_surround_lines() {
        let plain = summary().coloured(false).to_string();
        let mut coloured = summary().coloured(true).to_string();
        assert!(coloured.contains(RED) && coloured.contains(BOLD));
        for code in [BOLD, DIM, RED, RESET] {
            coloured = coloured.replace(code, "");
        }
        assert_eq!(coloured, plain);
    }
}
