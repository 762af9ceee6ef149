//! How functions name what they take.

#![allow(
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    reason = "the shapes are about how arguments are passed"
)]

use super::monitored;
use crate::see::{Seen, see};

#[derive(Clone, Debug)]
struct Row {
    id: u32,
    name: String,
    pair: (u8, u8),
}

struct Wrapped(u32);

#[monitored(stage = "A-01", fields(first, second))]
fn tuple((first, second): (u32, u32)) -> u32 {
    first + second
}

#[monitored(stage = "A-02", fields(id, %name))]
fn fields_of_a_struct(Row { id, name, .. }: Row) -> String {
    format!("{id}{name}")
}

#[monitored(stage = "A-03")]
fn renamed_and_nested(
    &Row {
        id: number,
        ref name,
        pair: (left, _),
    }: &Row,
) -> String {
    format!("{number}{name}{left}")
}

#[monitored(stage = "A-04")]
fn tuple_struct(Wrapped(inner): Wrapped, &Wrapped(mut other): &Wrapped) -> u32 {
    other += inner;
    other
}

#[monitored(stage = "A-05")]
fn slices([first, .., last]: [u32; 4], [a, rest @ ..]: &[u32; 3]) -> (u32, usize) {
    (first + last + a, rest.len())
}

#[monitored(stage = "A-06")]
fn references(&a: &u32, &&b: &&u32, &mut ref mut c: &mut u32) -> u32 {
    *c += a + b;
    *c
}

#[monitored(stage = "A-08")]
fn mutable_inside((mut a, [mut b, _]): (u32, [u32; 2]), mut c: &str) -> (u32, &str) {
    a += 1;
    b += a;
    c = c.trim();
    (b, c)
}

#[monitored(stage = "A-09", fields(named))]
fn unnamed(_: u8, named: u8, _unused: &str, _: (u8, u8)) -> u8 {
    named
}

#[monitored(stage = "A-10")]
#[allow(clippy::toplevel_ref_arg, reason = "to be seen on an argument")]
fn bound_whole_and_in_parts(whole @ (a, b): (u32, u32), ref by: u32) -> (u32, (u32, u32)) {
    (a + b + by, whole)
}

#[monitored(stage = "A-21")]
fn inner_mutable_slice(mut rows: &mut [u32]) -> usize {
    let mut count = 0;
    while let [first, rest @ ..] = rows {
        *first += 1;
        count += 1;
        rows = rest;
    }
    count
}

#[monitored(stage = "A-24")]
fn either((Ok(number) | Err(number)): Result<u32, u32>) -> u32 {
    number
}

pub(crate) fn shapes() -> Vec<Seen> {
    let row = Row {
        id: 1,
        name: "ann".to_owned(),
        pair: (2, 3),
    };
    vec![
        see("tuple", "A-01 tuple ok first=1 second=2", || tuple((1, 2))),
        see(
            "fields_of_a_struct",
            "A-02 fields_of_a_struct ok id=1 name=\"ann\"",
            || fields_of_a_struct(row.clone()),
        ),
        see("renamed_and_nested", "A-03 renamed_and_nested ok", || {
            renamed_and_nested(&row)
        }),
        see("tuple_struct", "A-04 tuple_struct ok", || {
            tuple_struct(Wrapped(1), &Wrapped(2))
        }),
        see("slices", "A-05 slices ok", || {
            slices([1, 2, 3, 4], &[5, 6, 7])
        }),
        see("references", "A-06 references ok", || {
            let mut c = 3;
            (references(&1, &&2, &mut c), c)
        }),
        see("mutable_inside", "A-08 mutable_inside ok", || {
            mutable_inside((1, [2, 3]), " a ")
        }),
        see("unnamed", "A-09 unnamed ok named=2", || {
            unnamed(1, 2, "", (3, 4))
        }),
        see(
            "bound_whole_and_in_parts",
            "A-10 bound_whole_and_in_parts ok",
            || bound_whole_and_in_parts((1, 2), 3),
        ),
        see("inner_mutable_slice", "A-21 inner_mutable_slice ok", || {
            let mut rows = [1, 2];
            (inner_mutable_slice(&mut rows), rows)
        }),
        see("either", "A-24 either ok", || either(Err(7))),
    ]
}
