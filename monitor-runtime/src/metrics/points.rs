//! Measurements that the program records by hand.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::{Number, Value};

/// How many points of a run are kept.
const MAX_POINTS: usize = 10_000;

/// One recorded measurement.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) time: SystemTime,
    pub(crate) stage: String,
    pub(crate) metric: String,
    pub(crate) value: Value,
    pub(crate) unit: String,
}

/// All points of a run, and how many more there were.
#[derive(Debug, Default)]
pub(crate) struct Points(Mutex<(Vec<Point>, u64)>);

impl Points {
    pub(crate) fn add(&self, point: Point) {
        let mut points = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if points.0.len() < MAX_POINTS {
            points.0.push(point);
        } else {
            points.1 += 1;
        }
    }

    /// The points, and the number of those that were not kept.
    pub(crate) fn get(&self) -> (Vec<Point>, u64) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A number that can be recorded as a metric. A float that is not finite is
/// recorded as `null`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that can be recorded",
    label = "expected an integer or a float"
)]
pub trait MetricValue {
    /// The number as JSON.
    fn metric(self) -> Value;
}

macro_rules! metric_value {
    ($($number:ty),*) => {$(
        impl MetricValue for $number {
            fn metric(self) -> Value {
                Value::from(self)
            }
        }
    )*};
}

metric_value!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl MetricValue for f64 {
    fn metric(self) -> Value {
        Number::from_f64(self).map_or(Value::Null, Value::Number)
    }
}

impl MetricValue for f32 {
    fn metric(self) -> Value {
        f64::from(self).metric()
    }
}
