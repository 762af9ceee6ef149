//! What helps to act on an alert.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};

use crate::attached::Attached;
use crate::core::Core;
use crate::fields::seconds;
use crate::logs::timestamp::Timestamp;
use crate::opening::Fields;
use crate::site::Site;

/// What the successful calls of a function were like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Usual {
    /// The median of their times.
    pub(crate) duration: Option<Duration>,
    /// The average of their records.
    pub(crate) records: Option<u64>,
    pub(crate) last_success: Option<SystemTime>,
}

impl Usual {
    fn or(self, earlier: Self) -> Self {
        Self {
            duration: self.duration.or(earlier.duration),
            records: self.records.or(earlier.records),
            last_success: self.last_success.or(earlier.last_success),
        }
    }
}

/// The details of one alert. What is put first stays.
pub(crate) struct Details(Map<String, Value>);

impl Details {
    /// Begins with what the user named: their host is not ours.
    pub(crate) fn of(fields: &Fields) -> Self {
        let fields = fields.iter();
        Self(
            fields
                .map(|(name, value)| ((*name).to_owned(), value.to_json()))
                .collect(),
        )
    }

    pub(crate) fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.entry(key).or_insert_with(|| value.into());
    }

    fn put_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    pub(crate) fn into_json(self) -> Value {
        Value::Object(self.0)
    }
}

impl Attached {
    /// What is known of a stage, and of `site` where it is about a function.
    pub(crate) fn complete(
        &self,
        mut details: Details,
        core: &Core,
        stage: &str,
        site: Option<&'static Site>,
    ) -> Value {
        details.put("stage", stage);
        details.put_some("function", site.map(|site| site.declaration().function));
        let now = site.map(|site| site.stats_in(core).usual());
        let earlier = self.runs.usual(stage);
        let usual = now.unwrap_or_default().or(earlier);
        let last_success = usual.last_success.map(Timestamp::of);
        details.put_some("last_success", last_success.map(|at| at.to_string()));
        details.put_some("usual_duration", usual.duration.map(seconds));
        details.put_some("usual_records", usual.records);
        if let Some(stage) = self.stages.get(stage) {
            details.put_some("owner", stage.owner.as_deref());
            details.put_some("runbook", stage.runbook.as_deref());
        }
        let run = self.run.id_text();
        details.put_some("command", self.command(&run, stage));
        details.put("run_id", run);
        details.put("host", self.run.host.as_str());
        details.into_json()
    }

    /// The command that shows the lines of a stage in this run.
    fn command(&self, run: &str, stage: &str) -> Option<String> {
        let path = self.paths.log();
        if path.as_os_str().is_empty() {
            return None;
        }
        // Neither an id of a run nor one of a stage has a character that a shell or jq reads
        // as another.
        let filter = format!(
            "select(.run_id=={} and .stage=={})",
            json!(run),
            json!(stage)
        );
        let path = path.display().to_string();
        Some(format!("jq -c {} {}", quoted(&filter), quoted(&path)))
    }
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_each_word_as_it_is() {
        for word in [
            "/var/log/pipeline.json",
            "",
            "a b",
            "it's",
            "$(rm -rf x)",
            "`x`",
            "a\"b",
            "'",
            "-n",
            "ü",
        ] {
            let script = format!("printf %s {}", quoted(word));
            let output = std::process::Command::new("sh")
                .args(["-c", &script])
                .output();
            let Ok(output) = output else { return };
            assert_eq!(String::from_utf8_lossy(&output.stdout), word, "{script}");
        }
    }

    #[test]
    fn what_is_put_first_stays() {
        let mut details = Details(Map::new());
        details.put("host", "theirs");
        details.put("host", "ours");
        assert_eq!(details.into_json(), json!({"host": "theirs"}));
    }
}
