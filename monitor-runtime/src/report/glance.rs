//! What failed, what is slow, what is unusual: the first that a reader sees.

use monitor_config::duration;

use super::detail::drawn;
use super::findings::{Finding, Findings, is_usual_known};
use super::html::Html;
use super::view::View;
use crate::metrics::snapshot::StageSnapshot;
use crate::text::rounded;

/// How many findings of each kind are told.
const TOLD: usize = 8;

/// A share of the time above which a stage is where time goes.
const LARGE_SHARE: f64 = 0.5;

pub(super) fn write(html: &mut Html, view: &View) {
    let Findings {
        failed,
        slow,
        unusual,
        inside,
    } = Findings::of(view);
    let mut stages = view.snapshot.stages.iter();
    let unknown = if !is_usual_known(view) {
        Some("Not known: too few earlier runs")
    } else if !stages.any(|stage| stage.totals.calls() > 0) {
        Some("Not known: no call has ended yet")
    } else {
        None
    };
    let drawn = drawn(view);
    html.raw("<h2>At a glance</h2><div class=\"glance\">");
    let bad = ("✖", "failed", "bad");
    group(
        html,
        &drawn,
        "What failed",
        bad,
        Ok("Nothing failed"),
        &failed,
    );
    let nothing = unknown.map_or(Ok("Nothing is slower than usual"), Err);
    group(
        html,
        &drawn,
        "What is slow",
        ("▲", "slow", "warn"),
        nothing,
        &slow,
    );
    let nothing = unknown.map_or(Ok("Nothing is unusual"), Err);
    let sign = ("◆", "unusual", "warn");
    group(html, &drawn, "What is unusual", sign, nothing, &unusual);
    html.raw("</div>");
    for note in inside.into_iter().chain(share(view)) {
        html.classed("p", "note", note);
    }
}

/// One card; `nothing` is what it says without a finding, an error where that is not known.
fn group(
    html: &mut Html,
    drawn: &[&StageSnapshot],
    title: &'static str,
    (icon, word, class): (&'static str, &'static str, &'static str),
    nothing: Result<&'static str, &'static str>,
    found: &[Finding],
) {
    html.raw("<div class=\"card ")
        .raw(match (found.is_empty(), nothing) {
            (true, Ok(_)) => "good",
            (true, Err(_)) => "none",
            _ => class,
        })
        .raw("\">")
        .element("h3", title);
    if found.is_empty() {
        let (sign, text) = match nothing {
            Ok(text) => ("✔", text),
            Err(text) => ("·", text),
        };
        html.raw("<p><span aria-hidden=\"true\">")
            .raw(sign)
            .raw("</span> ")
            .text(text)
            .raw("</p></div>");
        return;
    }
    html.raw("<ul>");
    for finding in found.iter().take(TOLD) {
        html.raw("<li><span class=\"sign ")
            .raw(class)
            .raw("\"><span aria-hidden=\"true\">")
            .raw(icon)
            .raw("</span> ")
            .raw(word)
            .raw("</span> ");
        stage(html, drawn, &finding.stage);
        html.text(&finding.what).raw("</li>");
    }
    if found.len() > TOLD {
        html.element("li", format_args!("and {} more", found.len() - TOLD));
    }
    html.raw("</ul></div>");
}

/// The way to its details, where it has some.
fn stage(html: &mut Html, drawn: &[&StageSnapshot], stage: &str) {
    if stage.is_empty() {
        return;
    }
    match drawn.iter().position(|drawn| drawn.stage == stage) {
        Some(place) => html
            .raw("<a")
            .attribute("href", format_args!("#stage-{place}"))
            .raw("><b>")
            .text(stage)
            .raw("</b></a>: "),
        None => html.element("b", stage).raw(": "),
    };
}

/// Where the time went, which is worth knowing without a comparison, too.
fn share(view: &View) -> Option<String> {
    let stages = || view.snapshot.stages.iter();
    let time = |stage: &StageSnapshot| stage.totals.duration.total();
    let all: f64 = stages().map(|stage| time(stage).as_secs_f64()).sum();
    let longest = stages().max_by_key(|stage| time(stage))?;
    let share = time(longest).as_secs_f64() / all;
    let waited = longest.totals.retry_wait;
    (stages().count() > 1 && share >= LARGE_SHARE).then(|| {
        // Of functions that wait beside each other, the sum says nothing.
        let waited = if waited.is_zero() || waited > time(longest) {
            String::new()
        } else {
            format!(
                "; its retries waited {} in all",
                duration::display(rounded(waited))
            )
        };
        format!(
            "{} took {:.0} % of the stages' time: {}{waited}.",
            longest.stage,
            share * 100.0,
            duration::display(rounded(time(longest))),
        )
    })
}
