//! Which run it is, and how it went.

use std::fmt::Display;

use monitor_config::duration;

use super::html::Html;
use super::view::{State, View};
use crate::logs::timestamp::Timestamp;
use crate::metrics::grouped::grouped;
use crate::text::rounded;

/// A long one is scrolled, by keys too.
const CAUSE: &str = "<p class=\"cause\" tabindex=\"0\" role=\"group\" aria-label=\"Cause\">";

pub(super) fn write(html: &mut Html, view: &View) {
    let (icon, word, class) = view.signs();
    let identity = &view.identity;
    html.raw("<div class=\"banner ").raw(class).raw("\">");
    html.raw("<h1><span aria-hidden=\"true\">")
        .text(icon)
        .raw("</span> ")
        .text(format_args!("{} {word}", identity.name))
        .raw("</h1>");
    match &view.state {
        State::Failed(text) | State::Panicked(text) => {
            html.raw(CAUSE).text(&text.error);
            for cause in &text.chain {
                html.text(": ").text(cause);
            }
            html.raw("</p>");
        }
        State::Died(sentence) => {
            html.raw(CAUSE).text(sentence).raw("</p>");
        }
        State::Running | State::Ok => {}
    }
    html.raw("</div><dl class=\"key\">");
    let stages = || view.snapshot.stages.iter().map(|stage| &stage.totals);
    fact(html, "Duration", duration::display(rounded(view.duration)));
    let records = stages().map(|stats| stats.records).max().unwrap_or(0);
    fact(html, "Most records in a stage", grouped(records));
    fact(html, "Failed calls", grouped(view.failed_calls()));
    fact(
        html,
        "Retries",
        grouped(stages().map(|stats| stats.retries).sum()),
    );
    let alerts = view.alerts.iter().filter(|alert| !alert.is_over);
    fact(html, "Alerts", alerts.count());
    html.raw("</dl><dl>");
    fact(html, "Started", short(&identity.started_at));
    if !matches!(view.state, State::Ok) {
        let taken_at = Timestamp::of(view.snapshot.taken_at).to_string();
        fact(html, "Numbers of", short(&taken_at));
    }
    fact(html, "Host", &identity.host);
    fact(html, "Process", identity.pid);
    if let Some(version) = &identity.version {
        fact(html, "Version", version);
    }
    html.raw("<div><dt>Run</dt><dd><code>")
        .text(&identity.run)
        .raw("</code></dd></div></dl>");
}

/// A time to the second, as people write it.
pub(super) fn short(time: &str) -> String {
    match time.get(..19) {
        Some(second) => format!("{} UTC", second.replace('T', " ")),
        None => time.to_owned(),
    }
}

/// The same, of which a narrow screen shows the time of day alone.
pub(super) fn moment(html: &mut Html, time: &str) {
    let text = short(time);
    match text.split_once(' ') {
        Some((date, clock)) => html
            .classed("span", "date", format_args!("{date} "))
            .text(clock),
        None => html.text(text),
    };
}

pub(super) fn fact(html: &mut Html, name: &'static str, value: impl Display) {
    html.raw("<div>")
        .element("dt", name)
        .element("dd", value)
        .raw("</div>");
}
