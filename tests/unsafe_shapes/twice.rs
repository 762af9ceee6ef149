//! Unsafe functions twice, as they are and with `#[monitored]`, and retried ones.

#![deny(warnings, missing_docs, unused_qualifications, clippy::pedantic)]
#![allow(
    clippy::duplicate_mod,
    reason = "that the file is compiled twice is the point"
)]

#[path = "../shapes/see.rs"]
#[allow(dead_code, reason = "the other shapes need more of it")]
mod see;

#[path = "."]
mod plain {
    pub(crate) use monitor_unchanged::monitored;

    pub(crate) mod functions;
}

#[path = "."]
mod annotated {
    pub(crate) use monitor_runtime::monitored;

    pub(crate) mod functions;
}

#[cfg(unix)]
mod forked;
mod retried;

#[test]
fn unsafe_functions() {
    let (plain, annotated) = (plain::functions::shapes(), annotated::functions::shapes());
    assert_eq!(plain.len(), annotated.len());
    for (plain, annotated) in plain.iter().zip(&annotated) {
        let name = plain.name;
        assert_eq!(annotated.value, plain.value, "{name}");
        assert_eq!(annotated.drops, plain.drops, "{name}");
        assert_eq!(annotated.calls, annotated.expected, "{name}");
        assert_eq!(plain.calls, "", "{name}");
    }
}
