//! What was measured by hand, a summary of each metric.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::metrics::points::Point;

/// The points of one metric.
struct Summary {
    count: u64,
    last: Value,
    least: f64,
    most: f64,
    sum: f64,
}

/// One object for each stage, metric and unit, in the order of their names.
pub(super) fn summaries(points: &[Point]) -> Value {
    let mut all: BTreeMap<[&str; 3], Summary> = BTreeMap::new();
    for point in points {
        let summary = all
            .entry([&point.stage, &point.metric, &point.unit])
            .or_insert(Summary {
                count: 0,
                last: Value::Null,
                least: f64::INFINITY,
                most: f64::NEG_INFINITY,
                sum: 0.0,
            });
        summary.count += 1;
        summary.last = point.value.clone();
        // One that is not finite has no number.
        if let Some(number) = point.value.as_f64() {
            summary.least = summary.least.min(number);
            summary.most = summary.most.max(number);
            summary.sum += number;
        }
    }
    let value = |([stage, metric, unit], summary): ([&str; 3], Summary)| {
        json!({
            "stage": stage,
            "metric": metric,
            "unit": unit,
            "count": summary.count,
            "last": summary.last,
            "min": summary.least,
            "max": summary.most,
            "sum": summary.sum,
        })
    };
    all.into_iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn point(metric: &str, value: Value) -> Point {
        Point {
            time: UNIX_EPOCH,
            stage: "NBA-17".to_owned(),
            metric: metric.to_owned(),
            value,
            unit: "players".to_owned(),
        }
    }

    #[test]
    fn each_metric_has_its_number_of_points_and_what_they_span() {
        let points = [
            point("page", 3.into()),
            point("active", 0.5.into()),
            point("page", 9.into()),
            point("page", 4.into()),
        ];
        let all = summaries(&points);
        assert_eq!(all[0]["metric"], "active");
        assert_eq!(
            all[1],
            json!({
                "stage": "NBA-17", "metric": "page", "unit": "players",
                "count": 3, "last": 4, "min": 3.0, "max": 9.0, "sum": 16.0,
            })
        );
    }

    #[test]
    fn what_has_no_number_is_counted() {
        let all = summaries(&[point("share", Value::Null)]);
        assert_eq!(all[0]["count"], 1);
        for key in ["last", "min", "max"] {
            assert_eq!(all[0][key], Value::Null, "{key}");
        }
        assert_eq!(summaries(&[]), json!([]));
    }
}
