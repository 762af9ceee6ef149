//! Whether a client may know.
//!
//! A page of another site can have a browser on this machine ask us, under a name of its own
//! that it lets point here. So the host must be one that only this machine has, and a request
//! that another page has made is refused. Where other machines can ask, the token counts.

use std::net::SocketAddr;

use super::request::Request;
use super::settings::Settings;

const COOKIE: &str = "monitor_token";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Granted,
    /// It knows the token and is to keep it as a cookie: an address is shown and kept.
    Keep,
    /// It asks under a name that is not ours, or another page does.
    Foreign,
    Unknown,
}

pub(super) fn of(request: &Request, settings: &Settings, at: SocketAddr) -> Access {
    if !is_own_host(&request.host, at) || !is_own_origin(request) {
        return Access::Foreign;
    }
    let Some(token) = &settings.token else {
        return Access::Granted;
    };
    let is_token = |given: &str| is_equal(given.as_bytes(), token.as_bytes());
    let cookies = request
        .cookie
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='));
    let mut own = cookies.filter(|(name, _)| *name == COOKIE);
    let bearer = request.authorization.as_deref();
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
    if own.any(|(_, value)| is_token(value)) || bearer.is_some_and(is_token) {
        return Access::Granted;
    }
    let mut pairs = request
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    if pairs.any(|(name, value)| name == "token" && is_token(value)) {
        Access::Keep
    } else {
        Access::Unknown
    }
}

/// The header by which a browser keeps the token.
pub(super) fn keep(settings: &Settings) -> String {
    let token = settings.token.as_deref().unwrap_or_default();
    format!("Set-Cookie: {COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/\r\n")
}

fn is_own_host(host: &str, at: SocketAddr) -> bool {
    let port = at.port();
    if at.ip().is_loopback() {
        let own = [format!("{at}"), format!("localhost:{port}")];
        // A browser leaves the port of HTTP out.
        let short = [
            at.ip().to_string(),
            format!("[{}]", at.ip()),
            "localhost".to_owned(),
        ];
        return own.iter().any(|own| own.eq_ignore_ascii_case(host))
            || port == 80 && short.iter().any(|own| own.eq_ignore_ascii_case(host));
    }
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    !host.is_empty() && host.bytes().all(is_fit)
}

fn is_own_origin(request: &Request) -> bool {
    let Some(origin) = &request.origin else {
        return true;
    };
    let host = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    host.is_some_and(|host| host.eq_ignore_ascii_case(&request.host))
}

/// In the same time wherever the first difference is.
fn is_equal(a: &[u8], b: &[u8]) -> bool {
    let differences = a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b));
    a.len() == b.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef";

    fn access(address: &str, token: Option<&str>, request: &Request) -> Access {
        let address = address.parse().expect("an address");
        let settings = Settings {
            address,
            token: token.map(str::to_owned),
        };
        of(request, &settings, address)
    }

    fn of_host(host: &str) -> Request {
        Request {
            host: host.to_owned(),
            ..Request::default()
        }
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in ["127.0.0.1:9464", "localhost:9464", "LOCALHOST:9464"] {
            assert_eq!(
                access("127.0.0.1:9464", None, &of_host(host)),
                Access::Granted,
                "{host}"
            );
        }
        for host in [
            "evil.example:9464",
            "127.0.0.1",
            "127.0.0.1:80",
            "",
            "localhost.evil.example:9464",
        ] {
            assert_eq!(
                access("127.0.0.1:9464", None, &of_host(host)),
                Access::Foreign,
                "{host}"
            );
        }
        assert_eq!(
            access("[::1]:9464", None, &of_host("[::1]:9464")),
            Access::Granted
        );
    }

    #[test]
    fn another_page_is_not_answered() {
        let of_origin = |origin: &str| Request {
            origin: Some(origin.to_owned()),
            ..of_host("localhost:9464")
        };
        let access = |origin| access("127.0.0.1:9464", None, &of_origin(origin));
        assert_eq!(access("http://localhost:9464"), Access::Granted);
        for origin in [
            "http://evil.example",
            "null",
            "",
            "http://localhost:9465",
            "ftp://localhost:9464",
        ] {
            assert_eq!(access(origin), Access::Foreign, "{origin}");
        }
    }

    #[test]
    fn a_token_is_asked_for_in_each_way() {
        let open = |request: &Request| access("0.0.0.0:9464", Some(TOKEN), request);
        let request = of_host("pipelines.example:9464");
        assert_eq!(open(&request), Access::Unknown);
        for (query, expected) in [
            (format!("a=b&token={TOKEN}"), Access::Keep),
            (format!("token={TOKEN}x"), Access::Unknown),
            ("token=".to_owned(), Access::Unknown),
        ] {
            assert_eq!(
                open(&Request {
                    query,
                    ..request.clone()
                }),
                expected
            );
        }
        let cookie = format!("a=b; {COOKIE}={TOKEN}");
        assert_eq!(
            open(&Request {
                cookie,
                ..request.clone()
            }),
            Access::Granted
        );
        let cookie = format!("{COOKIE}=0123456789abcdeX");
        assert_eq!(
            open(&Request {
                cookie,
                ..request.clone()
            }),
            Access::Unknown
        );
        let authorization = Some(format!("Bearer {TOKEN}"));
        assert_eq!(
            open(&Request {
                authorization,
                ..request.clone()
            }),
            Access::Granted
        );
    }
}
