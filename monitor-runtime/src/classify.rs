//! How a value ended a call, by its type alone.
//!
//! The attributes cannot see types, only names, and a `Result` may hide behind an
//! alias. Method resolution can: it looks for a method on a type, then on what that
//! dereferences to, and passes over those whose bounds do not hold. So each type here has
//! a method for values whose error tells much, and dereferences to one for values whose
//! error tells less; generated code calls `classify(&out).__monitor_outcome()`. No trait has to be
//! imported for it, which would cost the compiler more time than all else. The names of
//! the methods are such that no extension trait of a user's has them too.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::ops::Deref;
use std::process::ExitCode;

use crate::failure::{Failure, Outcome};

/// The value, to be asked for the most telling way to its outcome.
pub fn classify<T>(value: &T) -> ByExitCode<'_, T> {
    ByExitCode(ByError(ByHeldSendSync(ByHeldSend(ByHeld(ByDisplay(
        ByDebug(ByResult(ByValue(value))),
    ))))))
}

/// What a program returns.
#[derive(Debug)]
pub struct ByExitCode<'a, T>(ByError<'a, T>);

impl<'a, T> Deref for ByExitCode<'a, T> {
    type Target = ByError<'a, T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

// `'e` is what a boxed error borrows.
macro_rules! ways {
    ($($(#[$doc:meta])* $name:ident, else $next:ident: $($bound:path)? => $failure:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<'a, T>($next<'a, T>);

        impl<'a, T> Deref for $name<'a, T> {
            type Target = $next<'a, T>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<'a, 'e: 'a, T, E $(: $bound)?> $name<'a, Result<T, E>> {
            /// How the call ended.
            pub fn __monitor_outcome(&self) -> Outcome<'a> {
                let failure: fn(&'a E) -> Failure<'a> = $failure;
                match self.value() {
                    Ok(_) => Outcome::Ok,
                    Err(error) => Outcome::Failed(failure(error)),
                }
            }
        }
    )*};
}

ways! {
    /// A `Result` whose error implements `Error`.
    ByError, else ByHeldSendSync: Error => |error| Failure::Error(error);
    /// A `Result` whose error holds an error, as `anyhow::Error` and most boxed errors do.
    ByHeldSendSync, else ByHeldSend: AsRef<dyn Error + Send + Sync + 'e> => |error| Failure::Error(error.as_ref());
    /// The same for an error that is not `Sync`.
    ByHeldSend, else ByHeld: AsRef<dyn Error + Send + 'e> => |error| Failure::Error(error.as_ref());
    /// The same for an error that is not `Send` either.
    ByHeld, else ByDisplay: AsRef<dyn Error + 'e> => |error| Failure::Error(error.as_ref());
    /// A `Result` whose error can only be shown.
    ByDisplay, else ByDebug: Display => |error| Failure::Display(error);
    /// A `Result` whose error can only be printed for debugging.
    ByDebug, else ByResult: Debug => |error| Failure::Debug(error);
    /// A `Result` whose error has no text.
    ByResult, else ByValue: => |_| Failure::Opaque;
}

impl<'a> ByExitCode<'a, ExitCode> {
    /// How the program ended.
    pub fn __monitor_outcome(&self) -> Outcome<'a> {
        if *self.value() == ExitCode::SUCCESS {
            Outcome::Ok
        } else {
            Outcome::Failed(Failure::Display(&"the exit code says failure"))
        }
    }
}

/// Any other value: there is no way to fail but to panic.
#[derive(Debug)]
pub struct ByValue<'a, T>(&'a T);

impl<'a, T> ByValue<'a, T> {
    /// How the call ended.
    pub fn __monitor_outcome(&self) -> Outcome<'a> {
        Outcome::Ok
    }

    fn value(&self) -> &'a T {
        self.0
    }
}

/// The value of which the records are counted, to be asked for what is inside an `Ok`, or
/// else for itself.
pub fn success<T>(value: &T) -> InsideOk<'_, T> {
    InsideOk(Itself(value))
}

/// The value inside an `Ok`.
#[derive(Debug)]
pub struct InsideOk<'a, T>(Itself<'a, T>);

impl<'a, T> Deref for InsideOk<'a, T> {
    type Target = Itself<'a, T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, T, E> InsideOk<'a, Result<T, E>> {
    /// The success value, if the call succeeded.
    pub fn __monitor_success(&self) -> Option<&'a T> {
        self.0.0.as_ref().ok()
    }
}

/// The value itself.
#[derive(Debug)]
pub struct Itself<'a, T>(&'a T);

impl<'a, T> Itself<'a, T> {
    /// The value.
    pub fn __monitor_success(&self) -> Option<&'a T> {
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Alias<T> = Result<T, std::fmt::Error>;

    #[derive(Debug)]
    struct OnlyDebug;
    struct Nothing;

    /// An error that does not live for ever.
    #[derive(Debug)]
    struct Borrows<'a>(&'a str);

    impl Display for Borrows<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Borrows<'_> {}

    macro_rules! failure {
        ($value:expr) => {
            match classify(&$value).__monitor_outcome() {
                Outcome::Ok => "ok".to_owned(),
                Outcome::Failed(failure) => {
                    let kind = match &failure {
                        Failure::Error(_) => "error",
                        Failure::Display(_) => "display",
                        Failure::Debug(_) => "debug",
                        Failure::Opaque => "opaque",
                    };
                    format!("{kind}: {failure}")
                }
            }
        };
    }

    #[test]
    fn the_most_telling_form_of_an_error_is_found() {
        let plain: Alias<u8> = Err(std::fmt::Error);
        assert!(failure!(plain).starts_with("error: an error occurred"));
        let boxed: Result<u8, Box<dyn Error>> = Err("boxed".into());
        assert_eq!(failure!(boxed), "error: boxed");
        let sync: Result<u8, Box<dyn Error + Send + Sync>> = Err("sync".into());
        assert_eq!(failure!(sync), "error: sync");
        let borrowed = "borrowed".to_owned();
        let short: Result<u8, Box<dyn Error + '_>> = Err(Box::new(Borrows(&borrowed)));
        assert_eq!(failure!(short), "error: borrowed");
        let text: Result<u8, &str> = Err("text");
        assert_eq!(failure!(text), "display: text");
        let debug: Result<u8, OnlyDebug> = Err(OnlyDebug);
        assert_eq!(failure!(debug), "debug: OnlyDebug");
        let opaque: Result<u8, Nothing> = Err(Nothing);
        assert!(failure!(opaque).starts_with("opaque: "));
        assert_eq!(failure!(ExitCode::SUCCESS), "ok");
        assert!(failure!(ExitCode::from(3)).starts_with("display: "));
    }

    #[test]
    fn a_value_that_is_no_result_is_ok() {
        let none: Option<u8> = None;
        assert_eq!(failure!(none), "ok");
        assert_eq!(failure!(()), "ok");
        let good: Alias<u8> = Ok(1);
        assert_eq!(failure!(good), "ok");
    }

    #[test]
    fn records_are_counted_inside_ok_or_in_the_value_itself() {
        let inside: Alias<Vec<u8>> = Ok(vec![1, 2]);
        assert_eq!(success(&inside).__monitor_success().map(Vec::len), Some(2));
        let failed: Alias<Vec<u8>> = Err(std::fmt::Error);
        assert_eq!(success(&failed).__monitor_success().map(Vec::len), None);
        let plain = vec![1_u8];
        assert_eq!(success(&plain).__monitor_success().map(Vec::len), Some(1));
    }
}
