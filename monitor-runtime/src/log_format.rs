//! The format of `logs/pipeline.json`: one JSON object a line, in UTF-8, ended by a line
//! feed. This is schema 1; `run.start` states it, once a run.
//!
//! | key | type | meaning | ECS | OpenTelemetry log record |
//! |---|---|---|---|---|
//! | `timestamp` | text | when, UTC, to the microsecond (RFC 3339) | `@timestamp` | `Timestamp` |
//! | `level` | text | `TRACE`, `DEBUG`, `INFO`, `WARNING`, `ERROR`, `CRITICAL` | `log.level` | `SeverityText`; `SeverityNumber` 1, 5, 9, 13, 17, 21 |
//! | `name` | text | the pipeline | `service.name` | resource `service.name` |
//! | `message` | text | `Pipeline Event`, `Pipeline Error`, the text of an alert or of an event of the application | `message` | `Body` |
//! | `event_type` | text | what happened: `INGESTION_END`, or one of those below | `event.action` | `EventName` |
//! | `data` | object | measurements and named fields; durations are seconds | `labels.*`, `event.duration` (in nanoseconds) | `Attributes` |
//! | `error` | text | an error's text; in error lines only, as the next two | `error.message` | attribute `exception.message` |
//! | `error_chain` | array of text | what caused it, the nearest first | `error.stack_trace` | attribute `exception.stacktrace` |
//! | `context` | object | what was going on | `labels.*` | `Attributes` |
//! | `stage` | text | the stage, in lines of one | `labels.stage` | attribute `stage` |
//! | `function` | text | the function | `log.origin.function` | attribute `code.function.name` |
//! | `run_id` | 32 hex digits | the run, ordered by time | `trace.id` | `TraceId` |
//! | `span_id` | 16 hex digits | the call, in lines of one | `span.id` | `SpanId` |
//! | `parent_span_id` | 16 hex digits | the call around it | `parent.id` | attribute `parent_span_id` |
//! | `original_length` | integer | how many bytes the line would have had, where it was cut | | |
//! | `seq` | integer | the number of the line in its run, from 1: a gap is a lost line | `event.sequence` | attribute `log.record.uid`, with `run_id` |
//!
//! The keys stand in this order. In no object does a key stand twice: a second field `a` of
//! one event becomes `a_2`.
//!
//! | event type | when | `data` |
//! |---|---|---|
//! | `…_START` | a call begins | the fields that are named |
//! | `…_END`, `…_ERROR`, `…_CANCELLED` | it ends | `records`, `duration`, `busy`, `polls`, `attempts`, `wait`, `gave_up`, `outcome`, the fields |
//! | `call.retry`, `call.gave_up`, `call.recovered`, `call.cancelled` | an attempt failed, a retried call ended | `attempt`, `max`, `goes_on`, `wait`, `reason`, `budget`, `error` |
//! | `call.slow` | a call takes longer than it should | `limit`, `duration` |
//! | `retry.blocking` | a sync retry waits inside a tokio task | `warning`, `wait` |
//! | `log.event` | an event of `tracing` | its fields, `target`, `spans` with theirs |
//! | `log.error` | [`log_error`](crate::log_error) | |
//! | `alert.raised`, `alert.delivered` | an alert | its details |
//! | `alert.suppressed` | an alert that a rule asks for and that is not told, at the level that it would have | `reason`, `on`, `fingerprint`, `count` |
//! | `run.start` | the monitor starts | `schema`, `pid`, `host`, `version`, `logs`, `alerts`, `log_mode`, `longest_line`, `console`, `filter`, `rotate_at`, `keep`, `sync_every` |
//! | `run.end` | it ends | `outcome`, `duration`, `lines`, `lost` |
//! | `run.died` | an earlier run was found that did not end, see [`run_format`](crate::run_format) | `died` (its `run_id`), `name` (its pipeline), `started_at`, `last_seen`, `last_stage`, `in_flight` (how many calls), `calls` (up to 50 of them), `host`, `pid` |
//! | `page.open`, `page.not_open` | the live page is served, or cannot be | `url`, `cause` |
//! | `run.not_recorded` | the record of the run cannot be written | `cause` |
//! | `log.loss` | lines were lost | `lines`, `cause` |
//! | `log.repaired` | a killed process had left the beginning of a line, which was removed | `bytes`, `text` |
//! | `log.not_synced` | the disk did not take what was written | `cause` |
//!
//! A number that JSON cannot say is `null`, and `not_finite` says what it was. Integers of
//! more than 64 bits are text. Beside what JSON asks for, U+007F to U+009F, U+2028 and U+2029
//! are escaped, so that no reader takes them for the end of a line. Arrays and objects are
//! followed 64 levels deep. What an error's `Display` or `Debug` leaves undone, since it fails
//! or panics, is marked in the text.
//!
//! # What is promised
//!
//! When a log call returns, its line is in the kernel: it survives panic, abort, exit, SIGTERM
//! and SIGKILL. A kill leaves at most one torn tail, repaired at the next start. Any other line
//! that is lost is counted and reported. Logging never panics and never changes what the
//! function returns.
//!
//! That is [`LogMode::Direct`](crate::LogMode::Direct). `LogMode::Batched` writes lines with
//! others, after 64 KiB or 50 ms, and at once from level WARNING up and at the end of a stage:
//! a process that is killed loses the rest. That the disk has a line, and not only the kernel,
//! is asked for with [`Builder::sync_every`](crate::Builder::sync_every).
//!
//! Where the file takes no line (a full disk, a quota, a folder that is read-only), up to 8 MiB
//! of lines are kept and written when it does again; the oldest make room, counted. A file that
//! is renamed or removed, or a folder that is removed, is made anew. Several processes may
//! write to one file; each has its own run and numbers. A process that forks off goes on as a
//! run of its own, from its first line that comes 10 ms after the last one of its parent.
