//! Where the page is served, and who may see it.

use std::ffi::OsString;
use std::net::SocketAddr;

/// The variable that holds what a client has to know.
pub(crate) const TOKEN: &str = "MONITOR_SERVE_TOKEN";

/// How long a token is at least: 16 random characters are not guessed.
const SHORTEST_TOKEN: usize = 16;

/// Where, and for whom. Not `Debug`: a token is in it.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(super) address: SocketAddr,
    pub(super) token: Option<String>,
}

impl Settings {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whoever reaches a port that is not this machine's alone has to know the token.
    pub(crate) fn of(
        address: SocketAddr,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, String> {
        let token = environment(TOKEN).filter(|token| !token.is_empty());
        let token = match token.map(OsString::into_string) {
            None => None,
            Some(Ok(token)) if is_fit(&token) => Some(token),
            Some(_) => {
                return Err(format!(
                    "{TOKEN} must have at least {SHORTEST_TOKEN} characters, all of them letters, digits, `-` or `_`"
                ));
            }
        };
        if token.is_none() && !address.ip().is_loopback() {
            return Err(format!(
                "`serve` on {address} can be reached from other machines: set {TOKEN} to a secret of at least \
                 {SHORTEST_TOKEN} characters, or serve on 127.0.0.1:{}",
                address.port()
            ));
        }
        Ok(Self { address, token })
    }
}

/// It goes through an address and a cookie as it is.
fn is_fit(token: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    token.len() >= SHORTEST_TOKEN && token.bytes().all(is_fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str, token: &str) -> Result<Option<String>, String> {
        let address = address.parse().expect("an address");
        let settings = Settings::of(address, |_| Some(token.into()));
        settings.map(|settings| settings.token)
    }

    #[test]
    fn only_this_machine_needs_no_token() {
        assert_eq!(of("127.0.0.1:9464", ""), Ok(None));
        assert_eq!(of("[::1]:9464", ""), Ok(None));
        for open in [
            "0.0.0.0:9464",
            "[::]:9464",
            "192.0.2.1:80",
            "[::ffff:127.0.0.1]:1",
        ] {
            let mistake = of(open, "").unwrap_err();
            assert!(mistake.contains(TOKEN), "{mistake}");
            assert!(of(open, "0123456789abcdef").is_ok());
        }
        for unfit in ["short", "0123456789abcde;f", "0123456789abcde f"] {
            assert!(of("127.0.0.1:9464", unfit).is_err(), "{unfit}");
        }
    }
}
