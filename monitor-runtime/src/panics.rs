//! Message and place of the last panic of a thread, for the line that reports it.

use std::cell::{Cell, RefCell};
use std::panic;
use std::sync::Once;

use crate::clock::Tick;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<(Tick, String)>> = const { RefCell::new(None) };
}

/// Puts a hook in front of the one that is there, which still runs.
pub(crate) fn watch() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let next = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if QUIET.try_with(Cell::get).unwrap_or(false) {
                return;
            }
            let payload = info.payload();
            let message = payload
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
                .unwrap_or("a panic without a text");
            let text = match info.location() {
                Some(place) => format!("panicked at {place}: {message}"),
                None => format!("panicked: {message}"),
            };
            let _ = LAST.try_with(|last| *last.borrow_mut() = Some((Tick::now(), text)));
            next(info);
        }));
    });
}

/// What `run` gives, or nothing where it panics. The panic is neither shown nor told,
/// where the hook is ours.
#[cfg(feature = "tokio")]
pub(crate) fn quietly<T>(run: impl FnOnce() -> T) -> Option<T> {
    watch();
    let _ = QUIET.try_with(|quiet| quiet.set(true));
    let result = panic::catch_unwind(panic::AssertUnwindSafe(run)).ok();
    let _ = QUIET.try_with(|quiet| quiet.set(false));
    result
}

/// The text of this thread's last panic, if it came after `start`: one that a hook did
/// not see, as with `resume_unwind`, must not be told as an earlier one.
pub(crate) fn last_since(start: Tick) -> String {
    since(start).unwrap_or_else(|| "panicked".to_owned())
}

/// The same, or nothing where there was no panic.
pub(crate) fn since(start: Tick) -> Option<String> {
    LAST.try_with(|last| last.borrow().clone())
        .ok()
        .flatten()
        .filter(|(at, _)| *at >= start)
        .map(|(_, text)| text)
}
