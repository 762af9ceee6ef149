//! The expansion of `#[retry]`: which way the attempts take.
//!
//! Each attempt is a fresh closure. One that is not `move` captures what the body
//! consumes by value and all else by reference; cloned for all but the last
//! attempt, it clones exactly what is consumed. A body that borrows something
//! mutably cannot be cloned that way: its closure is called anew each time.

mod arguments;
mod future;
mod prologue;
mod site;
mod sync;

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ReturnType;

use self::arguments::Fresh;
use self::prologue::Prologue;
use super::{classify, private};
use crate::check::retry::Retry;
use crate::compose::{self, Around, Buried};
use crate::documentation;
use crate::future::{Returned, Tail, output, output_as_written};
use crate::item::Function;
use crate::opaque;

/// The retried function.
pub(crate) fn expand(mut function: Function, args: &Retry) -> Result<TokenStream, Buried> {
    if compose::is_retried(&function.body) {
        return Err(Buried::Twice);
    }
    let fresh = Fresh::take(&mut function, args);
    let body = compose::wrap_innermost(&function.body, |body, around| {
        let attempts = Attempts::new(&function, args, &fresh, &around);
        attempts.of(body, &around)
    })?;
    if fresh.are_cloned() {
        // The argument is cloned for each attempt, but by value is what it takes.
        function.allow("needless_pass_by_value");
    }
    documentation::add(&mut function, &[sentence(args)]);
    function.expect_below("monitored");
    Ok(function.with_body(body))
}

/// What the documentation says.
fn sentence(args: &Retry) -> String {
    use monitor_config::duration::display;

    let mut sentence = format!("Retried: {}", args.schedule.describe());
    if args.jitter {
        sentence.push_str(" with full jitter");
    }
    if let Some(longest) = args.schedule.max_delay {
        sentence.push_str(&format!(", at most {}", display(longest)));
    }
    if args.retry_after.is_some() {
        sentence.push_str(", or as the error says");
    }
    if let Some(deadline) = args.deadline {
        sentence.push_str(&format!(", deadline {}", display(deadline)));
    }
    if let Some(each) = args.attempt_timeout {
        sentence.push_str(&format!(", {} for each attempt", display(each)));
    }
    if let Some((name, _)) = &args.budget {
        sentence.push_str(&format!(", budget `{name}`"));
    }
    if args.when.is_some() {
        sentence.push_str(", for some errors only");
    }
    sentence.push('.');
    sentence
}

/// The attempts of one function.
struct Attempts<'a> {
    function: &'a Function,
    args: &'a Retry,
    fresh: &'a Fresh,
    private: TokenStream,
    mode: Mode,
    /// What an attempt gives.
    output: TokenStream,
    in_call: bool,
    /// Whether the function is not async by its keyword and yet gives a future.
    gives_future: bool,
}

impl<'a> Attempts<'a> {
    fn new(function: &'a Function, args: &'a Retry, fresh: &'a Fresh, around: &Around) -> Self {
        let is_future = around.in_future || function.gives_future();
        let is_async = function.is_async();
        Self {
            function,
            args,
            fresh,
            private: private(args.krate.as_ref()),
            mode: Mode::of(function),
            gives_future: is_future && !is_async,
            output: if is_future && !is_async {
                output(&function.sig.output)
            } else {
                function.closure_output()
            },
            in_call: around.monitored,
        }
    }

    /// The body's attempts, in its place.
    fn of(&self, body: &Group, around: &Around) -> TokenStream {
        let site = self.site();
        let check = self.checks();
        let attempts = if self.function.is_async() {
            self.in_future(body)
        } else if around.in_future {
            self.in_block(body)
        } else {
            let tail = Tail::find(body);
            let returned = Returned::of(&self.function.sig.output);
            match (returned, tail) {
                (returned, Some(tail)) if returned.is_none() || !tail.leaves_before() => {
                    self.of_tail(tail)
                }
                (Some(returned), _) => self.of_returned(body, returned),
                (None, _) => self.in_closure(body),
            }
        };
        quote_spanned!(Span::mixed_site()=> #site #check #attempts)
    }

    /// Those of what an async block holds, which may begin with a prologue.
    fn in_block(&self, block: &Group) -> TokenStream {
        match Prologue::of(block, self.function) {
            None => self.in_future(block),
            Some(prologue) => {
                let body = self.fresh.bound_by(&prologue, self.mode);
                prologue.around(&self.in_future_as_it_is(&body))
            }
        }
    }

    /// A bound whose error stands at the return type.
    fn checks(&self) -> TokenStream {
        let private = &self.private;
        let ReturnType::Type(_, ty) = &self.function.sig.output else {
            return TokenStream::new();
        };
        let ty = if self.gives_future {
            output_as_written(&self.function.sig.output)
        } else {
            ty.to_token_stream()
        };
        // Nothing else tells the compiler what an `_` stands for here.
        let ms = Span::mixed_site();
        let output = opaque::replace(ty, &quote_spanned!(ms=> ()));
        let fallible = Ident::new("fallible", self.at_output());
        quote_spanned!(ms=> #private::#fallible::<#output>();)
    }

    /// The place of the return type.
    fn at_output(&self) -> Span {
        let mut tokens = self.function.sig.output.to_token_stream().into_iter();
        let at = tokens
            .nth(2)
            .map_or_else(Span::call_site, |token| token.span());
        Span::mixed_site().located_at(at)
    }

    /// Whether the value in `out` is none to attempt again for.
    fn succeeded(&self, out: &TokenStream) -> TokenStream {
        let private = &self.private;
        quote_spanned!(Span::mixed_site()=> #private::success(#out).__monitor_success().is_some())
    }

    /// How the value in `out` ended its attempt, with what the user's closures say.
    fn judged(&self, out: &TokenStream) -> TokenStream {
        let ms = Span::mixed_site();
        let private = &self.private;
        let outcome = classify(private, out);
        let judged = quote_spanned!(ms=> #private::Judged::new(#outcome));
        let Retry {
            when, retry_after, ..
        } = self.args;
        if when.is_none() && retry_after.is_none() {
            return judged;
        }
        let when = when
            .as_ref()
            .map(|when| quote_spanned!(ms=> .when(#out, #when)));
        let retry_after = retry_after
            .as_ref()
            .map(|retry_after| quote_spanned!(ms=> .retry_after(#out, #retry_after)));
        quote_spanned! {ms=>
            match #judged {
                // A closure is the documented form.
                #[allow(clippy::redundant_closure, clippy::redundant_closure_for_method_calls)]
                __monitor_judged => __monitor_judged #when #retry_after,
            }
        }
    }
}

/// How a second attempt gets what the first one used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The attempt's closure is cloned.
    Cloned,
    /// The closure is called again, since it borrows something mutably.
    Again,
}

impl Mode {
    fn of(function: &Function) -> Self {
        if function.borrows_mutably() {
            Self::Again
        } else {
            Self::Cloned
        }
    }

    fn module(self) -> Ident {
        let name = match self {
            Self::Cloned => "cloned",
            Self::Again => "again",
        };
        Ident::new(name, Span::mixed_site())
    }
}

fn marker() -> Ident {
    Ident::new(compose::RETRIED, Span::mixed_site())
}

fn attempt() -> Ident {
    Ident::new(compose::ATTEMPT, Span::mixed_site())
}
