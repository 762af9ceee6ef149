//! Functions made by macros, whole `impl` blocks, and names of the expansion.

use std::fmt::Debug;

use super::monitored;
use crate::see::{Seen, run, see};

macro_rules! function {
    ($(#[$attribute:meta])* $vis:vis fn $name:ident($($argument:ident: $ty:ty),*) -> $out:ty { $($body:tt)* }) => {
        $(#[$attribute])*
        $vis fn $name($($argument: $ty),*) -> $out {
            $($body)*
        }
    };
}

function! {
    /// With each kind of fragment.
    #[monitored(stage = "M-17", fields(n))]
    #[inline]
    pub(crate) fn by_fragments(n: u32, rows: &mut Vec<u32>) -> Result<u32, std::num::ParseIntError> {
        rows.push(n);
        let parsed: u32 = "7".parse()?;
        Ok(parsed + n)
    }
}

macro_rules! shaped {
    ($stage:literal, $name:ident, $pattern:pat => $value:expr, $ty:ty, $lifetime:lifetime) => {
        #[monitored(stage = $stage, records = |n| *n)]
        fn $name<$lifetime>($pattern: &$lifetime $ty, more: u32) -> u32 {
            let own = more;
            $value + own
        }
    };
    (item: $stage:literal, $item:item) => {
        #[monitored(stage = $stage)]
        $item
    };
    (method: $stage:literal, $self:ident, $name:ident, $value:expr) => {
        impl Counter {
            #[monitored(stage = $stage)]
            async fn $name(&mut $self) -> u32 {
                $self.0 += $value;
                $self.0
            }
        }
    };
}

shaped!("M-18", by_a_pattern, (a, _) => a + 1, (u32, u32), 'a);
shaped!(item: "M-20", fn whole_item(n: u32) -> u32 { n + 1 });
shaped!(method: "M-21", self, by_a_macro, 2);

#[derive(Debug)]
struct Counter(u32);

#[monitored(stage = "M-22")]
impl Counter {
    const STEP: u32 = 2;

    fn step(&mut self) -> &mut Self {
        self.0 += Self::STEP;
        self
    }

    #[monitored(skip)]
    fn quiet(&self) -> u32 {
        self.0
    }

    #[monitored(stage = "M-23", fields(by))]
    pub(crate) fn own(&self, by: u32) -> u32 {
        self.0 + by
    }
}

/// Two functions of one stage are told apart by their names.
#[monitored(stage = "M-24")]
impl<T: Debug> From<&[T]> for Counter {
    #[inline]
    fn from(rows: &[T]) -> Self {
        Self(u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }
}

#[allow(
    clippy::items_after_statements,
    reason = "the item is no statement of the expansion"
)]
#[monitored(stage = "M-25", records = |__value| *__value, fields(__call, __out = __call + 1))]
fn names_of_the_expansion(__call: u32, __out: u32) -> u32 {
    let (__body, __records) = (__call, __out);
    static __SITE: u32 = 1;
    __body + __records + __SITE
}

/// Names of the library, in the caller's own hands.
mod taken {
    use super::monitored;

    pub(super) mod monitor_runtime {
        pub(in super::super) const SITE: u32 = 1;
    }

    pub(super) struct Classify(pub(super) u32);

    impl Classify {
        pub(super) fn outcome(&self) -> u32 {
            self.0
        }

        #[monitored(stage = "M-26")]
        pub(super) fn finish(self) -> Result<u32, Self> {
            if self.outcome() > 1 {
                Err(self)
            } else {
                Ok(monitor_runtime::SITE)
            }
        }
    }

    #[monitored(stage = "M-27")]
    pub(super) fn monitored(n: u32) -> u32 {
        n + 1
    }
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see("by_fragments", "M-17 by_fragments ok n=1", || {
            by_fragments(1, &mut Vec::new())
        }),
        see("by_a_pattern", "M-18 by_a_pattern ok records=4", || {
            by_a_pattern(&(1, 5), 2)
        }),
        see("whole_item", "M-20 whole_item ok", || whole_item(1)),
        see("by_a_macro", "M-21 by_a_macro ok", || {
            run(Counter(1).by_a_macro())
        }),
        see(
            "block",
            "M-22 step ok; M-22 step ok; M-23 own ok by=1",
            || {
                let mut counter = Counter(1);
                (counter.step().step().quiet(), counter.own(1))
            },
        ),
        see("from", "M-24 from ok", || Counter::from(&['a', 'b'][..])),
        see(
            "names_of_the_expansion",
            "M-25 names_of_the_expansion ok __call=1 __out=2 records=4",
            || names_of_the_expansion(1, 2),
        ),
        see("finish", "M-26 finish ok; M-26 finish error", || {
            (
                taken::Classify(1).finish().ok(),
                taken::Classify(2).finish().is_err(),
            )
        }),
        see("monitored", "M-27 monitored ok", || taken::monitored(1)),
    ]
}
