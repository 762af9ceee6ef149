//! The Cargo project that the programs are compiled in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::case::Case;
use crate::diagnostic::{self, Diagnostic};
use crate::support as project;

/// Compiles all programs at once, and gives what was found in each.
pub(crate) fn check(cases: &[Case]) -> BTreeMap<String, Vec<Diagnostic>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity");
    write(&folder, cases);
    let output = project::cargo(&folder)
        .args(["check", "--bins", "--keep-going"])
        .args(["--message-format=json", "--offline"])
        .output()
        .expect("Cargo can be started");
    let found = diagnostic::read(&String::from_utf8_lossy(&output.stdout));
    assert!(
        !found.is_empty(),
        "no program was compiled:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    found
}

fn write(folder: &Path, cases: &[Case]) {
    let bins = folder.join("src/bin");
    fs::create_dir_all(&bins).expect("the project's folder");
    update(&folder.join("Cargo.toml"), &manifest());
    project::write_lock(folder);

    let mut current = BTreeSet::new();
    for case in cases {
        for (bin, source) in [
            (case.plain_bin(), case.plain()),
            (case.annotated_bin(), case.annotated().to_owned()),
        ] {
            let path = bins.join(bin).with_extension("rs");
            update(&path, &source);
            current.insert(path);
        }
    }
    remove_others(&bins, &current);
}

/// Every function is unused, since `main` is empty.
fn manifest() -> String {
    let runtime = project::runtime();
    format!(
        r#"[package]
name = "parity"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
{runtime}

[lints.rust]
dead_code = "allow"
"#
    )
}

/// A file that has not changed keeps its time: Cargo then repeats the warnings that it
/// has stored.
fn update(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return;
    }
    fs::write(path, content).expect("a writable project");
}

/// Cases come and go.
fn remove_others(bins: &Path, current: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(bins).expect("the programs") {
        let path = entry.expect("an entry").path();
        if !current.contains(&path) {
            fs::remove_file(path).expect("a removable file");
        }
    }
}
