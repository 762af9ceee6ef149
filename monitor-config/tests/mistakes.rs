//! Files with mistakes, each with the exact words a user reads.

use monitor_config::Config;

/// The text of a file, and every problem in it.
fn files() -> Vec<(String, Vec<&'static str>)> {
    include_str!("mistakes.txt")
        .split("-----")
        .skip(1)
        .map(str::trim_start)
        .map(|case| {
            let (problems, text): (Vec<&str>, Vec<&str>) =
                case.lines().partition(|line| line.starts_with("=> "));
            let problems = problems.iter().map(|line| &line[3..]).collect();
            (text.join("\n"), problems)
        })
        .collect()
}

#[test]
fn every_mistake_is_reported_once_with_its_place() {
    for (text, expected) in files() {
        assert_eq!(shown(&text), expected, "{text}");
    }
}

#[test]
fn every_mistake_of_a_large_file_is_reported_in_line_order() {
    let text =
        "[alerts]\ninfo = 1\n[stages.B]\nx = 1\n[pipeline]\ny = 1\n[stages.A]\nz = 1\n[nothing]";
    let lines: Vec<usize> = Config::parse(text)
        .expect_err("the file has mistakes")
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(lines, [2, 4, 6, 8, 9]);
}

#[test]
fn line_endings_and_a_byte_order_mark_move_no_place() {
    for (text, expected) in files() {
        assert_eq!(shown(&format!("\u{feff}{text}")), expected, "{text}");
        assert_eq!(shown(&text.replace('\n', "\r\n")), expected, "{text}");
    }
}

#[test]
fn columns_count_characters() {
    let problems = shown(
        "[pipeline]\nname = \"ä🏀\" # ü\n\"lögs\" = 1\n[alerts]\nemail = { user = \"äö\", port = 0 }",
    );
    let places: Vec<&str> = problems
        .iter()
        .filter_map(|problem| problem.split(": ").next())
        .collect();
    assert_eq!(places, ["line 3, column 1", "line 5, column 31"]);
}

#[test]
fn no_message_repeats_a_secret() {
    for key in [
        "password",
        "pass",
        "webhook",
        "webhook_url",
        "url",
        "token",
        "secret",
        "Webhook-URL",
    ] {
        for value in [
            "\"hunter2\"",
            "hunter2",
            "\"hunter2",
            "\"hunter2\\q\"",
            "[\"hunter2\"]",
            "{ a = \"hunter2\" }",
            "2hunter2",
            "\"\"\"\nhunter2\"\"\"",
        ] {
            for table in ["alerts", "alerts.email", "alerts.slack"] {
                let problems = shown(&format!("[{table}]\n{key} = {value}"));
                assert_eq!(problems.len(), 1, "{problems:?}");
                assert!(!problems[0].contains("hunter2"), "{problems:?}");
            }
        }
    }
    let key = shown("[alerts.email]\nenabled = true\npass = \"hunter2\"");
    assert!(key[0].ends_with("set the variable EMAIL_PASS"), "{key:?}");
}

#[test]
fn a_webhook_in_the_wrong_place_is_not_repeated() {
    let secret = "https://hooks.slack.com/services/T0/B0/hunter2";
    for key in [
        "alerts.critical = [@]",
        "alerts.slack.hosts = [@]",
        "alerts.slack.hosts = @",
        "alerts.slack.enabled = @",
        "alerts.slack = @",
        "alerts.email.host = @",
        "alerts.email.to = [@]",
        "alerts.email.from = @",
        "alerts.email.port = @",
        "alerts = @",
        "pipeline.redact = [@]",
    ] {
        let problems = shown(&key.replace('@', &format!("\"{secret}\"")));
        assert_eq!(problems.len(), 1, "{key}");
        assert!(!problems[0].contains("hunter2"), "{problems:?}");
    }
}

fn shown(text: &str) -> Vec<String> {
    Config::parse(text)
        .expect_err("the file has mistakes")
        .iter()
        .map(ToString::to_string)
        .collect()
}
