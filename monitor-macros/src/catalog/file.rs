//! One `monitor.toml`, read and checked once a build.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::SystemTime;
use std::{env, fs};

use monitor_config::Config;
use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::find::FILE;
use crate::diagnostics::Diagnostics;

/// A file with what is in it.
pub(super) struct File {
    /// The path as messages show it.
    pub(super) shown: String,
    /// The path for `include_str!`.
    pub(super) absolute: String,
    /// Part of the key: an editor's macro server outlives many changes.
    modified: Option<SystemTime>,
    content: Result<Config, Vec<String>>,
    reported: AtomicBool,
    watched: AtomicBool,
}

static FILES: LazyLock<Mutex<HashMap<PathBuf, Arc<File>>>> = LazyLock::new(Mutex::default);

/// The file at `path`, from memory if it did not change.
pub(super) fn load(path: &Path) -> Arc<File> {
    let modified = fs::metadata(path).and_then(|data| data.modified()).ok();
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(file) = files.get(path).filter(|file| file.modified == modified) {
        return Arc::clone(file);
    }
    let file = Arc::new(File::read(path, modified));
    files.insert(path.to_owned(), Arc::clone(&file));
    file
}

impl File {
    fn read(path: &Path, modified: Option<SystemTime>) -> Self {
        let content = match (path.to_str(), fs::read_to_string(path)) {
            (None, _) => Err(vec![": its path is not valid UTF-8".to_owned()]),
            (_, Err(error)) => Err(vec![format!(" cannot be read: {error}")]),
            (_, Ok(text)) => Config::parse(&text).map_err(|problems| {
                let problems = problems.iter().map(|problem| format!(", {problem}"));
                problems.collect()
            }),
        };
        Self {
            modified,
            shown: shown(path),
            absolute: path.to_string_lossy().into_owned(),
            content,
            reported: AtomicBool::new(false),
            watched: AtomicBool::new(false),
        }
    }

    /// What the file says, if it says it without a mistake.
    pub(super) fn config(&self) -> Option<&Config> {
        self.content.as_ref().ok()
    }

    /// Reports the mistakes in the file, once a build.
    pub(super) fn report(&self, span: Span, diagnostics: &mut Diagnostics) {
        let Err(problems) = &self.content else { return };
        if !self.reported.swap(true, Ordering::Relaxed) {
            for problem in problems {
                diagnostics.error(span, format!("{}{problem}", self.shown));
            }
        }
    }

    /// A statement that makes the compiler build anew when the file changes. One in a
    /// build is enough.
    pub(super) fn watch(&self) -> TokenStream {
        if self.watched.swap(true, Ordering::Relaxed) {
            return TokenStream::new();
        }
        let absolute = &self.absolute;
        quote!(
            const _: &[u8] = ::core::include_bytes!(#absolute);
        )
    }
}

/// The path relative to the crate where that is possible, so that no build machine's
/// folders end up in a binary.
fn shown(path: &Path) -> String {
    let crate_folder = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let relative =
        crate_folder.and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    relative.map_or_else(|| FILE.to_owned(), |path| path.display().to_string())
}
