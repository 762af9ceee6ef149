//! Errors, alerts and the end of the log.

use monitor_config::Severity;

use super::findings::is_fine;
use super::head::moment;
use super::html::Html;
use super::page::{end_table, table};
use super::tail::TailLine;
use super::view::View;

pub(super) fn errors(html: &mut Html, view: &View) {
    html.raw("<h2>Last errors</h2>");
    if view.errors.is_empty() {
        html.raw("<p>None.</p>");
        return;
    }
    table(html, "Errors", &["Time", "Stage", "Event", "Error"]);
    for entry in &view.errors {
        html.raw("<tr><td>");
        moment(html, &entry.time.to_string());
        html.raw("</td><td>")
            .text(entry.stage.as_deref().unwrap_or("–"));
        if let Some(function) = &entry.function {
            html.raw("<br><code>").text(function).raw("</code>");
        }
        html.raw("</td>")
            .element("td", &entry.event_type)
            .raw("<td class=\"text\">")
            .text(&entry.text.error);
        for cause in &entry.text.chain {
            html.raw("<br><small>caused by: ")
                .text(cause)
                .raw("</small>");
        }
        html.raw("</td></tr>\n");
    }
    end_table(html);
}

pub(super) fn alerts(html: &mut Html, view: &View) {
    html.raw("<h2>Alerts</h2>");
    if view.alerts.is_empty() {
        html.raw("<p>None.</p>");
        return;
    }
    table(html, "Alerts", &["Time", "Severity", "Message", "Delivery"]);
    for entry in &view.alerts {
        let (icon, class) = match entry.severity {
            _ if entry.is_over => ("✔", "good"),
            Severity::Critical => ("✖", "bad"),
            Severity::Warning => ("▲", "warn"),
            _ => ("●", "plain"),
        };
        html.raw("<tr><td>");
        moment(html, &entry.time.to_string());
        html.raw("</td>")
            .classed(
                "td",
                class,
                format_args!(
                    "{icon} {}",
                    if entry.is_over {
                        "over"
                    } else {
                        entry.severity.as_str()
                    }
                ),
            )
            .raw("<td class=\"text\">")
            .text(&entry.message)
            .raw("<br><small>")
            .text(&entry.id)
            .raw("</small></td><td class=\"text\">");
        if entry.deliveries.is_empty() {
            html.raw(if view.state.is_over() {
                "log only"
            } else {
                "in the log, nothing delivered yet"
            });
        }
        for (index, (channel, how)) in entry.deliveries.iter().enumerate() {
            html.raw(if index > 0 { "<br>" } else { "" });
            html.raw(if is_fine(how) { "✔ " } else { "✖ " });
            html.text(channel).raw(": ").text(how);
        }
        html.raw("</td></tr>\n");
    }
    end_table(html);
}

/// How many stages the log can be filtered by. The style has a rule for each.
const STAGES: usize = 12;
const CLASSES: [&str; STAGES] = [
    "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11",
];

/// Without a script: the style hides what a chosen radio button does not ask for.
pub(super) fn log(html: &mut Html, view: &View) {
    html.raw("<h2>End of the log</h2>");
    if view.lines.is_empty() {
        html.raw("<p>No line of this run is in the log.</p>");
        return;
    }
    let stages = chosen(&view.lines);
    html.raw("<fieldset class=\"filter\"><legend>Level</legend>");
    for (id, name) in [
        ("all", "all"),
        ("warning", "▲ WARNING and above"),
        ("error", "✖ ERROR and above"),
    ] {
        radio(html, "level", ("level", id), id == "all", name);
    }
    html.raw("</fieldset><fieldset class=\"filter\"><legend>Stage</legend>");
    radio(html, "stage", ("stage", "all"), true, "all");
    for (class, stage) in CLASSES.iter().zip(&stages) {
        radio(html, "stage", ("stage", class), false, stage);
    }
    html.raw("</fieldset><div class=\"scroll lines\" tabindex=\"0\" role=\"region\" aria-label=\"Log\"><ol>");
    for line in &view.lines {
        let place = line
            .stage
            .as_deref()
            .and_then(|stage| stages.binary_search(&stage).ok());
        item(html, line, place.and_then(|place| CLASSES.get(place)));
    }
    html.raw("</ol></div>");
}

/// The stages to choose from, in alphabetical order: those with errors and warnings before
/// others.
fn chosen(lines: &[TailLine]) -> Vec<&str> {
    let mut stages: Vec<&str> = Vec::new();
    for level in ["error", "warning", "info"] {
        for line in lines.iter().filter(|line| signs(line).1 == level) {
            if let Some(stage) = line.stage.as_deref()
                && stages.len() < STAGES
                && !stages.contains(&stage)
            {
                stages.push(stage);
            }
        }
    }
    stages.sort_unstable();
    stages
}

fn radio(
    html: &mut Html,
    group: &'static str,
    (kind, id): (&'static str, &str),
    on: bool,
    name: &str,
) {
    html.raw("<label><input type=\"radio\"")
        .attribute("name", group)
        .attribute("id", format_args!("{kind}-{id}"))
        .raw(if on { " checked>" } else { ">" })
        .text(name)
        .raw("</label>");
}

/// Icon and class.
fn signs(line: &TailLine) -> (&'static str, &'static str) {
    match &*line.level {
        "ERROR" | "CRITICAL" => ("✖", "error"),
        "WARNING" => ("▲", "warning"),
        _ => ("", "info"),
    }
}

fn item(html: &mut Html, line: &TailLine, stage: Option<&&'static str>) {
    let (icon, level) = signs(line);
    html.raw("<li class=\"").raw(level);
    if let Some(stage) = stage {
        html.raw(" ").raw(stage);
    }
    html.raw("\"><time>")
        .text(line.time.get(11..23).unwrap_or(&line.time))
        .raw("</time> <b>")
        .text(icon)
        .raw(if icon.is_empty() { "" } else { " " })
        .text(&line.level)
        .raw("</b> ");
    if let Some(stage) = &line.stage {
        html.text(stage).raw(" ");
    }
    html.raw("<i>")
        .text(&line.event_type)
        .raw("</i> ")
        .text(line.said());
    if let Some(text) = &line.error {
        for cause in &text.chain {
            html.raw(" <small>caused by: ").text(cause).raw("</small>");
        }
    }
    html.raw("</li>\n");
}
