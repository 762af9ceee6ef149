//! A monitored function: one `static` with all that is known when it is compiled.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use monitor_config::{Level, Limits, Rule};
use tracing::field::{FieldSet, Value};
use tracing::span::Span;
use tracing::subscriber::Interest;
use tracing_core::callsite::{self, Callsite, Identifier};
use tracing_core::{Kind, LevelFilter, Metadata, dispatcher};

use crate::core::{self, Core};
use crate::declared::Link;
use crate::fields::FieldValue;
use crate::frame::LastStep;
use crate::metrics::stats::SiteStats;

/// What the attribute says. Generated code names only what differs from the default,
/// so that there is less of it to compile.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The stage's id.
    pub(crate) stage: &'static str,
    /// The prefix of the event types.
    pub(crate) event: &'static str,
    /// The function's name.
    pub(crate) function: &'static str,
    /// The function's module.
    pub(crate) module: &'static str,
    /// The level of the start and end lines.
    pub(crate) level: Level,
    /// What raises an alert, beside the limits.
    pub(crate) rules: &'static [Rule],
    /// What a call should not cross.
    pub(crate) limits: Limits,
}

impl Declaration {
    /// A function with the defaults of all keys.
    #[must_use]
    pub const fn new(
        stage: &'static str,
        event: &'static str,
        function: &'static str,
        module: &'static str,
    ) -> Self {
        Self {
            stage,
            event,
            function,
            module,
            level: Level::Info,
            rules: &[],
            limits: Limits::NONE,
        }
    }

    /// With `level`.
    #[must_use]
    pub const fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// With `alert`.
    #[must_use]
    pub const fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.rules = rules;
        self
    }

    /// With `max_duration`, in seconds and nanoseconds.
    #[must_use]
    pub const fn max_duration(mut self, seconds: u64, nanos: u32) -> Self {
        self.limits.max_duration = Some(Duration::new(seconds, nanos));
        self
    }

    /// With `stale_after`, in seconds and nanoseconds.
    #[must_use]
    pub const fn stale_after(mut self, seconds: u64, nanos: u32) -> Self {
        self.limits.stale_after = Some(Duration::new(seconds, nanos));
        self
    }

    /// With `min_records`.
    #[must_use]
    pub const fn min_records(mut self, records: u64) -> Self {
        self.limits.min_records = Some(records);
        self
    }

    /// With `max_records`.
    #[must_use]
    pub const fn max_records(mut self, records: u64) -> Self {
        self.limits.max_records = Some(records);
        self
    }
}

/// The call site of one annotated function, const-built, so that a call looks
/// nothing up.
#[derive(Debug)]
pub struct Site {
    declaration: Declaration,
    location: &'static Location<'static>,
    span: Metadata<'static>,
    interest: AtomicU8,
    /// From one stage into this one.
    pub(crate) last_step: LastStep,
    pub(crate) link: Link,
    /// In the process-wide core; a scoped core keeps its own.
    pub(crate) stats: OnceLock<&'static SiteStats>,
    /// Its place in that core, counted from 1; zero before the first call.
    pub(crate) number: AtomicU32,
    /// The last attachment in which no call of it has a limit on its duration.
    unlimited: AtomicU64,
}

/// The first field of the span of a call.
pub(crate) const STAGE_FIELD: &str = "stage";

/// Says that the thread is at its end. It is first used after a registry has made its own
/// notes of the thread, and so it is gone before those are.
struct Lives;

impl Drop for Lives {
    fn drop(&mut self) {
        IS_ENDING.set(true);
    }
}

thread_local! {
    static LIVES: Lives = const { Lives };
    static IS_ENDING: Cell<bool> = const { Cell::new(false) };
}

const UNREGISTERED: u8 = 0;
const NEVER: u8 = 1;
const SOMETIMES: u8 = 2;
const ALWAYS: u8 = 3;

impl Site {
    /// A site at the caller's location, with the defaults of all keys. `own` is the site
    /// itself: under its address `tracing` knows it.
    #[must_use]
    #[track_caller]
    pub const fn new(
        stage: &'static str,
        event: &'static str,
        function: &'static str,
        module: &'static str,
        own: &'static Self,
    ) -> Self {
        let declaration = Declaration::new(stage, event, function, module);
        Self::declared(declaration, &[STAGE_FIELD], own)
    }

    /// A site with more than that; the first of the fields is the stage.
    #[must_use]
    #[track_caller]
    pub const fn declared(
        declaration: Declaration,
        fields: &'static [&'static str],
        own: &'static Self,
    ) -> Self {
        let location = Location::caller();
        Self {
            declaration,
            location,
            span: Metadata::new(
                declaration.function,
                declaration.module,
                tracing_level(declaration.level),
                Some(location.file()),
                Some(location.line()),
                Some(declaration.module),
                FieldSet::new(fields, Identifier(own)),
                Kind::SPAN,
            ),
            interest: AtomicU8::new(UNREGISTERED),
            last_step: LastStep::none(),
            link: Link::new(),
            stats: OnceLock::new(),
            number: AtomicU32::new(0),
            unlimited: AtomicU64::new(0),
        }
    }

    pub(crate) fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    pub(crate) fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Whether calls have lines and spans.
    pub(crate) fn is_visible(&self) -> bool {
        self.declaration.level != Level::Off
    }

    /// Whether a subscriber may want the lines and spans of calls.
    #[inline]
    pub(crate) fn is_listened_to(&self) -> bool {
        *self.span.level() <= LevelFilter::current()
    }

    /// Whether no call has a limit on its duration in this attachment, as far as is known.
    pub(crate) fn is_unlimited(&self, attachment: u64) -> bool {
        self.unlimited.load(Ordering::Relaxed) == attachment
    }

    pub(crate) fn set_unlimited(&self, attachment: u64) {
        self.unlimited.store(attachment, Ordering::Relaxed);
    }

    /// A `tracing` span for a call, disabled where nobody wants it.
    #[inline]
    pub(crate) fn span(&'static self, fields: &[(&'static str, FieldValue)]) -> Span {
        if !self.is_visible() || !self.is_listened_to() || !self.is_enabled() {
            return Span::none();
        }
        self.new_span(fields)
    }

    #[cold]
    fn new_span(&'static self, fields: &[(&'static str, FieldValue)]) -> Span {
        let texts: Vec<String> = fields.iter().map(|(_, value)| value.to_text()).collect();
        let values: Vec<Option<&dyn Value>> =
            std::iter::once(&self.declaration.stage as &dyn Value)
                .chain(
                    fields
                        .iter()
                        .zip(&texts)
                        .map(|((_, value), text)| value.as_tracing(text)),
                )
                .map(Some)
                .collect();
        // A registry panics that has no place left for a thread, and one that is asked at
        // a thread's end.
        if IS_ENDING.get() {
            return Span::none();
        }
        let new = || Span::new(&self.span, &self.span.fields().value_set_all(&values));
        let span = panic::catch_unwind(AssertUnwindSafe(new)).unwrap_or_else(|_| Span::none());
        let _ = LIVES.try_with(|_| ());
        span
    }

    fn is_enabled(&'static self) -> bool {
        match self.interest.load(Ordering::Relaxed) {
            NEVER => false,
            ALWAYS => true,
            UNREGISTERED => {
                callsite::register(self);
                self.is_enabled_now()
            }
            _ => self.is_enabled_now(),
        }
    }

    fn is_enabled_now(&self) -> bool {
        dispatcher::get_default(|dispatch| dispatch.enabled(&self.span))
    }

    /// The site's counts in the process-wide core.
    pub(crate) fn stats(&'static self) -> &'static SiteStats {
        core::process().registry.stats(self)
    }

    /// The site's counts in `core`.
    pub(crate) fn stats_in<'c>(&'static self, core: &'c Core) -> &'c SiteStats {
        core.registry.stats(self)
    }
}

impl Callsite for Site {
    fn set_interest(&self, interest: Interest) {
        let interest = if interest.is_never() {
            NEVER
        } else if interest.is_always() {
            ALWAYS
        } else {
            SOMETIMES
        };
        self.interest.store(interest, Ordering::Relaxed);
    }

    fn metadata(&self) -> &Metadata<'_> {
        &self.span
    }
}

const fn tracing_level(level: Level) -> tracing::Level {
    match level {
        Level::Trace => tracing::Level::TRACE,
        Level::Debug => tracing::Level::DEBUG,
        Level::Warning => tracing::Level::WARN,
        Level::Error => tracing::Level::ERROR,
        _ => tracing::Level::INFO,
    }
}
