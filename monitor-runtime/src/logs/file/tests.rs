use super::*;
use std::fs;

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("monitor-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn log(&self) -> PathBuf {
        self.0.join("pipeline.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.log()).expect("the log")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn write(file: &mut LogFile, lines: &[&str]) {
    for line in lines {
        file.write(
            format!("{line}\n").as_bytes(),
            Timestamp::now().hundredths(),
        );
    }
}

/// Regression: the first line of a run was glued to what a kill had left.
#[test]
fn a_torn_tail_is_removed_and_told() {
    let folder = Folder::new("torn");
    for (left, expected, removed) in [
        ("", "a\nb\n", None),
        ("x\n", "x\na\nb\n", None),
        ("x\n{\"ti", "x\na\nb\n", Some("{\"ti")),
        ("{\"ti", "a\nb\n", Some("{\"ti")),
    ] {
        fs::write(folder.log(), left).expect("written");
        let mut file = LogFile::open(&folder.log(), None).expect("opened");
        write(&mut file, &["a", "b"]);
        assert_eq!(folder.text(), expected);
        let news = removed.map(|text: &str| News::Repaired {
            text: text.to_owned(),
        });
        assert_eq!(file.news(), news);
    }
}

#[test]
fn a_torn_tail_of_a_file_that_another_process_has_open_is_ended_and_not_removed() {
    let folder = Folder::new("shared");
    let mut other = LogFile::open(&folder.log(), None).expect("opened");
    write(&mut other, &["theirs"]);
    let mut text = folder.text();
    text.push_str("{\"ti");
    fs::write(folder.log(), text).expect("written");
    let mut file = LogFile::open(&folder.log(), None).expect("opened");
    write(&mut file, &["ours"]);
    write(&mut other, &["theirs"]);
    assert_eq!(folder.text(), "theirs\n{\"ti\nours\ntheirs\n");
}

/// Regression: a full file was never among those that the disk was asked to take.
#[cfg(target_os = "linux")]
#[test]
fn the_disk_has_to_take_full_files_too() {
    let folder = Folder::new("synced");
    let rotation = Rotation { at: 4, keep: 2 };
    let mut file = LogFile::open(&folder.log(), Some(rotation)).expect("opened");
    write(&mut file, &["aaa", "bbb"]);
    let full = file.full.clone();
    assert_eq!(full.len(), 1);
    // Its place is taken by what cannot be synced.
    fs::remove_file(&full[0]).expect("removed");
    std::os::unix::fs::symlink("/dev/null", &full[0]).expect("linked");
    let error = file.sync().expect_err("not synced");
    assert!(error.contains("Invalid argument"), "{error}");
    let told = News::NotSynced {
        cause: error.clone(),
    };
    assert_eq!(file.news(), Some(told));
    // What the disk did not take is not there later either, and is told once.
    assert_eq!(file.sync(), Err(error));
    assert_eq!(file.news(), None);
}

#[test]
fn a_full_file_that_is_kept_no_longer_is_not_missed() {
    let folder = Folder::new("missed");
    let rotation = Rotation { at: 4, keep: 2 };
    let mut file = LogFile::open(&folder.log(), Some(rotation)).expect("opened");
    write(&mut file, &["aaa", "bbb"]);
    fs::remove_file(&file.full[0]).expect("removed");
    assert_eq!(file.sync(), Ok(()));
}
