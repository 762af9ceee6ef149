//! How long calls took, as bars.

use super::chart::{HEIGHT, WIDTH, data, open, seconds};
use super::html::Html;
use crate::metrics::grouped::grouped;
use crate::metrics::histogram::HistogramSnapshot;

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
pub(super) fn write(html: &mut Html, stage: &str, durations: &HistogramSnapshot) {
    let bars = bars(durations);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        return;
    };
    html.raw("<figure><figcaption><b>How long calls took</b><span class=\"key\">logarithmic</span></figcaption><div class=\"plot\"><span class=\"most\">")
        .text(calls(most))
        .raw("</span>");
    open(html, HEIGHT);
    let name = format!("How long calls of {stage} took");
    html.attribute("aria-label", &name)
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
        &name,
        &["From", "To", "Calls"],
        bars.iter().filter(|bar| bar.count > 0),
        |bar| vec![seconds(bar.from), seconds(bar.to), bar.count.to_string()],
    );
    html.raw("</figure>");
}

fn calls(count: u64) -> String {
    match count {
        1 => "1 call".to_owned(),
        count => format!("{} calls", grouped(count)),
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
}
