//! What is the same in each event of one place in the application: the names of its
//! fields, encoded once.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use tracing::Metadata;

use super::encoder::Encoder;

/// The text of an event is a field of this name.
pub(super) const MESSAGE: &str = "message";
const TARGET: &str = "target";
const SPANS: &str = "spans";
const NOT_FINITE: &str = "not_finite";

/// The names of one place.
#[derive(Debug)]
pub(super) struct Callsite {
    /// By the index of the field.
    pub(super) fields: Box<[Key]>,
    /// `{"target":"…"`, or `{` where the application has a field of that name.
    pub(super) open: Box<[u8]>,
    /// Whether `open` has a member.
    pub(super) has_target: bool,
    /// `,"spans":`
    pub(super) spans: Box<[u8]>,
    /// `,"not_finite":`
    pub(super) not_finite: Box<[u8]>,
    /// The text comes before all fields, or there is none.
    pub(super) is_said_first: bool,
}

/// What stands for the name of a field.
#[derive(Debug)]
pub(super) enum Key {
    /// Nothing: it is the text of the event.
    Message,
    /// `,"name":`, and the name as it stands in it.
    Data(Box<[u8]>, Box<str>),
}

impl Callsite {
    /// That of an event.
    pub(super) fn of(metadata: &'static Metadata<'static>) -> &'static Self {
        /// A thread asks for the same few again and again.
        const RECENT: usize = 32;
        thread_local! {
            static CACHE: [Cell<(usize, Option<&'static Callsite>)>; RECENT] =
                const { [const { Cell::new((0, None)) }; RECENT] };
        }

        let address = std::ptr::from_ref(metadata).addr();
        let place = address / align_of::<Metadata<'_>>() % RECENT;
        let cached = CACHE.try_with(|cache| cache[place].get());
        if let Ok((known, Some(callsite))) = cached
            && known == address
        {
            return callsite;
        }
        let callsite = Self::find(address, metadata);
        let _ = CACHE.try_with(|cache| cache[place].set((address, Some(callsite))));
        callsite
    }

    fn find(address: usize, metadata: &Metadata<'_>) -> &'static Self {
        static ALL: LazyLock<RwLock<HashMap<usize, &'static Callsite>>> =
            LazyLock::new(RwLock::default);

        let known = ALL.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(callsite) = known.get(&address) {
            return callsite;
        }
        drop(known);
        let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
        // As many as there are places: given away rather than counted on each event.
        all.entry(address)
            .or_insert_with(|| Box::leak(Box::new(Self::new(metadata))))
    }

    fn new(metadata: &Metadata<'_>) -> Self {
        let names: Vec<&str> = metadata.fields().iter().map(|field| field.name()).collect();
        let mut used: Vec<String> = Vec::new();
        let has_target = !names.contains(&TARGET);
        if has_target {
            used.push(TARGET.to_owned());
        }
        let mut is_said = false;
        let mut key = |name: &str| {
            let mut own = name.to_owned();
            let mut number = 2;
            // One that the application uses further on is left to it.
            while used.contains(&own) || number > 2 && names.contains(&own.as_str()) {
                own = format!("{name}_{number}");
                number += 1;
            }
            let key = encoded(&own);
            used.push(own.clone());
            (key, own.into_boxed_str())
        };
        let fields = names
            .iter()
            .map(|name| {
                if *name == MESSAGE && !std::mem::replace(&mut is_said, true) {
                    return Key::Message;
                }
                let (key, own) = key(name);
                Key::Data(key, own)
            })
            .collect();
        let mut open = vec![b'{'];
        if has_target {
            let mut encoder = Encoder::new(&mut open, usize::MAX);
            encoder.raw(b"\"target\":");
            encoder.text(metadata.target());
        }
        let said = names.iter().position(|name| *name == MESSAGE);
        Self {
            fields,
            open: open.into_boxed_slice(),
            has_target,
            spans: key(SPANS).0,
            not_finite: key(NOT_FINITE).0,
            is_said_first: said.is_none_or(|index| index == 0),
        }
    }
}

/// `,"name":`
fn encoded(name: &str) -> Box<[u8]> {
    let mut key = vec![b','];
    let mut encoder = Encoder::new(&mut key, usize::MAX);
    encoder.text(name);
    encoder.raw(b":");
    key.into_boxed_slice()
}
