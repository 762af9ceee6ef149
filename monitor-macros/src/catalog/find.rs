//! Where `monitor.toml` is looked for.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, fs};

use proc_macro2::Span;

pub(super) const FILE: &str = "monitor.toml";

/// The file that counts for the code at `span`, if there is one.
///
/// The nearest one counts: from the source file's folder up to the crate's, from
/// there up to the workspace's root, never above. So each example of a package
/// can have its own. A test case of trybuild is built in a folder that trybuild
/// makes; only the folder of its source counts.
pub(super) fn find(span: Span) -> Option<PathBuf> {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    if is_made_by_trybuild(&crate_folder) {
        return source_folder(span)
            .map(|folder| folder.join(FILE))
            .filter(|file| file.is_file());
    }
    // Asked for each attribute, while a build has one crate.
    static ROOT: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    let (known, root) = ROOT.get_or_init(|| (crate_folder.clone(), search_root(&crate_folder)));
    let root = if *known == crate_folder {
        root.clone()
    } else {
        search_root(&crate_folder)
    };
    let source = source_folder(span).filter(|folder| folder.starts_with(&crate_folder));
    let start = source.as_deref().unwrap_or(&crate_folder);
    start
        .ancestors()
        .take_while(|folder| folder.starts_with(&root))
        .map(|folder| folder.join(FILE))
        .find(|file| file.is_file())
}

fn source_folder(span: Span) -> Option<PathBuf> {
    // Outside of a compiler, as in a test of the macros, no span knows its file.
    if !proc_macro::is_available() {
        return None;
    }
    let file = span.unwrap().local_file()?;
    let file = env::current_dir().ok()?.join(file);
    file.parent().map(Path::to_owned)
}

/// The highest folder that is searched: the workspace's root, or the crate's own
/// folder for a crate that is a copy from a registry, from git or a vendor folder,
/// and for one outside any workspace.
fn search_root(crate_folder: &Path) -> PathBuf {
    let is_copy = [".cargo-ok", ".cargo-checksum.json"]
        .iter()
        .any(|mark| crate_folder.join(mark).exists());
    if is_copy {
        return crate_folder.to_owned();
    }
    crate_folder
        .ancestors()
        .find(|folder| is_workspace_root(folder))
        .unwrap_or(crate_folder)
        .to_owned()
}

fn is_made_by_trybuild(crate_folder: &Path) -> bool {
    crate_folder
        .parent()
        .is_some_and(|folder| folder.ends_with("tests/trybuild"))
}

fn is_workspace_root(folder: &Path) -> bool {
    fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|manifest| {
        manifest
            .lines()
            .any(|line| line.trim_start().starts_with("[workspace"))
    })
}
