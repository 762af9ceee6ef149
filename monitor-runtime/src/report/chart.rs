//! Lines and bars as SVG, stretched to whatever width there is: so there is no text in it,
//! and what a chart says stands around it.

use std::time::Duration;

use monitor_config::duration;

use super::html::Html;
use crate::course::series::Sample;
use crate::metrics::histogram::HistogramSnapshot;
use crate::text::rounded;

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 200.0;

/// One line of a chart: a value at each of the moments, or a gap.
pub(super) struct Line {
    pub(super) name: &'static str,
    /// How it is drawn: a class of the style.
    pub(super) class: &'static str,
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
        for (index, (moment, value)) in known.iter().enumerate() {
            let x = if end > 0.0 { moment / end * WIDTH } else { 0.0 };
            let y = if most > 0.0 {
                HEIGHT - value / most * HEIGHT
            } else {
                HEIGHT
            };
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

fn open(html: &mut Html, height: f64) {
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

/// How many bars a histogram has at most.
const BARS: usize = 36;
const FEWEST: usize = 12;

/// A bar of a histogram.
struct Bar {
    from: f64,
    to: f64,
    count: u64,
}

/// How long calls took, in bars of equal ratio, and the same as a table.
pub(super) fn histogram(html: &mut Html, stage: &str, durations: &HistogramSnapshot) {
    let bars = bars(durations);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        return;
    };
    html.raw("<figure><figcaption><b>How long calls took</b><span class=\"key\">logarithmic</span></figcaption><div class=\"plot\"><span class=\"most\">")
        .text(calls(most))
        .raw("</span>");
    open(html, HEIGHT);
    html.attribute("aria-label", format_args!("How long calls of {stage} took"))
        .raw("><path class=\"grid\" d=\"M0 0H1000M0 100H1000M0 200H1000\"/>");
    let width = WIDTH / bars.len() as f64;
    for (index, bar) in bars.iter().enumerate().filter(|(_, bar)| bar.count > 0) {
        // Even one call of a million is seen.
        let height = (bar.count as f64 / most as f64 * HEIGHT).max(3.0);
        html.raw("<rect class=\"bar\" x=\"")
            .number(index as f64 * width)
            .raw("\" y=\"")
            .number(HEIGHT - height)
            .raw("\" width=\"")
            .number(width * 0.92)
            .raw("\" height=\"")
            .number(height)
            .raw("\"><title>")
            .text(format_args!(
                "{} to {}: {}",
                seconds(bar.from),
                seconds(bar.to),
                calls(bar.count)
            ))
            .raw("</title></rect>");
    }
    html.raw("</svg><span class=\"from\">")
        .text(seconds(first.from))
        .raw("</span><span class=\"to\">")
        .text(seconds(last.to))
        .raw("</span></div>");
    data(
        html,
        &["From", "To", "Calls"],
        bars.iter().filter(|bar| bar.count > 0),
        |bar| vec![seconds(bar.from), seconds(bar.to), bar.count.to_string()],
    );
    html.raw("</figure>");
}

fn calls(count: u64) -> String {
    match count {
        1 => "1 call".to_owned(),
        count => format!("{} calls", crate::metrics::grouped::grouped(count)),
    }
}

fn bars(durations: &HistogramSnapshot) -> Vec<Bar> {
    let buckets: Vec<(f64, u64)> = durations
        .buckets()
        .map(|(middle, count)| (middle.as_secs_f64().max(1e-9), count))
        .collect();
    let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else {
        return Vec::new();
    };
    // Half a bucket to each side: what the middle of one stands for.
    let (from, to) = ((first.0 / 1.016).ln(), (last.0 * 1.016).ln());
    // Few durations are a few narrow bars and not a wall.
    let spare = (FEWEST as f64 * 0.032 - (to - from)).max(0.0) / 2.0;
    let (from, to) = (from - spare, to + spare);
    let number = (((to - from) / 0.032).ceil() as usize).clamp(FEWEST, BARS);
    let edge = |index: usize| (from + (to - from) * index as f64 / number as f64).exp();
    let mut bars: Vec<Bar> = (0..number)
        .map(|index| Bar {
            from: edge(index),
            to: edge(index + 1),
            count: 0,
        })
        .collect();
    for (middle, count) in buckets {
        let place = (middle.ln() - from) / (to - from) * number as f64;
        let index = (place.max(0.0) as usize).min(number - 1);
        bars[index].count += count;
    }
    bars
}

/// The data of a chart, which its reader unfolds.
pub(super) fn data<T>(
    html: &mut Html,
    columns: &[&'static str],
    rows: impl Iterator<Item = T>,
    cells: impl Fn(T) -> Vec<String>,
) {
    html.raw("<details class=\"data\"><summary>Data</summary>");
    super::page::numeric_table(html, "Data", columns);
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
    fn the_bars_hold_all_calls() {
        let durations = (0..2_000_u64).map(|n| (Duration::from_nanos(n * n * 977 + 40), n % 5 + 1));
        let histogram = HistogramSnapshot::of(durations);
        let all = bars(&histogram);
        assert_eq!(
            all.iter().map(|bar| bar.count).sum::<u64>(),
            histogram.count()
        );
        assert!(all.len() <= BARS && all.windows(2).all(|two| two[0].to == two[1].from));
        let one = bars(&HistogramSnapshot::of([(Duration::ZERO, 3)]));
        assert_eq!(one.iter().map(|bar| bar.count).sum::<u64>(), 3);
        assert!(bars(&HistogramSnapshot::default()).is_empty());
    }

    #[test]
    fn a_line_goes_on_over_a_gap_and_a_lone_value_is_a_dash() {
        let mut html = Html::default();
        let line = Line {
            name: "p50",
            class: "p50",
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
            values: vec![None, Some(1.0)],
        };
        lines(&mut lone, "T", &[1.0, 2.0], &[line], |value| {
            value.to_string()
        });
        assert!(lone.finish().contains("M1000 0m-8 0h16"));
        assert!(html.contains("&lt;T&gt;") && !html.contains("NaN"));
    }
}
