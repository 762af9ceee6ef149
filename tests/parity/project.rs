//! The Cargo project that the programs are compiled in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::case::Case;
use crate::diagnostic::{self, Diagnostic};

/// What the compiler would take over from around the test: lints that are not the
/// project's, or another place for what it builds.
const SURPRISES: [&str; 5] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];

/// Compiles all programs at once, and gives what was found in each.
pub(crate) fn check(cases: &[Case]) -> BTreeMap<String, Vec<Diagnostic>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity");
    write(&folder, cases);
    let output = cargo(&folder)
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

fn cargo(folder: &Path) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(folder);
    for name in SURPRISES {
        command.env_remove(name);
    }
    command
        // Kept between runs, and not the one that the test's own build has locked.
        .env("CARGO_TARGET_DIR", folder.join("target"))
        // An empty text outranks the flags of any configuration file.
        .env("CARGO_ENCODED_RUSTFLAGS", "")
        .env("CARGO_INCREMENTAL", "0");
    command
}

fn write(folder: &Path, cases: &[Case]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bins = folder.join("src/bin");
    fs::create_dir_all(&bins).expect("the project's folder");
    update(&folder.join("Cargo.toml"), &manifest(root));
    // Without it, Cargo would look for the newest versions, offline.
    let lock = fs::read_to_string(root.join("Cargo.lock")).expect("the workspace's Cargo.lock");
    fs::write(folder.join("Cargo.lock"), lock).expect("a Cargo.lock");

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
fn manifest(root: &Path) -> String {
    let runtime = toml_string(&root.join("monitor-runtime"));
    format!(
        r#"[package]
name = "parity"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
monitor-runtime = {{ path = {runtime} }}

[lints.rust]
dead_code = "allow"
"#
    )
}

/// JSON's strings are strings in TOML too.
fn toml_string(path: &Path) -> String {
    serde_json::to_string(path.to_str().expect("a path in UTF-8")).expect("a string")
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
