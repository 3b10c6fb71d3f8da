//! Where a browser may be sent with a code or a token in its address: callback and logout URLs.
//!
//! What two readers of a URL could understand differently is refused, so that the one who checks and the one who
//! follows it go to the same place. user-pools.md, section 23.

use url::Url;

/// What a browser runs or shows on the spot instead of going somewhere.
const NO_PLACES: [&str; 6] = ["javascript", "data", "vbscript", "file", "blob", "about"];

/// Plain http leads to this machine only.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Absolute, without fragment and user; https, local http, or an app's own scheme (`myapp://home`, `com.example.app:/cb`).
pub(super) fn is_sound(text: &str) -> bool {
    let ambiguous = |letter: char| letter == '\\' || letter == '#' || letter.is_whitespace() || letter.is_control();
    if text.contains(ambiguous) {
        return false;
    }
    let (Ok(url), Some((_, rest))) = (Url::parse(text), text.split_once(':')) else { return false };
    if NO_PLACES.contains(&url.scheme()) || !rest.starts_with('/') {
        return false;
    }
    let authority = rest.strip_prefix("//").map(|rest| rest.split(['/', '?']).next().unwrap_or_default());
    if authority.is_some_and(|authority| authority.contains('@')) {
        return false;
    }
    match (url.scheme(), authority) {
        ("https", Some(authority)) => !authority.is_empty(),
        ("http", Some(authority)) => LOCAL
            .iter()
            .any(|local| authority.strip_prefix(local).is_some_and(|port| port.is_empty() || port.starts_with(':'))),
        ("http" | "https", None) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::is_sound;

    #[test]
    fn the_web_this_machine_and_apps_are_sound() {
        for url in [
            "https://app.example.com/callback",
            "https://app.example.com",
            "https://app.example.com:8443/cb?tenant=a&next=/home",
            "https://192.0.2.7/cb",
            "https://[2001:db8::7]/cb",
            "https://münchen.example/cb",
            "HTTPS://App.Example.com/cb",
            "https://app.example.com/@ann?mail=a@b",
            "http://localhost",
            "http://localhost:3000/cb",
            "http://127.0.0.1:8080/?a=b",
            "http://[::1]:8080/cb",
            "http://localhost?a=b",
            "myapp://",
            "myapp://callback",
            "myapp:/callback",
            "com.example.app:/cb",
            "com.example.app://oauth/cb?x=1",
            "exp+app://host:8081/--/cb",
        ] {
            assert!(is_sound(url), "{url}");
        }
    }

    #[test]
    fn what_leads_elsewhere_than_it_looks_is_refused() {
        for url in [
            "http://localhost:80@evil.com/",
            "http://localhost@evil.com",
            "http://[::1].evil.com/",
            "http://[::1]@evil.com/",
            "http://localhost.evil.com/",
            "http://127.0.0.1.evil.com/",
            "http://localhost:3000:80/",
            "http://localhost:evil/",
            "http://localhost:99999/",
            "http://localhost\\@evil.com/",
            "http:\\\\localhost",
            "http://example.com/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http:localhost/",
            "http:/localhost/",
            "http:///localhost/",
            "https://good.com@evil.com/",
            "https://@evil.com/",
            "https://user:secret@app.example.com/cb",
            "https://good.com\\@evil.com/",
            "https:///evil.com/",
            "https:evil.com",
            "https:/evil.com",
            "https://",
            "https:///",
            "https://?a=b",
            "https://a b/",
            "https://a\u{9}b/",
            "https://app.example.com/a b",
            "https://app.example.com/a\u{a0}b",
            "https://app.example.com/a\u{1}b",
            "https://app.example.com/a\\b",
            "https://a<b/",
            "https://[::1/",
            "myapp://user@host/cb",
        ] {
            assert!(!is_sound(url), "{url}");
        }
    }

    #[test]
    fn what_runs_in_the_browser_is_refused_however_it_is_written() {
        for scheme in
            ["javascript", "JavaScript", "java\tscript", " javascript", "data", "vbscript", "file", "blob", "about"]
        {
            for rest in [":alert(1)", "://%0aalert(1)", ":/alert(1)", "://localhost/", ":https://app.example.com/"] {
                assert!(!is_sound(&format!("{scheme}{rest}")), "{scheme}{rest}");
            }
        }
    }

    #[test]
    fn what_is_not_absolute_or_has_a_fragment_is_refused() {
        for url in [
            "",
            "/callback",
            "callback",
            "//app.example.com/cb",
            "localhost:3000/cb",
            "example.com:443",
            "myapp:",
            "myapp:cb",
            "1app://cb",
            "://cb",
            ":/cb",
            "https://app.example.com/#",
            "https://app.example.com/#a",
            "myapp://cb#a",
        ] {
            assert!(!is_sound(url), "{url}");
        }
    }
}
