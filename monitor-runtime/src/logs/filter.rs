//! Which of the application's events reach the log: what `RUST_LOG` says.
//!
//! Spans of monitored functions always pass: they carry the current stage into the
//! tasks that follow them, whatever is filtered.

use std::env;

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Filter};

use crate::config::StartError;
use crate::site::STAGE_FIELD;

/// The filter of the library's own subscriber.
pub(crate) struct EventFilter(pub(crate) Targets);

impl EventFilter {
    fn passes(&self, metadata: &Metadata<'_>) -> bool {
        is_of_a_call(metadata) || self.0.would_enable(metadata.target(), metadata.level())
    }
}

impl<S> Filter<S> for EventFilter {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        self.passes(metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.passes(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        // A function may be monitored at any level.
        Some(LevelFilter::TRACE)
    }
}

/// Whether this is the span of a monitored call.
pub(super) fn is_of_a_call(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.fields().field(STAGE_FIELD).is_some()
}

/// What `RUST_LOG` says, in the form `info,my_crate=debug`; where it says nothing that can
/// be read, what monitor.toml says, or else `info`.
pub(crate) fn resolve(configured: Option<&str>) -> Result<Targets, StartError> {
    let configured = configured.map(|text| {
        text.parse().map_err(|error| {
            StartError::one(format!(
                "`filter` in [log]: {error}: write levels, such as \"info,my_crate=debug\""
            ))
        })
    });
    let configured: Option<Targets> = configured.transpose()?;
    let environment = env::var("RUST_LOG").ok();
    let environment = environment.filter(|text| !text.trim().is_empty());
    Ok(environment
        .and_then(|text| text.parse().ok())
        .or(configured)
        .unwrap_or_else(|| Targets::new().with_default(tracing::Level::INFO)))
}
