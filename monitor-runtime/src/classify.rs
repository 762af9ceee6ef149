//! How a value ended a call, by its type alone.
//!
//! The attributes cannot see types, only names, and a `Result` may hide behind an
//! alias. Method resolution can: it takes the first candidate whose bounds hold,
//! trying one reference less at each step. The traits below are such candidates,
//! the most telling first; generated code calls `(&&&&&&&&Classify(&out)).outcome()`.
//! The technique is known as autoref specialisation.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::process::ExitCode;

use crate::failure::{Failure, Outcome};

/// The value to be classified.
#[derive(Debug)]
pub struct Classify<'a, T>(pub &'a T);

// `'e` is what a boxed error borrows.
macro_rules! candidates {
    ($($(#[$doc:meta])* $name:ident for [$($refs:tt)*] where $bound:path => $failure:expr;)*) => {$(
        $(#[$doc])*
        pub trait $name<'a, 'e: 'a> {
            /// How the call ended.
            fn outcome(&self) -> Outcome<'a>;
        }

        impl<'a, 'e: 'a, T, E: $bound> $name<'a, 'e> for $($refs)* Classify<'a, Result<T, E>> {
            fn outcome(&self) -> Outcome<'a> {
                let failure: fn(&'a E) -> Failure<'a> = $failure;
                match self.0 {
                    Ok(_) => Outcome::Ok,
                    Err(error) => Outcome::Failed(failure(error)),
                }
            }
        }
    )*};
}

candidates! {
    /// A `Result` whose error implements `Error`.
    ByError for [&&&&&&&] where Error => |error| Failure::Error(error);
    /// A `Result` whose error holds an error, as `anyhow::Error` and most boxed errors do.
    ByHeldSendSync for [&&&&&&] where AsRef<dyn Error + Send + Sync + 'e> => |error| Failure::Error(error.as_ref());
    /// The same for an error that is not `Sync`.
    ByHeldSend for [&&&&&] where AsRef<dyn Error + Send + 'e> => |error| Failure::Error(error.as_ref());
    /// The same for an error that is not `Send` either.
    ByHeld for [&&&&] where AsRef<dyn Error + 'e> => |error| Failure::Error(error.as_ref());
    /// A `Result` whose error can only be shown.
    ByDisplay for [&&&] where Display => |error| Failure::Display(error);
    /// A `Result` whose error can only be printed for debugging.
    ByDebug for [&&] where Debug => |error| Failure::Debug(error);
    /// A `Result` whose error has no text.
    ByResult for [&] where Any => |_| Failure::Opaque;
}

/// Holds for every type.
pub trait Any {}

impl<T> Any for T {}

impl<'a> ByError<'a, 'a> for &&&&&&&Classify<'a, ExitCode> {
    fn outcome(&self) -> Outcome<'a> {
        if *self.0 == ExitCode::SUCCESS {
            Outcome::Ok
        } else {
            Outcome::Failed(Failure::Display(&"the exit code says failure"))
        }
    }
}

/// Any other value: there is no way to fail but to panic.
pub trait ByValue<'a> {
    /// How the call ended.
    fn outcome(&self) -> Outcome<'a>;
}

impl<'a, T> ByValue<'a> for Classify<'a, T> {
    fn outcome(&self) -> Outcome<'a> {
        Outcome::Ok
    }
}

/// The value of which the records are counted.
#[derive(Debug)]
pub struct Success<'a, T>(pub &'a T);

/// The value inside an `Ok`.
pub trait InsideOk<'a> {
    /// What it is inside.
    type Value;
    /// The success value, if the call succeeded.
    fn success(&self) -> Option<&'a Self::Value>;
}

impl<'a, T, E> InsideOk<'a> for &Success<'a, Result<T, E>> {
    type Value = T;
    fn success(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

/// The value itself.
pub trait Itself<'a> {
    /// What it is.
    type Value;
    /// The value.
    fn success(&self) -> Option<&'a Self::Value>;
}

impl<'a, T> Itself<'a> for Success<'a, T> {
    type Value = T;
    fn success(&self) -> Option<&'a T> {
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_borrow, reason = "the references are what is tested")]

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
            match (&&&&&&&&Classify(&$value)).outcome() {
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
        assert_eq!((&&Success(&inside)).success().map(Vec::len), Some(2));
        let failed: Alias<Vec<u8>> = Err(std::fmt::Error);
        assert_eq!((&&Success(&failed)).success().map(Vec::len), None);
        let plain = vec![1_u8];
        assert_eq!((&&Success(&plain)).success().map(Vec::len), Some(1));
    }
}
