//! What a browser carries from page to page. Cookies are of this host alone, not for scripts and not for other sites' forms; over
//! TLS their names keep neighbours from setting them. One that comes twice is not believed. oauth-and-login.md, section 5.3.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

/// Longer ones are none of ours.
const LONGEST: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session.
    Session,
    /// Equal to `_csrf` of every form.
    Xsrf,
    /// The same once more, under a name that no neighbour can set.
    XsrfBound,
    Language,
    /// What a page leaves for the next one.
    Memo,
}

/// How its cookies are kept: by a server that is met over TLS, below this path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jar<'a> {
    pub(crate) tls: bool,
    pub(crate) base: &'a str,
}

impl Cookie {
    fn name(self, jar: Jar<'_>) -> String {
        let (name, bound) = match self {
            Self::Session => ("cognito", true),
            Self::Xsrf => ("XSRF-TOKEN", false), // test tools look for it
            Self::XsrfBound => ("csrf-state", true),
            Self::Language => ("lang", false),
            Self::Memo => ("page-data", true),
        };
        // `__Host-` asks for TLS and for the whole host.
        if bound && jar.tls && jar.base.is_empty() { format!("__Host-{name}") } else { name.to_owned() }
    }

    pub(crate) fn set(self, jar: Jar<'_>, value: &str, life: Option<Duration>) -> Option<HeaderValue> {
        let path = if jar.base.is_empty() { "/" } else { jar.base };
        let mut cookie = format!("{}={value}; Path={path}; HttpOnly; SameSite=Lax", self.name(jar));
        if jar.tls {
            cookie.push_str("; Secure");
        }
        if let Some(life) = life {
            cookie = format!("{cookie}; Max-Age={}", life.as_secs());
        }
        HeaderValue::from_str(&cookie).ok()
    }

    pub(crate) fn forget(self, jar: Jar<'_>) -> Option<HeaderValue> {
        self.set(jar, "", Some(Duration::ZERO))
    }

    /// Its one value.
    pub(crate) fn read(self, jar: Jar<'_>, headers: &HeaderMap) -> Option<String> {
        let name = self.name(jar);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
        let (Some(only), None) = (values.next(), values.next()) else { return None };
        (!only.is_empty() && only.len() <= LONGEST).then(|| only.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Jar<'_> = Jar { tls: false, base: "" };
    const TLS: Jar<'_> = Jar { tls: true, base: "" };

    fn sent(lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_static(line))).collect()
    }

    #[test]
    fn a_cookie_is_for_this_host_alone_and_over_tls_it_says_so() {
        let text = |jar, cookie: Cookie| cookie.set(jar, "v", None).unwrap().to_str().unwrap().to_owned();
        assert_eq!(text(PLAIN, Cookie::Session), "cognito=v; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(text(TLS, Cookie::Session), "__Host-cognito=v; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(text(TLS, Cookie::Xsrf), "XSRF-TOKEN=v; Path=/; HttpOnly; SameSite=Lax; Secure");
        let by_path = Jar { tls: true, base: "/domains/dev" };
        assert_eq!(text(by_path, Cookie::Session), "cognito=v; Path=/domains/dev; HttpOnly; SameSite=Lax; Secure");
        let life = Cookie::Language.set(PLAIN, "de", Some(Duration::from_mins(1))).unwrap();
        assert_eq!(life, "lang=de; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
        assert_eq!(Cookie::Memo.forget(PLAIN).unwrap(), "page-data=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    #[test]
    fn a_value_that_would_end_its_line_is_not_set() {
        assert_eq!(Cookie::Language.set(PLAIN, "de\r\nSet-Cookie: x=y", None), None);
    }

    #[test]
    fn a_cookie_that_comes_twice_is_not_believed() {
        let read = |headers: &HeaderMap| Cookie::Session.read(PLAIN, headers);
        assert_eq!(read(&sent(&["a=1; cognito=s; b=2"])).as_deref(), Some("s"));
        assert_eq!(read(&sent(&["cognito=s; cognito=t"])), None);
        assert_eq!(read(&sent(&["cognito=s", "cognito=t"])), None);
        assert_eq!(read(&sent(&["cognito="])), None);
        assert_eq!(read(&sent(&["xcognito=s"])), None);
        assert_eq!(Cookie::Session.read(TLS, &sent(&["cognito=s"])), None);
        assert_eq!(Cookie::Session.read(TLS, &sent(&["__Host-cognito=s"])).as_deref(), Some("s"));
    }
}
