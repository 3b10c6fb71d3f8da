//! Which pool's login domain a request is for: its host says so, or the first two parts of its path, `/domains/{domain}`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::response::Response;
use cognate_engine::App;
use cognate_engine::oauth::LoginSite;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};

use crate::answer;

/// A request to a login domain that is there; to any other host its paths do not exist.
pub(crate) struct Site(pub(crate) LoginSite);

impl FromRequestParts<Arc<App>> for Site {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let nothing = || answer::json_error(StatusCode::NOT_FOUND, "Nothing answers at this address.");
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let named = named.map(|Path(named)| named).unwrap_or_default();
        let host = host(&parts.headers);
        let by_host = || host.as_deref().and_then(|host| app.settings.login_domain_of(host));
        let name = named.get("domain").map(String::as_str).or_else(by_host).ok_or_else(nothing)?;
        match app.login_site(name).await {
            Ok(Some(site)) => Ok(Self(site)),
            Ok(None) => Err(nothing()),
            Err(error) => Err(answer::failed(&error)),
        }
    }
}

/// The one host, in lower case and without its port.
fn host(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(header::HOST).iter();
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    let authority = only.to_str().ok()?.to_ascii_lowercase();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host.to_owned(),
        _ => authority,
    };
    Some(host)
}
