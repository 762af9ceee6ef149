//! The wait that a server asks for in a header.

use std::time::{Duration, SystemTime};

/// Reads the value of an HTTP `Retry-After` header (RFC 9110, section 10.2.3): a number of
/// seconds, or a date, in any of the three forms that the RFC names. A date in the past is
/// no wait. `None` for anything else.
///
/// ```
/// use monitor_runtime::{parse_retry_after, retry};
/// use std::time::Duration;
///
/// assert_eq!(parse_retry_after("120"), Some(Duration::from_secs(120)));
/// assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
/// assert_eq!(parse_retry_after("soon"), None);
///
/// struct ApiError {
///     retry_after: Option<String>, // the header of the response
/// }
///
/// #[retry(
///     max = 5,
///     delay = 1,
///     max_delay = "1m",
///     retry_after = |error: &ApiError| parse_retry_after(error.retry_after.as_deref()?)
/// )]
/// fn fetch() -> Result<String, ApiError> {
///     Ok("players".to_owned())
/// }
/// # assert!(fetch().is_ok());
/// ```
#[must_use]
pub fn parse_retry_after(value: &str) -> Option<Duration> {
    at(value, SystemTime::now())
}

fn at(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are a wait without an end.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn seconds_and_the_three_forms_of_a_date_are_read() {
        // 1994-11-06T08:49:07Z: half a minute before the RFC's example.
        let now = UNIX_EPOCH + Duration::from_secs(784_111_747);
        for (value, expected) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(at(value, now), expected.map(Duration::from_secs), "{value}");
        }
    }
}
