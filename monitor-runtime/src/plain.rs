//! The short way of a call that nothing is to be told of.

use std::sync::atomic::Ordering;

use crate::call::Running;
use crate::clock::Tick;
use crate::core::{self, Core, CoreRef};
use crate::frame::{Frame, Noted, Path};
use crate::site::Site;

/// Where a call is that nothing is to be told of: most calls of short functions.
///
/// Their way is written out beside the general one, and makes no value that is moved: a
/// processor waits when it reads what it has just written in other pieces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain {
    pub(crate) path: Path,
    pub(crate) span: u64,
    pub(crate) outermost: bool,
}

impl Plain {
    /// Of a call that has not begun.
    pub(crate) const NOWHERE: Self = Self {
        path: Path::ROOT,
        span: 0,
        outermost: false,
    };

    /// Counts that a call begins, if nothing else is to be done.
    #[inline(always)]
    pub(crate) fn start(site: &'static Site, around: &Frame) -> Option<Self> {
        if !CoreRef::is_process() || site.is_told(core::process()) {
            return None;
        }
        let (path, outermost) = site.last_step.enter(around.path, site.declaration().stage);
        site.count_plain_start(outermost).then_some(Self {
            path,
            span: around.span,
            outermost,
        })
    }

    /// The frame of what is inside of it.
    #[inline(always)]
    pub(crate) fn frame(self, site: &'static Site) -> Frame {
        Frame {
            site: Some(site),
            span: self.span,
            path: self.path,
            noted: Noted::NO,
        }
    }
}

impl Site {
    /// Whether a call may have something to tell at its start.
    #[inline(always)]
    pub(crate) fn is_told(&self, core: &Core) -> bool {
        let attachment = core.attached.number();
        attachment != 0 && !self.is_unlimited(attachment) || self.is_shown(core, attachment)
    }

    /// Whether somebody may want to see its lines and its span.
    #[inline(always)]
    pub(crate) fn is_shown(&self, core: &Core, attachment: u64) -> bool {
        let is_wanted = || self.is_listened_to() || core.left_unused.load(Ordering::Relaxed);
        self.is_visible() && (attachment != 0 || is_wanted())
    }
}

impl Running {
    /// Makes it the call `plain`, where it was none of which more is known.
    #[inline(always)]
    pub(crate) fn restart(&mut self, plain: Plain) {
        self.path = plain.path;
        self.span = plain.span;
        self.outermost = plain.outermost;
        self.polls = 0;
        self.busy = 0;
    }

    /// Counts that it succeeded, if nothing else is to be done.
    #[inline(always)]
    pub(crate) fn succeed_plainly(&self, at: Tick) -> bool {
        if !self.is_plain() {
            return false;
        }
        // Somebody may have begun to listen while it ran.
        if self.site.is_visible() && !core::process().attached.is_empty() {
            return false;
        }
        let wall = at.nanos_since(self.started);
        let idle = if self.polls == 0 {
            0
        } else {
            wall.saturating_sub(self.busy)
        };
        self.site.count_success(self.outermost, wall, idle, at)
    }
}
