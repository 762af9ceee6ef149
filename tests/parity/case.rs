//! The programs: what is in `bodies/`, each with its attributes and without.

use std::fs;
use std::path::Path;

/// A program with one annotated function.
pub(crate) struct Case {
    pub(crate) name: String,
    source: String,
}

/// The first line of a case, and the attributes that it has then.
const IMPORTS: [(&str, &[&str]); 3] = [
    ("use monitor_runtime::monitored;", &[MONITORED]),
    ("use monitor_runtime::retry;", &[RETRY]),
    (
        "use monitor_runtime::{monitored, retry};",
        &[MONITORED, RETRY],
    ),
];
const MONITORED: &str = r#"#[monitored(stage = "NBA-17")]"#;
const RETRY: &str = "#[retry]";

/// All cases, by name.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/bodies");
    let mut cases: Vec<Case> = fs::read_dir(&folder)
        .expect("the folder of the bodies")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| Case::read(&path))
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

impl Case {
    fn read(path: &Path) -> Self {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name")
            .to_owned();
        let source = fs::read_to_string(path)
            .expect("a readable file")
            .replace("\r\n", "\n");
        let case = Self { name, source };
        case.check_form();
        case
    }

    /// A line that is not recognised would stay in the plain program, and the two
    /// would agree for the wrong reason.
    fn check_form(&self) {
        let Self { name, source } = self;
        let first = source.lines().next().unwrap_or_default();
        let (_, attributes) = IMPORTS
            .iter()
            .find(|(import, _)| *import == first)
            .unwrap_or_else(|| panic!("{name}: the first line must import the attributes"));
        for attribute in [MONITORED, RETRY] {
            let expected = usize::from(attributes.contains(&attribute));
            let count = source
                .lines()
                .filter(|line| line.trim() == attribute)
                .count();
            assert_eq!(count, expected, "{name}: lines that are {attribute}");
        }
        for word in ["monitor_runtime", "monitored", "retry"] {
            assert!(
                !self.plain().contains(word),
                "{name}: `{word}` is left without the attributes"
            );
        }
        assert!(
            source.lines().any(|line| line == "fn main() {}"),
            "{name}: there is no `fn main() {{}}`"
        );
    }

    pub(crate) fn plain_bin(&self) -> String {
        format!("{}_plain", self.name)
    }

    pub(crate) fn annotated_bin(&self) -> String {
        format!("{}_annotated", self.name)
    }

    pub(crate) fn annotated(&self) -> &str {
        &self.source
    }

    /// The program without its attributes. Empty lines take their place, so that all
    /// others keep their numbers.
    pub(crate) fn plain(&self) -> String {
        self.source
            .lines()
            .enumerate()
            .map(|(index, line)| match line.trim() {
                _ if index == 0 => "\n".to_owned(),
                MONITORED | RETRY => "\n".to_owned(),
                _ => format!("{line}\n"),
            })
            .collect()
    }
}
