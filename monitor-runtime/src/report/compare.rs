//! This run beside the last ones.

use super::chart;
use super::head::short;
use super::html::Html;
use super::page::{end_table, numeric_table};
use super::usual::{Compared, NEEDED};
use super::view::View;
use crate::metrics::grouped::grouped;

/// How many rows the comparison has: those that are flagged come first.
const ROWS: usize = 200;

pub(super) fn write(html: &mut Html, view: &View) {
    html.raw("<h2>This run and earlier ones</h2>");
    if view.past.is_empty() {
        html.raw("<p>No earlier run of this pipeline is on record.</p>");
        return;
    }
    let mut rows: Vec<&Compared> = view.compared.iter().collect();
    rows.sort_by_key(|compared| !compared.is_flagged());
    if !rows.is_empty() {
        numeric_table(
            html,
            "Comparison",
            &[
                "Stage",
                "What",
                "Verdict",
                "This run",
                "Usually",
                "From",
                "To",
                "Earlier runs",
            ],
        );
        for compared in rows.iter().take(ROWS) {
            row(html, compared);
        }
        end_table(html);
    }
    html.raw("<p class=\"note\">The usual range is the median of the last runs that succeeded, up to 20, ± 4 × 1.4826 × their median absolute deviation, and never narrower than 20 % of a time, 5 % of a count of records and one percent point of an error rate. A time counts only if calls take longer, too, and by a hundredth of the time of all stages. It is stated from ")
        .text(NEEDED)
        .raw(" runs on.</p>");
    runs(html, view);
}

fn row(html: &mut Html, compared: &Compared) {
    let shown = |value| compared.measure.shown(value);
    let usual = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), shown);
    html.raw("<tr><th scope=\"row\">")
        .text(&compared.stage)
        .raw("</th>")
        .classed("td", "name", compared.measure.name());
    match (compared.usual, compared.is_above(), compared.is_below()) {
        (None, ..) => html.element("td", format_args!("{} runs: too few", compared.past.len())),
        (_, true, _) if compared.is_worse() => html.classed("td", "warn", "▲ above"),
        (_, _, true) if compared.is_worse() => html.classed("td", "warn", "▼ below"),
        (_, true, _) => html.element("td", "▲ above"),
        (_, _, true) => html.element("td", "▼ below"),
        _ => html.element("td", "✔ usual"),
    };
    html.element("td", shown(compared.now))
        .element("td", usual(compared.usual.map(|usual| usual.median)))
        .element("td", usual(compared.usual.map(|usual| usual.from)))
        .element("td", usual(compared.usual.map(|usual| usual.to)))
        .raw("<td>");
    spark(html, compared);
    html.raw("</td></tr>\n");
}

/// The number of the last runs, the latest at the right, and that of this one.
fn spark(html: &mut Html, compared: &Compared) {
    let all = || compared.past.iter().chain([&compared.now]);
    let most = all().copied().fold(0.0, f64::max);
    let width = 100.0 / all().count() as f64;
    html.raw(
        "<svg class=\"spark\" role=\"img\" viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\"",
    )
    .attribute(
        "aria-label",
        format_args!(
            "{} of the last {} runs and this one",
            compared.measure.name(),
            compared.past.len()
        ),
    )
    .raw(">");
    for (index, value) in all().enumerate() {
        let height = if most > 0.0 { value / most * 19.0 } else { 0.0 };
        let is_this = index == compared.past.len();
        html.raw(if is_this {
            "<rect class=\"this\" x=\""
        } else {
            "<rect class=\"past\" x=\""
        })
        .number(index as f64 * width)
        .raw("\" y=\"")
        .number(20.0 - height.max(1.0))
        .raw("\" width=\"")
        .number(width * 0.8)
        .raw("\" height=\"")
        .number(height.max(1.0))
        .raw("\"/>");
    }
    html.raw("</svg>");
}

fn runs(html: &mut Html, view: &View) {
    html.raw("<h3>The last runs</h3>");
    numeric_table(
        html,
        "Runs",
        &["Started", "Outcome", "Duration", "Records", "Errors"],
    );
    for run in &view.past {
        let (icon, class) = if run.is_good() {
            ("✔", "good")
        } else {
            ("✖", "bad")
        };
        let records = run.stages.iter().map(|stage| stage.records).max();
        let errors: u64 = run.stages.iter().map(|stage| stage.errors).sum();
        html.raw("<tr>")
            .element("td", short(&run.started_at))
            .raw("<td class=\"name\">")
            .classed("span", class, format_args!("{icon} {}", run.outcome))
            .raw("</td>")
            .element("td", chart::seconds(run.duration))
            .element("td", grouped(records.unwrap_or(0)))
            .element("td", grouped(errors))
            .raw("</tr>\n");
    }
    end_table(html);
}
