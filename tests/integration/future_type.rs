//! What the type of a future is: its size, its auto traits, its depth.

#![allow(
    clippy::await_holding_lock,
    clippy::drop_non_drop,
    clippy::manual_async_fn,
    reason = "the types are what is tested"
)]

use std::cell::Cell;
use std::future::{self, Future};
use std::marker::{PhantomData, PhantomPinned};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard};

use monitor_runtime::monitored;

/// By how many bytes a future may grow.
const GROWTH: usize = 64;

async fn pause() {
    futures_lite::future::yield_now().await;
}

struct Big([u8; 1024]);

fn first(big: &Big) -> u8 {
    big.0[0]
}

mod plain {
    use super::*;

    pub(super) async fn held(big: Big) -> u8 {
        pause().await;
        first(&big)
    }
    pub(super) async fn consumed(big: Big) -> u8 {
        pause().await;
        let own = big;
        first(&own)
    }
    pub(super) async fn owned(big: Box<Big>, name: String) -> usize {
        pause().await;
        drop(name);
        usize::from(first(&big))
    }
    pub(super) async fn used_before(big: Big) -> u8 {
        let value = first(&big);
        pause().await;
        value
    }
    pub(super) async fn unused(_big: [u8; 1024]) -> u8 {
        pause().await;
        7
    }
    pub(super) async fn fallible(big: Big) -> Result<u8, String> {
        pause().await;
        big.0
            .iter()
            .copied()
            .max()
            .ok_or_else(|| "empty".to_owned())
    }
    pub(super) fn returned(big: Big) -> impl Future<Output = u8> {
        async move {
            pause().await;
            first(&big)
        }
    }
    pub(super) fn ready(value: u8) -> impl Future<Output = u8> {
        future::ready(value)
    }
}

mod annotated {
    use super::*;

    #[monitored(stage = "NBA-17")]
    pub(super) async fn held(big: Big) -> u8 {
        pause().await;
        first(&big)
    }
    #[monitored(stage = "NBA-17")]
    pub(super) async fn consumed(big: Big) -> u8 {
        pause().await;
        let own = big;
        first(&own)
    }
    #[monitored(stage = "NBA-17")]
    pub(super) async fn owned(big: Box<Big>, name: String) -> usize {
        pause().await;
        drop(name);
        usize::from(first(&big))
    }
    #[monitored(stage = "NBA-17")]
    pub(super) async fn used_before(big: Big) -> u8 {
        let value = first(&big);
        pause().await;
        value
    }
    #[monitored(stage = "NBA-17")]
    pub(super) async fn unused(_big: [u8; 1024]) -> u8 {
        pause().await;
        7
    }
    #[monitored(stage = "NBA-17", records = |n| *n, fields(length = big.0.len()), alert = "critical")]
    pub(super) async fn fallible(big: Big) -> Result<u8, String> {
        pause().await;
        big.0
            .iter()
            .copied()
            .max()
            .ok_or_else(|| "empty".to_owned())
    }
    #[monitored(stage = "NBA-17")]
    pub(super) fn returned(big: Big) -> impl Future<Output = u8> {
        async move {
            pause().await;
            first(&big)
        }
    }
    #[monitored(stage = "NBA-17")]
    pub(super) fn ready(value: u8) -> impl Future<Output = u8> {
        future::ready(value)
    }
}

#[test]
fn a_future_grows_by_at_most_64_bytes() {
    let big = || Big([7; 1024]);
    macro_rules! growth {
        ($($name:ident($($argument:expr),*);)*) => {[$((
            stringify!($name),
            size_of_val(&plain::$name($($argument),*)),
            size_of_val(&annotated::$name($($argument),*)),
        )),*]};
    }
    let all = growth! {
        held(big());
        consumed(big());
        owned(Box::new(big()), String::new());
        used_before(big());
        unused([7; 1024]);
        fallible(big());
        returned(big());
        ready(7);
    };
    for (name, plain, annotated) in all {
        eprintln!("{name}: {plain} bytes, annotated {annotated}");
    }
    for (name, plain, annotated) in all {
        assert!(
            annotated <= plain + GROWTH,
            "{name}: {plain} bytes, annotated {annotated}"
        );
    }
}

/// A module that tells whether the type of a value has a trait: an inherent method comes
/// before that of a trait, where its bounds hold.
macro_rules! probe {
    ($name:ident, $trait:path) => {
        mod $name {
            use super::*;

            pub(super) struct Of<T>(PhantomData<T>);

            pub(super) fn of<T>(_: &T) -> Of<T> {
                Of(PhantomData)
            }

            impl<T: $trait> Of<T> {
                pub(super) fn holds(&self) -> bool {
                    true
                }
            }

            pub(super) trait Otherwise {
                fn holds(&self) -> bool {
                    false
                }
            }

            impl<T> Otherwise for Of<T> {}
        }
    };
}

probe!(send, Send);
probe!(sync, Sync);
probe!(unpin, Unpin);
probe!(unwind_safe, UnwindSafe);
probe!(ref_unwind_safe, RefUnwindSafe);

/// The auto traits of a value's type.
macro_rules! auto_traits {
    ($value:expr) => {{
        #[allow(unused_imports, reason = "used where a trait does not hold")]
        use {
            ref_unwind_safe::Otherwise as _, send::Otherwise as _, sync::Otherwise as _,
            unpin::Otherwise as _, unwind_safe::Otherwise as _,
        };
        let value = $value;
        [
            send::of(&value).holds(),
            sync::of(&value).holds(),
            unpin::of(&value).holds(),
            unwind_safe::of(&value).holds(),
            ref_unwind_safe::of(&value).holds(),
        ]
    }};
}

mod traits {
    use super::*;

    /// The same functions, annotated or not.
    macro_rules! functions {
        ($(#[$attribute:meta])?) => {
            use super::*;

            $(#[$attribute])?
            pub(crate) async fn owned(name: String) -> usize {
                pause().await;
                name.len()
            }
            $(#[$attribute])?
            pub(crate) async fn cell(cell: Cell<u8>) -> u8 {
                pause().await;
                cell.get()
            }
            $(#[$attribute])?
            pub(crate) async fn shared(cell: &Cell<u8>) -> u8 {
                pause().await;
                cell.get()
            }
            $(#[$attribute])?
            pub(crate) async fn counted(text: Rc<str>) -> usize {
                pause().await;
                text.len()
            }
            $(#[$attribute])?
            pub(crate) async fn guard(guard: MutexGuard<'_, u8>) -> u8 {
                pause().await;
                *guard
            }
            $(#[$attribute])?
            pub(crate) async fn mutable(n: &mut u8) {
                pause().await;
                *n += 1;
            }
            $(#[$attribute])?
            pub(crate) async fn pinned(_pinned: PhantomPinned) {
                pause().await;
            }
            $(#[$attribute])?
            pub(crate) async fn pattern((cell, _): (Cell<u8>, u8)) -> u8 {
                pause().await;
                cell.get()
            }
            $(#[$attribute])?
            pub(crate) async fn consumed(cell: Cell<u8>) {
                pause().await;
                drop(cell);
            }
            $(#[$attribute])?
            pub(crate) fn ready(n: u8) -> impl Future<Output = u8> {
                future::ready(n)
            }
            $(#[$attribute])?
            pub(crate) fn block(cell: Cell<u8>) -> impl Future<Output = u8> {
                async move {
                    pause().await;
                    cell.get()
                }
            }
            $(#[$attribute])?
            pub(crate) fn lazy(n: &u8) -> impl Future<Output = u8> {
                future::poll_fn(move |_| std::task::Poll::Ready(*n))
            }

            pub(crate) struct Stage(pub(crate) Cell<u8>);

            impl Stage {
                $(#[$attribute])?
                pub(crate) async fn by_value(self) -> u8 {
                    pause().await;
                    self.0.get()
                }
                $(#[$attribute])?
                pub(crate) async fn by_reference(&mut self) -> u8 {
                    pause().await;
                    self.0.get()
                }
            }
        };
    }

    pub(super) mod plain {
        functions!();
    }

    pub(super) mod annotated {
        functions!(#[monitored(stage = "NBA-17")]);
    }
}

#[test]
fn auto_traits_are_those_of_the_plain_future() {
    macro_rules! compare {
        ($($name:ident($($argument:expr),*);)*) => {
            $(
                let plain = auto_traits!(traits::plain::$name($($argument),*));
                let annotated = auto_traits!(traits::annotated::$name($($argument),*));
                assert_eq!(annotated, plain, stringify!($name));
            )*
        };
    }
    let (mutex, mut n, cell) = (Mutex::new(7), 7, Cell::new(7));
    compare! {
        owned(String::new());
        cell(Cell::new(7));
        shared(&cell);
        counted(Rc::from("text"));
        guard(mutex.lock().unwrap());
        mutable(&mut n);
        pinned(PhantomPinned);
        pattern((Cell::new(7), 7));
        consumed(Cell::new(7));
        ready(7);
        block(Cell::new(7));
        lazy(&7);
    }
    let (plain, annotated) = (
        || traits::plain::Stage(Cell::new(7)),
        || traits::annotated::Stage(Cell::new(7)),
    );
    assert_eq!(
        auto_traits!(annotated().by_value()),
        auto_traits!(plain().by_value())
    );
    let (mut plain, mut annotated) = (plain(), annotated());
    assert_eq!(
        auto_traits!(annotated.by_reference()),
        auto_traits!(plain.by_reference())
    );
    assert_eq!(auto_traits!(future::ready(7)), [true; 5]);
}

/// Each call adds two types to a future's, the one that follows it and the block that it
/// follows. The compiler's default limit on depth is enough for a dozen of them.
#[test]
fn a_dozen_calls_inside_each_other_are_within_the_recursion_limit() {
    macro_rules! chain {
        ($($name:ident calls $next:ident,)*) => {
            $(
                #[monitored(stage = "NBA-17")]
                async fn $name(n: u8) -> u8 {
                    $next(n).await
                }
            )*
        };
    }
    chain! {
        f1 calls f2, f2 calls f3, f3 calls f4, f4 calls f5, f5 calls f6, f6 calls f7,
        f7 calls f8, f8 calls f9, f9 calls f10, f10 calls f11, f11 calls f12, f12 calls last,
    }
    async fn last(n: u8) -> u8 {
        pause().await;
        n
    }
    fn send<F: Future + Send>(future: F) -> F {
        future
    }
    assert_eq!(futures_lite::future::block_on(send(f1(7))), 7);
}
