//! Methods: every receiver.

use std::fmt::Debug;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use super::monitored;
use crate::see::{Seen, see};

#[derive(Clone, Debug, Default)]
struct Table {
    rows: Vec<u32>,
    name: String,
}

impl Table {
    #[monitored(stage = "R-01", fields(rows = self.rows.len()))]
    fn by_reference(&self) -> usize {
        self.rows.len()
    }

    #[monitored(stage = "R-02", records = |rows| rows.len())]
    fn by_mutable_reference(&mut self, row: u32) -> &mut Vec<u32> {
        self.rows.push(row);
        &mut self.rows
    }

    #[monitored(stage = "R-03")]
    fn by_value(self) -> Vec<u32> {
        self.rows
    }

    #[monitored(stage = "R-04")]
    fn by_mutable_value(mut self, row: u32) -> Self {
        self.rows.push(row);
        self
    }

    #[monitored(stage = "R-05")]
    #[allow(clippy::boxed_local, reason = "a form of the receiver")]
    fn by_box(self: Box<Self>) -> Vec<u32> {
        self.rows
    }

    #[monitored(stage = "R-06")]
    fn by_rc(self: Rc<Self>) -> usize {
        Rc::strong_count(&self) + self.rows.len()
    }

    #[monitored(stage = "R-07")]
    fn by_reference_to_arc(self: &Arc<Self>) -> Arc<Self> {
        Arc::clone(self)
    }

    #[monitored(stage = "R-08")]
    fn by_pin(mut self: Pin<&mut Self>) -> usize {
        self.rows.push(1);
        self.as_ref().get_ref().rows.len()
    }

    #[monitored(stage = "R-09")]
    #[allow(
        clippy::needless_arbitrary_self_type,
        reason = "a form of the receiver"
    )]
    fn by_typed_reference(self: &Self, other: &Self) -> bool {
        self.rows == other.rows
    }

    #[monitored(stage = "R-10")]
    fn by_lifetime<'a>(&'a self, other: &'a Self) -> &'a Self {
        if self.rows.len() < other.rows.len() {
            other
        } else {
            self
        }
    }

    #[monitored(stage = "R-11")]
    fn associated(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    #[monitored(stage = "R-12")]
    fn parts(&mut self) -> (&mut [u32], &str) {
        let Self { rows, name } = self;
        (rows, name)
    }

    #[monitored(stage = "R-13")]
    fn find_or_add(&mut self, row: u32) -> Option<&mut u32> {
        if let Some(index) = self.rows.iter().position(|&other| other == row) {
            return self.rows.get_mut(index);
        }
        self.rows.push(row);
        self.rows.last_mut()
    }

    #[monitored(stage = "R-14")]
    fn iterate(&self) -> impl Iterator<Item = u32> + use<'_> {
        self.rows.iter().copied().rev()
    }

    #[monitored(stage = "R-16")]
    fn recursive(&mut self, depth: u32) -> usize {
        if depth > 0 {
            self.rows.push(depth);
            self.recursive(depth - 1)
        } else {
            self.rows.len()
        }
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
        see("by_reference", "R-01 by_reference ok rows=2", || {
            table().by_reference()
        }),
        see(
            "by_mutable_reference",
            "R-02 by_mutable_reference ok records=3",
            || {
                let mut table = table();
                table.by_mutable_reference(3).push(4);
                table
            },
        ),
        see("by_value", "R-03 by_value ok", || table().by_value()),
        see("by_mutable_value", "R-04 by_mutable_value ok", || {
            table().by_mutable_value(3)
        }),
        see("by_box", "R-05 by_box ok", || Box::new(table()).by_box()),
        see("by_rc", "R-06 by_rc ok", || Rc::new(table()).by_rc()),
        see("by_reference_to_arc", "R-07 by_reference_to_arc ok", || {
            Arc::strong_count(&Arc::new(table()).by_reference_to_arc())
        }),
        see("by_pin", "R-08 by_pin ok", || {
            Pin::new(&mut table()).by_pin()
        }),
        see("by_typed_reference", "R-09 by_typed_reference ok", || {
            table().by_typed_reference(&table())
        }),
        see("by_lifetime", "R-10 by_lifetime ok", || {
            table().by_lifetime(&Table::default()).clone()
        }),
        see("associated", "R-11 associated ok", || {
            Table::associated("t")
        }),
        see("parts", "R-12 parts ok", || {
            let mut table = table();
            let (rows, name) = table.parts();
            rows[0] = 9;
            format!("{rows:?}{name}")
        }),
        see(
            "find_or_add",
            "R-13 find_or_add ok; R-13 find_or_add ok",
            || {
                let mut table = table();
                for row in [1, 9] {
                    if let Some(found) = table.find_or_add(row) {
                        *found += 1;
                    }
                }
                table
            },
        ),
        see("iterate", "R-14 iterate ok", || {
            table().iterate().collect::<Vec<_>>()
        }),
        see(
            "recursive",
            "R-16 recursive ok; R-16 recursive ok; R-16 recursive ok",
            || table().recursive(2),
        ),
    ]
}
