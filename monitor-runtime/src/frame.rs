//! Which monitored call the current thread is in.
//!
//! A frame is a small copy, swapped in and out of one thread-local cell: on entry
//! and exit of a sync call, around each poll of a future. It needs no allocation
//! and no lock, and works where no `tracing` subscriber is installed.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Duration;

use crate::retry::decision::Stop;
use crate::retry::notes::{self, Notes};
use crate::site::Site;

/// What a line or a nested call needs to know about the call around it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Frame {
    /// The innermost monitored call.
    pub(crate) site: Option<&'static Site>,
    /// Its span, or that of the nearest call around it that has one; zero for none.
    pub(crate) span: u64,
    /// The stages around it.
    pub(crate) path: Path,
    /// Whether the loop that is the call's body, or an inner call, left [`Notes`]: those on
    /// top of the thread's. Not of one byte, so that a frame has no gaps, which are copied
    /// apart.
    pub(crate) noted: Noted,
}

/// Whether there are notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Noted(u32);

impl Noted {
    pub(crate) const NO: Self = Self(0);
    pub(crate) const YES: Self = Self(1);
}

thread_local! {
    static CURRENT: Cell<Frame> = const { Cell::new(Frame {
        site: None,
        span: 0,
        path: Path::ROOT,
        noted: Noted::NO,
    }) };
}

/// The current frame; an empty one after the thread's locals are gone.
#[inline]
pub(crate) fn current() -> Frame {
    CURRENT.try_with(Cell::get).unwrap_or_default()
}

/// Whether the loop of the current call left notes.
#[inline]
pub(crate) fn is_noted() -> bool {
    current().noted != Noted::NO
}

/// Makes `frame` the current one and returns the one that was.
#[inline]
pub(crate) fn replace(frame: Frame) -> Frame {
    CURRENT
        .try_with(|current| current.replace(frame))
        .unwrap_or_default()
}

/// Makes room for the notes of `frame`, the current one, which has none.
fn begin_notes(frame: Frame) {
    notes::push(Notes::NONE);
    replace(Frame {
        noted: Noted::YES,
        ..frame
    });
}

/// Notes in the current frame that an attempt failed, and what follows.
pub(crate) fn note_failed_attempt(next: Result<Duration, Stop>, cut: bool) {
    let frame = current();
    if frame.noted == Noted::NO {
        begin_notes(frame);
    }
    let _ = notes::change(|notes| notes.failed_attempt(next, cut));
}

/// Notes in the current frame that the wait for the next attempt is over.
pub(crate) fn retry_begins() {
    if is_noted() {
        let _ = notes::change(Notes::retry_begins);
    }
}

/// Notes in the current frame that an inner call ended with this failure; zero for one that
/// nobody is to be told of. Gives the failure that nobody passes on: the one that was noted
/// before, or this one where no call is around.
pub(crate) fn note_failure(failure: u64) -> u64 {
    let frame = current();
    if frame.site.is_none() {
        return failure;
    }
    if frame.noted == Noted::NO {
        if failure == 0 {
            return 0;
        }
        begin_notes(frame);
    }
    let before = notes::change(|notes| std::mem::replace(&mut notes.failure, failure));
    before.unwrap_or(failure)
}

/// Takes the failure that was noted in the current frame.
pub(crate) fn take_failure() -> u64 {
    if !is_noted() {
        return 0;
    }
    notes::change(|notes| std::mem::take(&mut notes.failure)).unwrap_or(0)
}

/// Puts the frame that was current back when dropped, also when a call unwinds.
#[derive(Debug)]
pub(crate) struct Restore(Frame);

impl Restore {
    pub(crate) fn after(frame: Frame) -> Self {
        Self(replace(frame))
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        replace(self.0);
    }
}

/// The set of stages that a call is inside of, as a node of a tree of stages that
/// grows as calls nest. A stage inside itself adds no node, so the tree is as deep
/// as there are stages, whatever recurses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Path(u32);

#[derive(Default)]
struct Tree {
    /// Parent and stage of each node but the root, which is node 0.
    nodes: Vec<(Path, &'static str)>,
    children: HashMap<(Path, &'static str), Path>,
}

static TREE: LazyLock<RwLock<Tree>> = LazyLock::new(RwLock::default);

/// The step that a function made last: it is mostly called from the same place.
#[derive(Debug)]
pub(crate) struct LastStep(AtomicU64);

impl LastStep {
    /// No path has this number.
    pub(crate) const fn none() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }

    /// The path inside `stage` from `path`, and whether the call is the outermost of its
    /// stage.
    #[inline]
    pub(crate) fn enter(&self, path: Path, stage: &'static str) -> (Path, bool) {
        let last = self.0.load(Ordering::Relaxed);
        if (last >> 32) as u32 == path.0 && last != u64::MAX {
            let inside = Path(last as u32);
            return (inside, inside != path);
        }
        self.enter_another(path, stage)
    }

    #[cold]
    fn enter_another(&self, path: Path, stage: &'static str) -> (Path, bool) {
        let (inside, outermost) = path.enter(stage);
        let step = (u64::from(path.0) << 32) | u64::from(inside.0);
        self.0.store(step, Ordering::Relaxed);
        (inside, outermost)
    }
}

impl Path {
    /// Inside of no stage.
    pub(crate) const ROOT: Self = Self(0);

    /// The path inside `stage`, and whether the call is the outermost of its stage.
    fn enter(self, stage: &'static str) -> (Self, bool) {
        let known = |tree: &Tree| tree.children.get(&(self, stage)).copied();
        let tree = TREE.read().unwrap_or_else(PoisonError::into_inner);
        let child = if let Some(child) = known(&tree) {
            child
        } else {
            drop(tree);
            let mut tree = TREE.write().unwrap_or_else(PoisonError::into_inner);
            let child = known(&tree).unwrap_or_else(|| tree.add(self, stage));
            tree.children.insert((self, stage), child);
            child
        };
        (child, child != self)
    }
}

impl Tree {
    fn add(&mut self, parent: Path, stage: &'static str) -> Path {
        let mut ancestor = parent;
        while let Some(index) = (ancestor.0 as usize).checked_sub(1) {
            let Some(&(above, name)) = self.nodes.get(index) else {
                break;
            };
            if name == stage {
                return parent;
            }
            ancestor = above;
        }
        self.nodes.push((parent, stage));
        Path(u32::try_from(self.nodes.len()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::{LastStep, Path};

    #[test]
    fn the_last_step_is_known_and_another_one_is_found() {
        let last = LastStep::none();
        let root = Path::default();
        let (a, _) = last.enter(root, "frame-C");
        assert_eq!(last.enter(root, "frame-C"), (a, true));
        assert_eq!(last.enter(a, "frame-C"), (a, false));
        let (other, _) = root.enter("frame-D");
        let (inside, outermost) = last.enter(other, "frame-C");
        assert!(outermost && inside != a);
        assert_eq!(last.enter(root, "frame-C"), (a, true));
    }

    #[test]
    fn only_the_outermost_call_of_a_stage_is_outermost() {
        let (a, outermost) = Path::default().enter("frame-A");
        assert!(outermost);
        let (b, outermost) = a.enter("frame-B");
        assert!(outermost);
        let (again, outermost) = b.enter("frame-A");
        assert!(!outermost);
        assert_eq!(again, b);
        assert_eq!(Path::default().enter("frame-A"), (a, true));
    }
}
