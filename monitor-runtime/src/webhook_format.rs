//! The messages of the channel `webhook`: a POST with a signed JSON body. This is schema 1.
//!
//! | key | type | meaning |
//! |---|---|---|
//! | `schema` | integer | 1 |
//! | `pipeline` | text | the pipeline's name |
//! | `alerts` | array of objects | 1 to 50 alerts, the most urgent first |
//!
//! | key of an alert | type | meaning |
//! |---|---|---|
//! | `id` | text | unique among all runs, and the same if it is sent again: whoever remembers it handles an alert once |
//! | `fingerprint` | text | the same for what is the same trouble; a recovery has that of its failure |
//! | `severity` | text | `critical`, `warning`, `info` |
//! | `message` | text | one sentence, at most 16 KiB |
//! | `raised_at` | text | when, UTC, to the microsecond (RFC 3339) |
//! | `resolved` | boolean | whether it tells that the trouble is over |
//! | `late` | boolean | whether an earlier run raised it and could not deliver it |
//! | `details` | object or any other value | what helps to act on it; beyond 64 KiB an object with nothing but `cut`, the beginning of it as text |
//!
//! Keys may be added in the same schema. The details of the library's own alerts have any of `stage`,
//! `function`, `error`, `error_chain`, `attempts`, `duration`, `usual_duration`, `records`,
//! `usual_records`, `last_success`, `host`, `run_id`, `owner`, `runbook`, `command`.
//!
//! # The signature
//!
//! | header | value |
//! |---|---|
//! | `X-Monitor-Timestamp` | when it was sent, in seconds since 1970 |
//! | `X-Monitor-Signature` | `sha256=` and 64 hexadecimal digits |
//!
//! The digits are the HMAC-SHA256, under the key in `ALERT_WEBHOOK_SECRET`, of the timestamp, a full
//! stop and the body as it came. A receiver works it out anew, compares the two in constant time,
//! and refuses what is older than a few minutes: so nobody who has seen a message can send it
//! again later. In Python:
//!
//! ```python
//! expected = hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
//! genuine = hmac.compare_digest("sha256=" + expected, signature)
//! fresh = abs(time.time() - int(timestamp)) < 300
//! ```
//!
//! Any answer of the range 200 means that the message was taken. After 408, 425, 429 and those of the
//! range 500 it is sent again, with a new timestamp, at the earliest after `Retry-After`; after any
//! other it is given up. Redirects are not followed.
