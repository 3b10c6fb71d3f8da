//! What keeps a web page elsewhere away from `cognate dev`: only names of this machine are answered (a name that was
//! rebound to it is not one), and what is below /dev answers its own pages alone.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::json;
use url::Url;

#[derive(Clone)]
pub(crate) struct Guard(Arc<Known>);

struct Known {
    /// The host of the public URL.
    public: Option<String>,
    /// With `--expose`: any literal address, since a rebound name never looks like one.
    exposed: bool,
}

impl Guard {
    pub(crate) fn new(public_url: &str, exposed: bool) -> Self {
        let public = Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        Self(Arc::new(Known { public, exposed }))
    }

    fn knows(&self, authority: &str) -> bool {
        let Some(host) = host_of(authority) else { return false };
        let literal = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
            || host.ends_with(".localhost")
            || self.0.public.as_deref() == Some(&host)
            || (self.0.exposed && literal.is_some())
    }
}

/// The host in lower case, without port; `None` if it is no authority.
fn host_of(authority: &str) -> Option<String> {
    if authority.contains(['@', '/', '?', '#', '\\']) {
        return None;
    }
    let url = Url::parse(&format!("http://{authority}/")).ok()?;
    url.host_str().map(|host| host.trim_end_matches('.').to_owned()).filter(|host| !host.is_empty())
}

/// The one `Host`; none or several are nobody's.
fn host(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::HOST).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

pub(super) async fn known_host(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    if host(request.headers()).is_some_and(|host| guard.knows(host)) {
        return next.run(request).await;
    }
    let message = "This Host is unknown to cognate dev, which answers localhost, *.localhost, 127.0.0.1, [::1] and the \
                   host of --public-url.";
    (StatusCode::MISDIRECTED_REQUEST, Json(json!({ "message": message }))).into_response()
}

/// Pages of other origins may neither read nor change what is below /dev. No CORS header is ever sent there.
pub(super) async fn same_origin(request: Request, next: Next) -> Response {
    if is_own(request.method(), request.headers()) {
        return next.run(request).await;
    }
    let message = "Pages of another origin may not use what is below /dev.";
    (StatusCode::FORBIDDEN, Json(json!({ "message": message }))).into_response()
}

fn is_own(method: &Method, headers: &HeaderMap) -> bool {
    let own = host(headers).map(|host| format!("http://{host}"));
    let origins_are_own = headers
        .get_all(header::ORIGIN)
        .iter()
        .all(|origin| own.as_deref().is_some_and(|own| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes())));
    let from_elsewhere =
        headers.get("sec-fetch-site").is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    origins_are_own && (method.is_safe() || !from_elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_known_in_any_spelling() {
        let guard = Guard::new("http://id.test:9229", false);
        for host in ["localhost", "LOCALHOST:9229", "127.0.0.1:1", "[::1]:9229", "dev.auth.localhost:9229", "id.test"] {
            assert!(guard.knows(host), "{host}");
        }
    }

    #[test]
    fn other_names_are_not_however_close_they_look() {
        let guard = Guard::new("http://id.test:9229", false);
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "evillocalhost",
            "127.0.0.1.evil.example",
            "192.168.0.5",
            "localhost@evil.example",
            "evil.example/localhost",
            "id.test.evil.example",
            "a b",
        ] {
            assert!(!guard.knows(host), "{host}");
        }
    }

    #[test]
    fn a_literal_address_is_known_only_when_exposed() {
        assert!(Guard::new("http://127.0.0.1", true).knows("192.168.0.5:9229"));
        assert!(!Guard::new("http://127.0.0.1", true).knows("evil.example"));
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_the_own_origin_may_use_dev() {
        let own = [("host", "localhost:9229"), ("origin", "http://localhost:9229")];
        assert!(is_own(&Method::POST, &headers(&own)));
        assert!(is_own(&Method::DELETE, &headers(&[("host", "localhost:9229")])));
        for origin in ["http://localhost:3000", "null", "https://localhost:9229", "http://evil.example"] {
            assert!(!is_own(&Method::GET, &headers(&[("host", "localhost:9229"), ("origin", origin)])), "{origin}");
        }
        let silent = [("host", "localhost:9229"), ("sec-fetch-site", "cross-site")];
        assert!(!is_own(&Method::POST, &headers(&silent)));
        assert!(is_own(&Method::GET, &headers(&silent)), "a link from elsewhere may be followed");
    }
}
