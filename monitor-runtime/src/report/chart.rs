//! Lines as SVG, stretched to whatever width there is: so there is no text in it,
//! and what a chart says stands around it.

use std::time::Duration;

use monitor_config::duration;

use super::html::Html;
use crate::course::series::Sample;
use crate::text::rounded;

pub(super) const WIDTH: f64 = 1000.0;
pub(super) const HEIGHT: f64 = 200.0;

/// One line of a chart: a value at each of the moments, or a gap.
pub(super) struct Line {
    pub(super) name: &'static str,
    /// How it is drawn: a class of the style.
    pub(super) class: &'static str,
    /// Whether a value is that of the time since the moment before, and not of its moment.
    pub(super) is_of_stretch: bool,
    pub(super) values: Vec<Option<f64>>,
}

/// A chart of `lines` over `moments`, in seconds. Its data stands in a table elsewhere, which
/// the caller writes.
pub(super) fn lines(
    html: &mut Html,
    title: &str,
    moments: &[f64],
    lines: &[Line],
    shown: impl Fn(f64) -> String,
) {
    let values = lines.iter().flat_map(|line| line.values.iter().flatten());
    let most = values.fold(0.0_f64, |most, value| most.max(*value));
    let end = moments.last().copied().unwrap_or(0.0);
    html.raw("<figure><figcaption><b>").text(title).raw("</b>");
    for line in lines {
        let last = line.values.iter().rev().flatten().next();
        html.raw("<span class=\"key ")
            .raw(line.class)
            .raw("\">")
            .text(line.name);
        if let Some(last) = last {
            html.raw(" ").text(shown(*last));
        }
        html.raw("</span>");
    }
    html.raw("</figcaption><div class=\"plot\"><span class=\"most\">")
        .text(shown(most))
        .raw("</span>");
    open(html, HEIGHT);
    html.attribute(
        "aria-label",
        format_args!("{title}, at most {}", shown(most)),
    )
    .raw("><path class=\"grid\" d=\"M0 0H1000M0 100H1000M0 200H1000\"/>");
    for line in lines {
        html.raw("<path class=\"").raw(line.class).raw("\" d=\"");
        // Where nothing happened there is nothing to show: the line goes on to what comes next.
        let known = line.values.iter().zip(moments);
        let known: Vec<(f64, f64)> = known
            .filter_map(|(value, moment)| Some((*moment, (*value)?)))
            .collect();
        let place = |moment: f64| if end > 0.0 { moment / end * WIDTH } else { 0.0 };
        for (index, (moment, value)) in known.iter().enumerate() {
            let x = place(*moment);
            let y = if most > 0.0 {
                HEIGHT - value / most * HEIGHT
            } else {
                HEIGHT
            };
            if line.is_of_stretch {
                if index == 0 {
                    let before = moments.iter().rev().find(|before| *before < moment);
                    let before = before.copied().unwrap_or(0.0);
                    html.raw("M").number(place(before)).raw(" ").number(y);
                } else {
                    html.raw("V").number(y);
                }
                html.raw("H").number(x);
                continue;
            }
            html.raw(if index == 0 { "M" } else { "L" })
                .number(x)
                .raw(" ")
                .number(y);
            if known.len() == 1 {
                // A lone value is a dash.
                html.raw("m-8 0h16");
            }
        }
        html.raw("\"/>");
    }
    html.raw("</svg><span class=\"from\">0 s</span><span class=\"to\">")
        .text(seconds(end))
        .raw("</span></div></figure>");
}

/// The beginning of a drawing that is as high as said.
pub(super) fn open(html: &mut Html, height: f64) {
    html.raw("<svg role=\"img\" viewBox=\"0 0 1000 ")
        .number(height)
        .raw("\" preserveAspectRatio=\"none\"");
}

/// A duration for an axis.
pub(super) fn seconds(seconds: f64) -> String {
    let time = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or_default();
    duration::display(rounded(time)).to_string()
}

/// p95 of a stage over time, small; nothing where there is no time to speak of.
pub(super) fn spark(html: &mut Html, samples: &[Sample]) {
    let with_calls: Vec<&Sample> = samples.iter().filter(|sample| sample.calls > 0).collect();
    if with_calls.len() < 2 {
        html.raw("–");
        return;
    }
    // A pixel has no use for more.
    let step = with_calls.len().div_ceil(60);
    let p95 = |sample: &&Sample| sample.duration.quantile(0.95).as_secs_f64();
    let values: Vec<f64> = with_calls
        .chunks(step)
        .map(|chunk| chunk.iter().map(p95).fold(0.0, f64::max))
        .collect();
    let most = values.iter().copied().fold(0.0, f64::max);
    let last = values.len().saturating_sub(1).max(1) as f64;
    html.raw(
        "<svg class=\"spark\" role=\"img\" viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\"",
    )
    .attribute(
        "aria-label",
        format_args!("p95 over time, at most {}", seconds(most)),
    )
    .raw("><path class=\"p95\" d=\"");
    for (index, value) in values.iter().enumerate() {
        let y = if most > 0.0 {
            19.0 - value / most * 18.0
        } else {
            19.0
        };
        html.raw(if index == 0 { "M" } else { "L" })
            .number(index as f64 / last * 100.0)
            .raw(" ")
            .number(y);
    }
    html.raw("\"/></svg>");
}

/// The data of a chart, which its reader unfolds. It is of what `name` says.
pub(super) fn data<T>(
    html: &mut Html,
    name: &str,
    columns: &[&'static str],
    rows: impl Iterator<Item = T>,
    cells: impl Fn(T) -> Vec<String>,
) {
    html.raw("<details class=\"data\">")
        .element("summary", format_args!("Data: {name}"));
    super::page::numeric_table(html, format_args!("Data: {name}"), columns);
    for row in rows {
        html.raw("<tr>");
        for cell in cells(row) {
            html.element("td", cell as String);
        }
        html.raw("</tr>");
    }
    super::page::end_table(html);
    html.raw("</details>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on_over_a_gap_and_a_lone_value_is_a_dash() {
        let mut html = Html::default();
        let line = Line {
            name: "p50",
            class: "p50",
            is_of_stretch: false,
            values: vec![Some(1.0), None, Some(2.0), Some(0.0)],
        };
        lines(&mut html, "<T>", &[1.0, 2.0, 3.0, 4.0], &[line], |value| {
            format!("{value}")
        });
        let html = html.finish();
        assert!(html.contains("d=\"M250 100L750 0L1000 200\""), "{html}");
        let mut lone = Html::default();
        let line = Line {
            name: "p50",
            class: "p50",
            is_of_stretch: false,
            values: vec![None, Some(1.0)],
        };
        lines(&mut lone, "T", &[1.0, 2.0], &[line], |value| {
            value.to_string()
        });
        assert!(lone.finish().contains("M1000 0m-8 0h16"));
        let mut steps = Html::default();
        let line = Line {
            name: "p50",
            class: "p50",
            is_of_stretch: true,
            values: vec![None, Some(1.0), Some(2.0)],
        };
        lines(&mut steps, "T", &[1.0, 2.0, 4.0], &[line], |value| {
            value.to_string()
        });
        assert!(steps.finish().contains("d=\"M250 100H500V0H1000\""));
        assert!(html.contains("&lt;T&gt;") && !html.contains("NaN"));
    }
}
