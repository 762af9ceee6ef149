//! Methods of traits.

use std::fmt::{Debug, Display};

use super::monitored;
use crate::see::{Noisy, Seen, see};

#[derive(Clone, Debug, Default)]
struct Table {
    rows: Vec<u32>,
    name: String,
}

impl Table {
    #[monitored(stage = "R-15")]
    fn same_name(&self) -> usize {
        self.name.len()
    }
}

trait Described {
    const LABEL: &'static str;
    type Out<'a>: Debug
    where
        Self: 'a;

    #[monitored(stage = "R-17")]
    fn describe(&self) -> String
    where
        Self: Debug,
    {
        format!("{}: {self:?}", Self::LABEL)
    }

    #[monitored(stage = "R-18")]
    fn consume(self) -> Result<Self, String>
    where
        Self: Sized,
    {
        if Self::LABEL.is_empty() {
            Err("no label".to_owned())
        } else {
            Ok(self)
        }
    }

    fn lend(&mut self) -> Self::Out<'_>;

    fn same_name(&self) -> &'static str;
}

impl Described for Table {
    const LABEL: &'static str = "table";
    type Out<'a> = &'a mut String;

    #[monitored(stage = "R-19")]
    fn lend(&mut self) -> Self::Out<'_> {
        self.name.push('!');
        &mut self.name
    }

    #[monitored(stage = "R-20")]
    fn same_name(&self) -> &'static str {
        "the trait's"
    }
}

impl Described for Noisy {
    const LABEL: &'static str = "";
    type Out<'a> = usize;

    #[monitored(stage = "R-21")]
    fn lend(&mut self) -> usize {
        self.0 = self.0.trim();
        self.0.len()
    }

    fn same_name(&self) -> &'static str {
        self.0
    }
}

struct Holder<T, const N: usize>([T; N]);

impl<T: Display + Clone, const N: usize> Holder<T, N> {
    const LAST: usize = N - 1;

    #[monitored(stage = "R-22", fields(N, last = %self.0[Self::LAST]))]
    fn last<U: From<T>>(&self) -> (U, Self) {
        (U::from(self.0[Self::LAST].clone()), Self(self.0.clone()))
    }
}

impl<T> Iterator for Holder<Option<T>, 1> {
    type Item = T;

    #[monitored(stage = "R-23")]
    fn next(&mut self) -> Option<<Self as Iterator>::Item> {
        let Self([slot]) = self;
        slot.take()
    }
}

trait Shown {
    fn shown(&self) -> String;
}

impl Shown for Table {
    #[monitored(stage = "R-24")]
    fn shown(&self) -> String {
        format!("{}{}", self.name, self.rows.len())
    }
}

impl dyn Shown + '_ {
    #[monitored(stage = "R-25")]
    fn twice(&self) -> String {
        self.shown() + &self.shown()
    }
}

impl<T: Shown + ?Sized> Shown for &T {
    #[monitored(stage = "R-26")]
    fn shown(&self) -> String {
        format!("&{}", (**self).shown())
    }
}

fn table() -> Table {
    Table {
        rows: vec![1, 2],
        name: "t".to_owned(),
    }
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see("same_name", "R-15 same_name ok; R-20 same_name ok", || {
            let table = table();
            (table.same_name(), Described::same_name(&table))
        }),
        see("describe", "R-17 describe ok", || table().describe()),
        see("consume", "R-18 consume ok; R-18 consume error", || {
            (
                table().consume().is_ok(),
                Noisy("consumed").consume().is_ok(),
            )
        }),
        see("lend", "R-19 lend ok; R-21 lend ok", || {
            let mut table = table();
            table.lend().push('?');
            (
                table,
                Noisy(" a ").lend(),
                Described::same_name(&Noisy("b")),
            )
        }),
        see("last", "R-22 last ok N=2 last=\"b\"", || {
            let (last, holder) = Holder(["a", "b"]).last::<String>();
            (last, holder.0)
        }),
        see("next", "R-23 next ok; R-23 next ok", || {
            let mut holder = Holder([Some(7)]);
            (holder.next(), holder.next())
        }),
        see(
            "twice",
            "R-24 shown ok; R-26 shown ok; R-24 shown ok; R-26 shown ok; R-25 twice ok",
            || {
                let table = table();
                let shown: &dyn Shown = &&table;
                shown.twice()
            },
        ),
    ]
}
