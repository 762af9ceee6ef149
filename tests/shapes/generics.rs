//! Type parameters, bounds and associated types.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::{BuildHasher, Hash};
use std::ops::{Add, Deref};

use super::monitored;
use crate::see::{Seen, see};

#[monitored(stage = "G-01", fields(N, first = ?rows[0]))]
fn array<T: Clone + Debug, const N: usize>(rows: [T; N]) -> Vec<[T; N]> {
    vec![rows.clone(), rows]
}

#[monitored(stage = "G-02", records = |sum| *sum)]
fn where_clause<I>(rows: I) -> u64
where
    I: IntoIterator,
    I::Item: Into<u64>,
    for<'a> &'a I: Debug,
{
    rows.into_iter().map(Into::into).sum()
}

#[monitored(stage = "G-13")]
fn operators<T>(a: T, b: T) -> <T as Add>::Output
where
    T: Add<Output: Debug> + Copy,
{
    a + b
}

#[monitored(stage = "G-14", fields(key = ?key))]
fn map_entry<K, V, S>(map: &mut HashMap<K, V, S>, key: K) -> &mut V
where
    K: Eq + Hash + Debug,
    V: Default,
    S: BuildHasher,
{
    map.entry(key).or_default()
}

#[monitored(stage = "G-15")]
fn unsized_argument<T: ?Sized + AsRef<[u8]>>(bytes: &T) -> usize {
    bytes.as_ref().len()
}

#[monitored(stage = "G-16")]
fn dereferenced<P: Deref<Target: Debug + Sized>>(pointer: P) -> String {
    format!("{:?}", *pointer)
}

#[monitored(stage = "G-17")]
fn const_expression<const UP: bool>(rows: &mut [u32; if cfg!(any()) { 1 } else { 2 }]) {
    if UP {
        rows.sort_unstable();
    } else {
        rows.reverse();
    }
}

#[monitored(stage = "G-18")]
fn generic_closure<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |a| g(f(a))
}

trait Unit {
    type Number: Copy + Into<f64>;
    const SCALE: f64;

    #[monitored(stage = "G-22", fields(scale = Self::SCALE))]
    fn scaled(number: Self::Number) -> f64 {
        number.into() * Self::SCALE
    }
}

struct Kilo;

impl Unit for Kilo {
    type Number = u32;
    const SCALE: f64 = 1000.0;
}

#[monitored(stage = "G-23")]
fn chosen_by_the_caller<T>(text: &str) -> Result<T, T::Err>
where
    T: std::str::FromStr<Err: Debug>,
{
    text.trim().parse()
}

#[monitored(stage = "G-25")]
fn opaque_and_recursive(depth: u32) -> (impl Debug, u32) {
    let below = if depth == 0 {
        0
    } else {
        opaque_and_recursive(depth - 1).1
    };
    (Some(depth), below + 1)
}

macro_rules! pair_of {
    ($ty:ty) => {
        ($ty, [$ty; { 1 + 1 }])
    };
}

#[monitored(stage = "G-26")]
fn types_by_a_macro((one, two): pair_of!(u32)) -> pair_of!(u64) {
    (one.into(), two.map(u64::from))
}

#[derive(Clone, Copy)]
#[repr(C, packed)]
struct Packed {
    tag: u8,
    number: u32,
}

#[monitored(stage = "G-27")]
fn packed(value: Packed) -> u64 {
    let number = value.number;
    u64::from(number) + u64::from(value.tag)
}

#[monitored(stage = "G-28")]
fn uninhabited(value: std::convert::Infallible) -> u32 {
    match value {}
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see("array", "G-01 array ok N=2 first=\"'a'\"", || {
            array(['a', 'b'])
        }),
        see("where_clause", "G-02 where_clause ok records=3", || {
            where_clause([1_u32, 2])
        }),
        see("operators", "G-13 operators ok", || operators(1.5, 2.0)),
        see("map_entry", "G-14 map_entry ok key=\"\\\"a\\\"\"", || {
            let mut map = HashMap::new();
            *map_entry(&mut map, "a") = 7;
            map
        }),
        see("unsized_argument", "G-15 unsized_argument ok", || {
            unsized_argument("abc")
        }),
        see("dereferenced", "G-16 dereferenced ok", || {
            dereferenced(Box::new(7))
        }),
        see(
            "const_expression",
            "G-17 const_expression ok; G-17 const_expression ok",
            || {
                let mut rows = [2, 1];
                const_expression::<true>(&mut rows);
                let sorted = rows;
                const_expression::<false>(&mut rows);
                (sorted, rows)
            },
        ),
        see("generic_closure", "G-18 generic_closure ok", || {
            generic_closure(|a: u8| a + 1, |b| b.to_string())(6)
        }),
        see("scaled", "G-22 scaled ok scale=1000.0", || Kilo::scaled(7)),
        see(
            "chosen_by_the_caller",
            "G-23 chosen_by_the_caller ok; G-23 chosen_by_the_caller error",
            || {
                (
                    chosen_by_the_caller::<u8>(" 7"),
                    chosen_by_the_caller::<bool>("7"),
                )
            },
        ),
        see(
            "opaque_and_recursive",
            "G-25 opaque_and_recursive ok; G-25 opaque_and_recursive ok",
            || opaque_and_recursive(1),
        ),
        see("types_by_a_macro", "G-26 types_by_a_macro ok", || {
            types_by_a_macro((1, [2, 3]))
        }),
        see("packed", "G-27 packed ok", || {
            packed(Packed { tag: 1, number: 2 })
        }),
        see("uninhabited", "", || {
            let _: fn(std::convert::Infallible) -> u32 = uninhabited;
        }),
    ]
}
