//! A monitored function: one `static` with all that is known when it is compiled.

use std::panic::Location;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use monitor_config::{Level, Severity};
use tracing::field::{FieldSet, Value};
use tracing::span::Span;
use tracing::subscriber::Interest;
use tracing_core::callsite::{self, Callsite, Identifier};
use tracing_core::{Kind, LevelFilter, Metadata, dispatcher};

use crate::core::Core;
use crate::fields::FieldValue;
use crate::metrics::stats::SiteStats;

/// What the attribute says.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The stage's id.
    pub stage: &'static str,
    /// The prefix of the event types.
    pub event: &'static str,
    /// The function's name.
    pub function: &'static str,
    /// The function's module.
    pub module: &'static str,
    /// The level of the start and end lines.
    pub level: Level,
    /// What a final failure raises.
    pub alert: Option<Severity>,
}

/// The call site of one annotated function, const-built, so that a call looks
/// nothing up.
#[derive(Debug)]
pub struct Site {
    declaration: Declaration,
    location: &'static Location<'static>,
    span: Metadata<'static>,
    interest: AtomicU8,
    /// In the process-wide core; a scoped core keeps its own.
    pub(crate) stats: OnceLock<&'static SiteStats>,
}

/// The first field of the span of a call.
pub(crate) const STAGE_FIELD: &str = "stage";

const UNREGISTERED: u8 = 0;
const NEVER: u8 = 1;
const SOMETIMES: u8 = 2;
const ALWAYS: u8 = 3;

impl Site {
    /// A site at the caller's location.
    #[must_use]
    #[track_caller]
    pub const fn new(
        declaration: Declaration,
        fields: &'static [&'static str],
        identity: Identifier,
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
                FieldSet::new(fields, identity),
                Kind::SPAN,
            ),
            interest: AtomicU8::new(UNREGISTERED),
            stats: OnceLock::new(),
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

    /// A `tracing` span for a call, disabled where nobody wants it.
    #[inline]
    pub(crate) fn span(&'static self, fields: &[(&'static str, FieldValue)]) -> Span {
        if !self.is_visible() || *self.span.level() > LevelFilter::current() || !self.is_enabled() {
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
        Span::new(&self.span, &self.span.fields().value_set_all(&values))
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

/// The identity under which `tracing` knows a site.
#[must_use]
pub const fn identify(site: &'static Site) -> Identifier {
    Identifier(site)
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
