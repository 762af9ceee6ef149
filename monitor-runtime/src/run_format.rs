//! The format of `logs/runs/<run id>.json`: one JSON object, a member a line. This is schema 1.
//!
//! | key | type | meaning |
//! |---|---|---|
//! | `schema` | integer | 1 |
//! | `run_id` | 32 hex digits | the run, ordered by time; `run_id` of its lines |
//! | `name`, `version` | text | the pipeline and its version; no version is `null` |
//! | `host`, `pid` | text, integer | where it runs |
//! | `state` | text | `running`, `ended` |
//! | `outcome` | text | how it ended: `ok`, `error`, `panic`, `died`; missing while it runs, as all that is about its end |
//! | `started_at` | text | when, UTC, to the microsecond (RFC 3339), as the next two |
//! | `updated_at` | text | of when the numbers are |
//! | `ended_at` | text | when it ended; of a run that died, when it was last seen |
//! | `duration` | number | seconds from its start to `updated_at` |
//! | `error`, `error_chain` | text, array of text | what `main` returned, or the panic |
//! | `closed_by` | 32 hex digits | the run that closed the record, where it is another |
//! | `last_stage` | text | the stage that a run was in which died |
//! | `calls_in_flight` | array of objects | the calls that were in flight then: `stage`, `function` and `since` with `span_id`, or `count` where the log does not tell |
//! | `lines_written`, `lines_lost` | integer | lines of the log |
//! | `process` | object | `cpu_time` in seconds, `memory_resident` and `memory_peak` in bytes; `null` where the system does not tell |
//! | `last_success` | object | when each stage last succeeded, to a second, in this run or in an earlier one |
//! | `waiting_since` | object | since when each stage is known that never succeeded |
//! | `stages` | array of objects | the stages that were called, see below, in the order of their first calls |
//! | `by_hand` | array of objects | what [`record_metric`](crate::record_metric) recorded, for each `stage`, `metric` and `unit`: how many points (`count`), the `last`, `min`, `max` and `sum` |
//! | `points_dropped` | integer | points beyond those that a run keeps |
//!
//! | key of a stage | type | meaning |
//! |---|---|---|
//! | `stage` | text | its id |
//! | `alert` | text | what a failure of it raises: `critical`, `warning`, `info` or `null` |
//! | `calls` | integer | finished calls; `calls_ok`, `calls_error`, `calls_panic`, `calls_timeout`, `calls_cancelled` by their outcome |
//! | `in_flight` | integer | calls that have started and not ended |
//! | `records_processed`, `records_in`, `records_rejected`, `records_unaccounted` | integer | records |
//! | `retries`, `retry_wait` | integer, seconds | further attempts, and the waits before them |
//! | `retry_recovered`, `retry_gave_up`, `retry_not_retryable`, `retry_out_of_budget` | integer | how retried calls ended |
//! | `processing_time` | object | wall time of the finished calls in seconds: `total`, `max`, `p50`, `p95`, `p99`, and `buckets` |
//! | `functions` | array of objects | the same numbers for each `function`, with `file` and `line` and without `buckets` |
//!
//! `buckets` is the histogram: an array of pairs, the middle of a bucket in seconds and how many
//! calls took as long, in order and without the empty ones. A duration and the middle of its
//! bucket differ by at most 1.6 %. A reader must not mind further keys.
//!
//! # What is promised
//!
//! The record is there before the first call of the run. It is replaced in one step, about once
//! a second (more often at first) and at the end: a reader always sees a whole one. The last 50 are kept
//! ([`Builder::keep_runs`](crate::Builder::keep_runs), `keep_runs` in monitor.toml).
//!
//! While a run lives, it holds a lock on the file `<run id>.lock` beside its record. A record
//! that says `running` and whose lock nobody holds is that of a run that died: it was killed, it
//! aborted, the machine went down, or it left by `process::exit`. The next run that starts in the
//! folder writes a line `run.died`, raises an alert and closes the record; where several start
//! at the same moment, one of them does. How long a stage has gone without a success
//! (`stale_after`) counts from `last_success` or `waiting_since`.
//!
//! A process that forks off has no record of its own. It holds the lock of the run that it
//! comes from: should that one die, it is told once both are gone. Where a file system has no
//! locks, no death is told. A file in the folder that is no such record is left alone.
