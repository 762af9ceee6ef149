//! Texts that broke something, or were refused.

use std::error::Error;
use std::fmt;
use std::panic::{catch_unwind, resume_unwind};

use monitor_runtime::{json, log_error, monitored, testing};

struct Fails;

impl fmt::Debug for Fails {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

impl fmt::Display for Fails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[test]
fn an_error_that_cannot_be_printed_does_not_panic() {
    #[monitored(stage = "R-1")]
    fn fail() -> Result<(), Fails> {
        Err(Fails)
    }
    let run = testing::capture();
    assert!(fail().is_err());
    let text = run.events("FAIL_ERROR")[0]["error"].to_string();
    assert!(
        text.contains("the formatting of this value failed"),
        "{text}"
    );
}

#[test]
fn a_panic_that_no_hook_saw_is_not_told_as_an_earlier_one() {
    #[monitored(stage = "R-2")]
    fn rethrow() {
        resume_unwind(Box::new("again"));
    }
    let run = testing::capture();
    assert!(catch_unwind(|| panic!("first, unrelated")).is_err());
    assert!(catch_unwind(rethrow).is_err());
    assert_eq!(run.events("RETHROW_ERROR")[0]["error"], "panicked");
}

#[test]
fn boxed_errors_can_be_logged_by_hand() {
    let run = testing::capture();
    let plain: Box<dyn Error> = "plain".into();
    let sync: Box<dyn Error + Send + Sync> = "sync".into();
    log_error(&plain, json!({}));
    log_error(&sync, json!({}));
    let errors: Vec<_> = run
        .lines()
        .iter()
        .map(|line| line["error"].clone())
        .collect();
    assert_eq!(errors, ["plain", "sync"]);
}

#[test]
fn a_field_that_is_named_as_one_of_the_alerts_own_is_kept() {
    #[monitored(stage = "R-3", fields(host), alert = "warning")]
    fn call(host: &str) -> Result<(), String> {
        Err(format!("{host} is away"))
    }
    let run = testing::capture();
    call("api.example").unwrap_err();
    assert_eq!(run.alerts()[0]["data"]["host"], "api.example");
}

#[test]
fn a_boxed_error_may_borrow() {
    #[monitored(stage = "R-4")]
    fn look<'a>(name: &'a str) -> Result<(), Box<dyn Error + 'a>> {
        Err(Box::new(Missing(name)))
    }
    #[derive(Debug)]
    struct Missing<'a>(&'a str);
    impl fmt::Display for Missing<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} is missing", self.0)
        }
    }
    impl Error for Missing<'_> {}
    let run = testing::capture();
    look("it").unwrap_err();
    assert_eq!(run.events("LOOK_ERROR")[0]["error"], "it is missing");
}
