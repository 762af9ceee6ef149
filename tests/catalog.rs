//! Where monitor.toml is looked for when code is compiled, and where not.
//!
//! Each test writes a workspace into a folder of its own and compiles it.

#[path = "support/project.rs"]
mod project;

use std::fs;

use tempfile::TempDir;

/// Declares a stage that no code here has: whatever finds it is an error.
const OTHER: &str = "[stages.NBA-18]\n";
const DECLARED: &str = "[stages.NBA-17]\n";

/// A workspace with one crate, and what else a test puts into it.
struct Workspace {
    /// Its crate's: Cargo tells workspaces in one target folder apart by nothing else.
    name: &'static str,
    folder: TempDir,
}

impl Workspace {
    /// The crate is a member of a workspace that is two folders below the folder.
    fn new(name: &'static str) -> Self {
        let workspace = Self {
            name,
            folder: tempfile::tempdir().expect("a folder"),
        };
        workspace.write(
            "work/Cargo.toml",
            "[workspace]\nmembers = [\"app\"]\nexclude = [\"copied\"]\nresolver = \"3\"\n",
        );
        project::write_lock(&workspace.folder.path().join("work"));
        workspace.write_crate("work/app", name, "");
        workspace
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    /// A crate with two functions of stage NBA-17.
    fn write_crate(&self, folder: &str, name: &str, dependencies: &str) {
        let runtime = project::runtime();
        self.write(
            &format!("{folder}/Cargo.toml"),
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\n{runtime}\n{dependencies}\n"
            ),
        );
        self.write(
            &format!("{folder}/src/lib.rs"),
            "use monitor_runtime::monitored;\n\n\
             #[monitored(stage = \"NBA-17\")]\npub fn ingest() {}\n\n\
             #[monitored(stage = \"NBA-17\")]\npub fn load() {}\n",
        );
    }

    /// Lets the crate depend on another one, in `folder`, at `path` from the crate.
    fn add_dependency(&self, folder: &str, path: &str) {
        let name = format!("{}-dependency", self.name);
        self.write_crate(folder, &name, "");
        let dependency = format!("{name} = {{ path = \"{path}\" }}");
        self.write_crate("work/app", self.name, &dependency);
    }

    /// What the compiler says; nothing where the code compiles.
    fn check(&self) -> String {
        let output = project::cargo(&self.folder.path().join("work"))
            .args(["check", "--offline", "--quiet", "--color=never"])
            .output()
            .expect("Cargo can be started");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), !text.contains("error"), "{text}");
        text
    }

    fn assert_undeclared(&self) {
        let text = self.check();
        let expected = "the stage `NBA-17` is not declared in monitor.toml: did you mean `NBA-18`?";
        assert_eq!(text.matches(expected).count(), 2, "{text}");
    }

    fn assert_compiles(&self) {
        assert_eq!(self.check(), "");
    }
}

#[test]
fn the_workspaces_file_counts_for_its_members() {
    let workspace = Workspace::new("members");
    workspace.write("work/monitor.toml", OTHER);
    workspace.assert_undeclared();
}

#[test]
fn the_crates_own_file_comes_first() {
    let workspace = Workspace::new("own");
    workspace.write("work/monitor.toml", OTHER);
    workspace.write("work/app/monitor.toml", DECLARED);
    workspace.assert_compiles();
}

#[test]
fn nothing_above_the_workspace_is_looked_at() {
    let workspace = Workspace::new("above");
    workspace.write("monitor.toml", OTHER);
    workspace.assert_compiles();
}

#[test]
fn a_dependency_outside_the_workspace_is_left_alone() {
    let workspace = Workspace::new("outside");
    workspace.write("work/monitor.toml", DECLARED);
    workspace.write("monitor.toml", OTHER);
    workspace.add_dependency("beside", "../../beside");
    workspace.assert_compiles();
    workspace.write("beside/monitor.toml", OTHER);
    workspace.add_dependency("beside", "../../beside");
    workspace.assert_undeclared();
}

#[test]
fn a_copy_from_a_registry_from_git_or_a_vendor_folder_looks_in_its_own_folder_only() {
    for (name, mark) in [("git", ".cargo-ok"), ("vendored", ".cargo-checksum.json")] {
        let workspace = Workspace::new(name);
        workspace.write("work/app/monitor.toml", DECLARED);
        workspace.write("work/monitor.toml", OTHER);
        workspace.write(&format!("work/copied/{mark}"), "");
        workspace.add_dependency("work/copied", "../copied");
        workspace.assert_compiles();
        // A file that is new is seen by what is compiled anew.
        workspace.write("work/copied/monitor.toml", OTHER);
        workspace.add_dependency("work/copied", "../copied");
        workspace.assert_undeclared();
    }
}

#[test]
fn editing_and_removing_the_file_builds_anew() {
    let workspace = Workspace::new("edited");
    workspace.write("work/monitor.toml", DECLARED);
    workspace.assert_compiles();
    workspace.write("work/monitor.toml", OTHER);
    workspace.assert_undeclared();
    fs::remove_file(workspace.folder.path().join("work/monitor.toml")).expect("the file");
    workspace.assert_compiles();
}

#[test]
fn a_mistake_in_the_file_is_told_once_with_its_line() {
    let workspace = Workspace::new("mistake");
    workspace.write("work/monitor.toml", "[pipeline]\nnmae = \"nba\"\n");
    let text = workspace.check();
    let expected =
        "monitor.toml, line 2, column 1: unknown key `nmae` in [pipeline]: did you mean `name`?";
    assert_eq!(text.matches(expected).count(), 1, "{text}");
    assert_eq!(text.matches("error: monitor.toml").count(), 1, "{text}");
}

#[test]
fn a_file_without_stages_forbids_no_stage() {
    let workspace = Workspace::new("alerts");
    workspace.write("work/monitor.toml", "[alerts]\nwarning = [\"slack\"]\n");
    workspace.assert_compiles();
}
