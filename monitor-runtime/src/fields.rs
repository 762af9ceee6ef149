//! Values captured for a line: what `fields(…)` names and what the library measures.

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::text;

/// A captured value, owned, so that it outlives the argument it was taken from.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Nothing: an absent `Option`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A signed integer.
    I64(i64),
    /// An unsigned integer.
    U64(u64),
    /// A number; one that is not finite is written as `null`.
    F64(f64),
    /// Text.
    Text(Cow<'static, str>),
    /// Any JSON.
    Json(Value),
}

impl FieldValue {
    /// A copy of a text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(Cow::Owned(text.to_owned()))
    }

    /// The value for people.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::I64(value) => value.to_string(),
            Self::U64(value) => value.to_string(),
            Self::F64(value) => value.to_string(),
            Self::Text(value) => value.to_string(),
            Self::Json(value) => value.to_string(),
        }
    }

    /// The value for `tracing`; `text` is its text.
    pub(crate) fn as_tracing<'a>(
        &'a self,
        text: &'a impl tracing::Value,
    ) -> &'a dyn tracing::Value {
        match self {
            Self::Bool(value) => value,
            Self::I64(value) => value,
            Self::U64(value) => value,
            Self::F64(value) => value,
            Self::Null | Self::Text(_) | Self::Json(_) => text,
        }
    }

    /// The value in an alert's details.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::from(*value),
            Self::I64(value) => Value::from(*value),
            Self::U64(value) => Value::from(*value),
            Self::F64(value) => Value::from(*value),
            Self::Text(value) => Value::from(value.as_ref()),
            Self::Json(value) => value.clone(),
        }
    }
}

/// Types that are captured as what they are; a number stays a number.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be captured as a field",
    label = "this value has no form for the log",
    note = "write `%value` to capture it through `Display`, or `?value` through `Debug`"
)]
pub trait IntoField {
    /// The value as it will stand in the log.
    fn field(&self) -> FieldValue;
}

macro_rules! into_field {
    ($variant:ident as $wide:ty: $($narrow:ty),*) => {$(
        impl IntoField for $narrow {
            fn field(&self) -> FieldValue {
                FieldValue::$variant(<$wide>::from(*self))
            }
        }
    )*};
}

into_field!(I64 as i64: i8, i16, i32, i64);
into_field!(U64 as u64: u8, u16, u32, u64);
into_field!(F64 as f64: f32, f64);
into_field!(Bool as bool: bool);

impl IntoField for usize {
    fn field(&self) -> FieldValue {
        FieldValue::U64(*self as u64)
    }
}

impl IntoField for isize {
    fn field(&self) -> FieldValue {
        FieldValue::I64(*self as i64)
    }
}

// JSON readers lose digits of integers above 2^53, all of those above 64 bits.
impl IntoField for u128 {
    fn field(&self) -> FieldValue {
        u64::try_from(*self).map_or_else(|_| text(self), FieldValue::U64)
    }
}

impl IntoField for i128 {
    fn field(&self) -> FieldValue {
        i64::try_from(*self).map_or_else(|_| text(self), FieldValue::I64)
    }
}

impl IntoField for str {
    fn field(&self) -> FieldValue {
        text(self)
    }
}

impl IntoField for String {
    fn field(&self) -> FieldValue {
        text(self)
    }
}

impl IntoField for Cow<'_, str> {
    fn field(&self) -> FieldValue {
        text(self)
    }
}

impl IntoField for char {
    fn field(&self) -> FieldValue {
        text(self)
    }
}

impl IntoField for Path {
    fn field(&self) -> FieldValue {
        text(&self.display())
    }
}

impl IntoField for PathBuf {
    fn field(&self) -> FieldValue {
        self.as_path().field()
    }
}

/// In seconds, as all durations in files.
impl IntoField for Duration {
    fn field(&self) -> FieldValue {
        FieldValue::F64(seconds(*self))
    }
}

impl IntoField for Value {
    fn field(&self) -> FieldValue {
        FieldValue::Json(self.clone())
    }
}

impl<T: IntoField + ?Sized> IntoField for &T {
    fn field(&self) -> FieldValue {
        (**self).field()
    }
}

impl<T: IntoField + ?Sized> IntoField for &mut T {
    fn field(&self) -> FieldValue {
        (**self).field()
    }
}

impl<T: IntoField> IntoField for Option<T> {
    fn field(&self) -> FieldValue {
        self.as_ref().map_or(FieldValue::Null, IntoField::field)
    }
}

/// The value of a field named without `%` or `?`.
#[derive(Debug)]
pub struct Capture<'a, T: ?Sized>(pub &'a T);

/// Candidates for method resolution, as for the outcome of a call: as what it is …
pub trait AsItself {
    /// The value for the log.
    fn __monitor_capture(&self) -> FieldValue;
}

impl<T: IntoField + ?Sized> AsItself for &&Capture<'_, T> {
    fn __monitor_capture(&self) -> FieldValue {
        self.0.field()
    }
}

/// … else through `Display` …
pub trait AsDisplay {
    /// The value for the log.
    fn __monitor_capture(&self) -> FieldValue;
}

impl<T: Display + ?Sized> AsDisplay for &Capture<'_, T> {
    fn __monitor_capture(&self) -> FieldValue {
        text(self.0)
    }
}

/// … else through `Debug`. The bound stands at the method, so that a type without any
/// form is reported as such, and not as the lack of a method.
pub trait AsDebug {
    /// The type of the value.
    type Value: ?Sized;
    /// The value for the log.
    fn __monitor_capture(&self) -> FieldValue
    where
        Self::Value: Shown;
}

impl<T: ?Sized> AsDebug for Capture<'_, T> {
    type Value = T;
    fn __monitor_capture(&self) -> FieldValue
    where
        T: Shown,
    {
        self.0.shown()
    }
}

/// What has a form for the log, at worst through `Debug`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be captured as a field",
    label = "neither a number nor text, and neither `Display` nor `Debug`",
    note = "write `#[derive(Debug)]` at the type, or name a part of the value: `fields(name = value.part)`"
)]
pub trait Shown {
    /// The value for the log.
    fn shown(&self) -> FieldValue;
}

#[diagnostic::do_not_recommend]
impl<T: Debug + ?Sized> Shown for T {
    fn shown(&self) -> FieldValue {
        debug(self)
    }
}

/// `%value`
pub fn display<T: Display + ?Sized>(value: &T) -> FieldValue {
    text(value)
}

/// `?value`
pub fn debug<T: Debug + ?Sized>(value: &T) -> FieldValue {
    FieldValue::Text(Cow::Owned(text::of(format_args!("{value:?}"))))
}

/// A duration as decimal seconds. Divided in one step, so that the shortest decimal
/// that reads back as the result is the duration to the nanosecond.
pub(crate) fn seconds(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e9
}

fn text<T: Display + ?Sized>(value: &T) -> FieldValue {
    FieldValue::Text(Cow::Owned(text::of(value)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_borrow, reason = "the references are what is tested")]

    use super::*;

    #[test]
    fn a_value_is_captured_by_the_best_form_that_its_type_has() {
        #[derive(Debug)]
        struct Range(#[expect(dead_code, reason = "read by Debug")] u8);
        let season = "2023-24";
        assert_eq!(
            (&&&Capture(&season)).__monitor_capture(),
            FieldValue::Text("2023-24".into())
        );
        assert_eq!(
            (&&&Capture(&7_usize)).__monitor_capture(),
            FieldValue::U64(7)
        );
        assert_eq!(
            (&&&Capture(&-7_i8)).__monitor_capture(),
            FieldValue::I64(-7)
        );
        assert_eq!(
            (&&&Capture(&Some(0.5_f32))).__monitor_capture(),
            FieldValue::F64(0.5)
        );
        assert_eq!(
            (&&&Capture(&None::<bool>)).__monitor_capture(),
            FieldValue::Null
        );
        let address = std::net::Ipv4Addr::LOCALHOST;
        assert_eq!(
            (&&&Capture(&address)).__monitor_capture(),
            FieldValue::Text("127.0.0.1".into())
        );
        assert_eq!(
            (&&&Capture(&Range(3))).__monitor_capture(),
            FieldValue::Text("Range(3)".into())
        );
        let duration = Duration::from_nanos(1_091_699_525);
        assert_eq!(seconds(duration).to_string(), "1.091699525");
        assert_eq!(
            u128::MAX.field(),
            FieldValue::Text(u128::MAX.to_string().into())
        );
    }
}
