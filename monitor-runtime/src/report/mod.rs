//! The page: `logs/dashboard.html`, one file without script, and the live page.
//!
//! | module | concept |
//! |---|---|
//! | `view` | what the page tells: of a run that is attached |
//! | `record` | the same of a run that died, from its record and the log |
//! | `tail` | the end of the log |
//! | `usual` | whether a number is what it usually is |
//! | `page` | the page around its sections |
//! | `findings` | what failed, what is slow, what is unusual |
//! | `head`, `glance` | which run, how it went; the findings |
//! | `stages`, `cells` | the table of stages |
//! | `timeline` | the calls over time, and the tree of calls |
//! | `detail`, `chart`, `histogram` | each stage over time, as lines, bars and a table |
//! | `compare` | this run beside the last ones |
//! | `events` | errors, alerts, the log |
//! | `facts` | the process, what was recorded by hand |
//! | `html` | text made safe by construction |
//! | `sha256` | the hash by which the page allows its own style |

mod cells;
mod chart;
mod compare;
mod detail;
mod events;
mod facts;
mod findings;
mod glance;
mod head;
mod histogram;
mod html;
mod page;
mod record;
mod sha256;
mod stages;
mod tail;
mod timeline;
mod usual;
mod view;

#[cfg(test)]
mod findings_tests;
#[cfg(test)]
mod page_tests;

#[cfg(feature = "serve")]
pub(crate) use self::page::{Rendered, SCRIPT, live_policy};
#[cfg(feature = "serve")]
pub(crate) use self::usual::LOOKED_AT;

use std::io;

use self::view::View;
use crate::attached::Attached;
use crate::core::Core;
use crate::monitor::RunEnd;
use crate::replace::replace;
use crate::runs::Members;

/// Writes the report of a run that ends.
pub(crate) fn write(core: &Core, attached: &Attached, end: &RunEnd) -> io::Result<()> {
    let view = View::of(core, attached, Some(end));
    put(attached, &page::report(&view))
}

/// Writes the report of a run that died, which another one has found.
pub(crate) fn write_of_died(members: &Members, attached: &Attached) -> io::Result<()> {
    put(attached, &page::report(&record::view(members, attached)))
}

#[cfg(feature = "serve")]
impl Rendered {
    /// Of the run that goes on, or ends now, beside those that have ended.
    pub(crate) fn of(
        core: &Core,
        attached: &Attached,
        end: Option<&RunEnd>,
        past: Vec<crate::runs::PastRun>,
    ) -> Self {
        Self::of_view(&View::with_past(core, attached, end, past))
    }
}

fn put(attached: &Attached, page: &str) -> io::Result<()> {
    replace(attached.paths.report(), &attached.run.writer(), page)
}
