//! The calls over time, each below the one that it was made in: a timeline, and the tree of
//! stages and functions in one.

use std::time::Duration;

use monitor_config::duration;

use super::html::Html;
use super::page::{end_table, numeric_table};
use super::view::View;
use crate::course::spans::{Lane, Mark, Span};
use crate::metrics::grouped::grouped;
use crate::text::rounded;

pub(super) fn write(html: &mut Html, view: &View) {
    html.raw("<h2>Timeline</h2>");
    if view.spans.is_empty() {
        html.raw("<p>No call that has lines in the log was made.</p>");
        return;
    }
    let lanes = view.spans.in_order(view.duration);
    let end = view.duration.as_secs_f64();
    html.raw("<p class=\"legend\"><span class=\"key done\">call</span><span class=\"key failed\">✖ failed</span><span class=\"key wait\">waiting to retry</span><span class=\"key cancelled\">cancelled</span><span class=\"key running\">▶ running</span></p>");
    html.raw("<ol class=\"lanes\">");
    for (lane, spans) in &lanes {
        row(html, lane, spans, end);
    }
    html.raw("<li class=\"axis\"><span></span><span class=\"ends\"><span>0 s</span><span>")
        .text(time(view.duration / 2))
        .raw("</span><span>")
        .text(time(view.duration))
        .raw("</span></span></li></ol>");
    let drawn: usize = lanes.iter().map(|(_, spans)| spans.len()).sum();
    let calls: u64 = lanes.iter().map(|(lane, _)| lane.calls).sum();
    if calls > drawn as u64 {
        let note = format!(
            "Drawn are {} of {} calls: those that failed, waited or took longest. The numbers are of all.",
            grouped(drawn as u64),
            grouped(calls)
        );
        html.classed("p", "note", note);
    }
    table(html, &lanes);
}

fn time(time: Duration) -> String {
    duration::display(rounded(time)).to_string()
}

fn row(html: &mut Html, lane: &Lane, spans: &[Span], end: f64) {
    const DEPTHS: [&str; 5] = ["d0", "d1", "d2", "d3", "d4"];
    html.raw("<li><span class=\"lane ")
        .raw(DEPTHS[lane.depth.min(DEPTHS.len() - 1)])
        .raw("\">");
    html.element("b", &lane.place.stage)
        .raw(" <code>")
        .text(&lane.place.function)
        .raw("</code> <small>");
    if lane.calls != 1 {
        html.text(grouped(lane.calls)).raw(" calls, ");
    }
    html.text(time(lane.total));
    if lane.failed > 0 {
        html.raw(" <span class=\"bad\">✖ ")
            .text(grouped(lane.failed))
            .raw(" failed</span>");
    }
    if lane.retries > 0 {
        html.raw(" <span class=\"warn\">↻ ")
            .text(grouped(lane.retries))
            .raw(if lane.retries == 1 {
                " retry"
            } else {
                " retries"
            })
            .raw("</span>");
    }
    html.raw("</small></span><svg class=\"track\" role=\"img\" viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\"")
        .attribute(
            "aria-label",
            format_args!("calls of {} over time", lane.place.function),
        )
        .raw("><path class=\"grid\" d=\"M0 0V20M500 0V20M1000 0V20\"/>");
    for span in spans {
        let class = match span.mark {
            Mark::Ok => "done",
            Mark::Failed => "failed",
            Mark::Cancelled => "cancelled",
            Mark::Running => "running",
        };
        rect(html, class, (span.start, span.length), end, (3.0, 14.0));
        html.raw("><title>")
            .text(format_args!(
                "{} {class}: from {} on, {}",
                lane.place.function,
                time(span.start),
                time(span.length)
            ))
            .raw("</title></rect>");
        for (at, wait) in &span.waits {
            // What was cut short ends with its call.
            let left = (span.start + span.length).saturating_sub(*at);
            rect(html, "wait", (*at, (*wait).min(left)), end, (7.0, 6.0));
            html.raw("/>");
        }
    }
    html.raw("</svg></li>");
}

/// The beginning of a rectangle. Even the shortest call is seen.
fn rect(
    html: &mut Html,
    class: &'static str,
    (start, length): (Duration, Duration),
    end: f64,
    (y, height): (f64, f64),
) {
    let place = |time: Duration| {
        if end > 0.0 {
            time.as_secs_f64() / end * 1000.0
        } else {
            0.0
        }
    };
    html.raw("<rect class=\"")
        .raw(class)
        .raw("\" x=\"")
        .number(place(start).min(998.0))
        .raw("\" y=\"")
        .number(y)
        .raw("\" width=\"")
        .number(place(length).max(2.0))
        .raw("\" height=\"")
        .number(height)
        .raw("\"");
}

fn table(html: &mut Html, lanes: &[(&Lane, Vec<Span>)]) {
    html.raw("<details class=\"data\"><summary>Data</summary>");
    let columns = [
        "Stage and function",
        "Depth",
        "Calls",
        "Failed",
        "Retries",
        "Waited",
        "Time",
        "First drawn from",
        "Last drawn to",
    ];
    numeric_table(html, "Timeline", &columns);
    for (lane, spans) in lanes {
        let first = spans.iter().map(|span| span.start).min();
        let last = spans.iter().map(|span| span.start + span.length).max();
        let moment = |at: Option<Duration>| at.map_or_else(|| "–".to_owned(), time);
        html.raw("<tr>")
            .element(
                "td",
                format_args!("{} {}", lane.place.stage, lane.place.function),
            )
            .element("td", lane.depth)
            .element("td", grouped(lane.calls))
            .element("td", grouped(lane.failed))
            .element("td", grouped(lane.retries))
            .element("td", time(lane.waited))
            .element("td", time(lane.total))
            .element("td", moment(first))
            .element("td", moment(last))
            .raw("</tr>");
    }
    end_table(html);
    html.raw("</details>");
}
