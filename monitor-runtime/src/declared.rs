//! The monitored functions of the program, whether they were called or not.
//!
//! Each site announces itself before `main`: its expansion puts a pointer to a function
//! into the section of the constructors, which the system calls when it has loaded the
//! program. The list runs through the sites, so that nothing is allocated for one before
//! `main`, where an allocator of the user's may not be ready.

use std::fmt::{self, Debug, Formatter};
use std::iter;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::site::Site;

/// The site that was announced last.
static LAST: Mutex<Option<&'static Site>> = Mutex::new(None);

/// The place of a site in the list: empty until it is announced, then the site that was
/// announced before it.
pub(crate) struct Link(OnceLock<Option<&'static Site>>);

impl Link {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }
}

impl Debug for Link {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Not the other site, which would show all that are before it.
        f.debug_struct("Link").finish_non_exhaustive()
    }
}

/// Adds a site to the list, once.
pub fn announce(site: &'static Site) {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if site.link.0.set(*last).is_ok() {
        *last = Some(site);
    }
}

/// All sites, by file and line: the order in which they were announced is the linker's.
pub(crate) fn sites() -> Vec<&'static Site> {
    let last = *LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let before = |site: &&'static Site| site.link.0.get().copied().flatten();
    let mut sites: Vec<_> = iter::successors(last, before).collect();
    sites.sort_by_key(|site| {
        let (place, declaration) = (site.location(), site.declaration());
        // A macro may write several functions on one line.
        let name = (declaration.module, declaration.function);
        (place.file(), place.line(), place.column(), name)
    });
    sites
}

/// Has the site `$site` announce itself before `main`, where the platform has a section of
/// constructors that is known.
///
/// A section can be named in an attribute that counts as unsafe only: what stands there is
/// called. It is a pointer to a safe function of the C calling convention without arguments,
/// which any constructor may be.
#[cfg(any(
    target_os = "android",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "linux",
    target_os = "netbsd",
    target_os = "openbsd",
    target_vendor = "apple",
    windows,
))]
#[doc(hidden)]
#[macro_export]
macro_rules! __announce {
    ($site:ident) => {
        #[used]
        #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
        #[cfg_attr(
            target_vendor = "apple",
            unsafe(link_section = "__DATA,__mod_init_func")
        )]
        #[cfg_attr(
            not(any(windows, target_vendor = "apple")),
            unsafe(link_section = ".init_array")
        )]
        static __MONITOR_ANNOUNCE: extern "C" fn() = {
            extern "C" fn announce() {
                $crate::__private::announce(&$site);
            }
            announce
        };
    };
}

/// Nothing where no section is known: then a function is known from its first call on.
#[cfg(not(any(
    target_os = "android",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "linux",
    target_os = "netbsd",
    target_os = "openbsd",
    target_vendor = "apple",
    windows,
)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __announce {
    ($site:ident) => {};
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::ptr;

    use super::*;

    macro_rules! site {
        ($site:ident, $function:literal) => {
            static $site: Site = Site::new("NBA-17", "INGEST", $function, "declared", &$site);
        };
    }

    fn functions() -> Vec<&'static str> {
        let functions = sites().into_iter().map(|site| site.declaration().function);
        functions.collect()
    }

    #[test]
    fn sites_are_listed_once_and_in_the_order_of_their_places() {
        #[rustfmt::skip]
        mod on_one_line { use super::Site; site!(B, "b"); site!(A, "a"); pub(super) static BOTH: [&Site; 2] = [&B, &A]; }
        site!(FIRST, "first");
        site!(SECOND, "second");
        let all = [on_one_line::BOTH[0], &SECOND, on_one_line::BOTH[1], &FIRST];
        for site in all.into_iter().chain(all) {
            announce(site);
        }
        assert_eq!(functions(), ["b", "a", "first", "second"]);

        // A lock that a panic has poisoned holds a list that is whole.
        let poisoned = catch_unwind(|| {
            let _last = LAST.lock();
            panic!("while the list is locked");
        });
        assert!(poisoned.is_err() && LAST.is_poisoned());
        site!(THIRD, "third");
        announce(&THIRD);
        assert_eq!(functions(), ["b", "a", "first", "second", "third"]);
        assert!(sites().iter().any(|site| ptr::eq(*site, &THIRD)));
        assert!(!format!("{THIRD:?}").contains("second"));
    }
}
