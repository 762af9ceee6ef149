//! `logs/dashboard.html`: the report of a run, one file without script.
//!
//! | module | concept |
//! |---|---|
//! | `html` | text made safe by construction |
//! | `page` | the page and its sections |

mod html;
mod page;

use std::io;

use crate::attached::Attached;
use crate::core::Core;
use crate::monitor::RunEnd;
use crate::replace::replace;

/// Writes the report of a run that ends.
pub(crate) fn write(core: &Core, attached: &Attached, end: &RunEnd) -> io::Result<()> {
    let (points, _) = core.points.get();
    let page = page::render(&page::Contents {
        run: &attached.run,
        end,
        duration: attached.run.started.elapsed(),
        snapshot: &core.called(),
        points: &points,
        errors: &attached.history.errors(),
        alerts: &attached.history.alerts(),
        paths: &attached.paths,
    });
    replace(attached.paths.report(), &attached.run.writer(), &page)
}
