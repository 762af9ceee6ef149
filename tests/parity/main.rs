//! What is wrong in a body looks as it does without the attribute: the same lines, the
//! same codes, no lint more and none less.
//!
//! Each file in `bodies/` is compiled twice, with its attributes and without. The file
//! is not a module of this test, since it does not compile. How the compiler words a
//! message may depend on what surrounds a body, so texts are counted and not compared.
//!
//! `differs.rs` lists the bodies that are known to differ, with the reason.

mod case;
mod diagnostic;
mod differs;
mod project;
#[path = "../support/project.rs"]
mod support;

use std::collections::BTreeMap;
use std::fmt::Write;

use diagnostic::Diagnostic;

/// Fewer than this, and files were lost.
const FEWEST: usize = 30;

/// A code without the attribute, the code with it (or the other way round), and what
/// in a closure forces it.
const FORCED: [(&str, &str, &str); 3] = [
    (
        "E0268",
        "E0267",
        "a `break` without a loop is outside of one in a function, and inside of a closure",
    ),
    (
        "E0384",
        "E0594",
        "an immutable argument is assigned twice in a function, and is captured by a closure",
    ),
    (
        "E0515",
        "E0597",
        "what a function owns is returned as a reference, what a closure borrows does not live long enough",
    ),
];

#[test]
fn what_is_wrong_in_a_body_is_reported_as_without_the_attribute() {
    let cases = case::all();
    assert!(
        cases.len() >= FEWEST,
        "{} bodies, expected {FEWEST} or more",
        cases.len()
    );
    let mut found = project::check(&cases);

    let mut failures = String::new();
    let (mut same_texts, mut all_texts) = (0, 0);
    for case in &cases {
        let plain = take(&mut found, &case.plain_bin());
        let annotated = take(&mut found, &case.annotated_bin());
        if plain.is_empty() {
            let name = &case.name;
            let _ = writeln!(failures, "\n{name}: nothing is wrong without the attribute");
        }
        let same = plain.len() == annotated.len() && plain.iter().zip(&annotated).all(alike);
        match (same, differs::is_known(&case.name)) {
            (false, false) => failures.push_str(&both(&case.name, &plain, &annotated)),
            (true, true) => {
                let _ = writeln!(
                    failures,
                    "\n{}: differs no longer, take it off the list",
                    case.name
                );
            }
            _ => {}
        }
        all_texts += plain.len();
        same_texts += plain
            .iter()
            .zip(&annotated)
            .filter(|(plain, annotated)| plain.text == annotated.text)
            .count();
    }
    eprintln!(
        "{} bodies; {same_texts} of {all_texts} messages have the same text",
        cases.len()
    );
    for name in differs::names() {
        if !cases.iter().any(|case| case.name == name) {
            let _ = writeln!(failures, "\n{name}: there is no such body");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// What was found in one program, in an order that pairs it with that of its twin.
fn take(found: &mut BTreeMap<String, Vec<Diagnostic>>, bin: &str) -> Vec<Diagnostic> {
    let mut diagnostics = found.remove(bin).unwrap_or_default();
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.lines.clone(), d.level.clone(), canonical(d).to_owned());
        key(a).cmp(&key(b)).then_with(|| a.text.cmp(&b.text))
    });
    diagnostics
}

fn alike((plain, annotated): (&Diagnostic, &Diagnostic)) -> bool {
    plain.level == annotated.level
        && plain.lines == annotated.lines
        && canonical(plain) == canonical(annotated)
}

/// The code, one for both of a pair that a closure forces.
fn canonical(diagnostic: &Diagnostic) -> &str {
    let code = diagnostic.code.as_str();
    FORCED
        .iter()
        .find(|(_, in_closure, _)| *in_closure == code)
        .map_or(code, |(in_function, _, _)| in_function)
}

fn both(name: &str, plain: &[Diagnostic], annotated: &[Diagnostic]) -> String {
    let mut text = format!("\n{name}\n");
    for (title, diagnostics) in [("without", plain), ("with", annotated)] {
        let _ = writeln!(text, "  {title} the attribute:");
        if diagnostics.is_empty() {
            text.push_str("    nothing\n");
        }
        for diagnostic in diagnostics {
            let _ = writeln!(text, "    {diagnostic}");
        }
    }
    text
}
