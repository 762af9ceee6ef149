//! Cargo projects that a test writes and compiles.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// What the compiler would take over from around the test: lints that are not the
/// project's, or another place for what it builds.
const SURPRISES: [&str; 5] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];

/// Cargo in `folder`. What it builds is kept between runs and shared by all such projects;
/// it is not in the folder that the test's own build has locked.
pub(crate) fn cargo(folder: &Path) -> Command {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(folder);
    for name in SURPRISES {
        command.env_remove(name);
    }
    command
        .env("CARGO_TARGET_DIR", target)
        // An empty text outranks the flags of any configuration file.
        .env("CARGO_ENCODED_RUSTFLAGS", "")
        .env("CARGO_INCREMENTAL", "0");
    command
}

/// Without it, Cargo would look for the newest versions, offline.
pub(crate) fn write_lock(folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = fs::read_to_string(root.join("Cargo.lock")).expect("the workspace's Cargo.lock");
    fs::write(folder.join("Cargo.lock"), lock).expect("a Cargo.lock");
}

/// A line for `[dependencies]`.
pub(crate) fn runtime() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("monitor-runtime");
    let path = path.to_str().expect("a path in UTF-8");
    // JSON's strings are strings in TOML too.
    let path = serde_json::to_string(path).expect("a string");
    format!("monitor-runtime = {{ path = {path} }}")
}
