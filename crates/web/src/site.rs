//! Which pool's login domain a request is for: its host says so, or the first two parts of its path, `/domains/{domain}`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::response::Response;
use cognate_domain::login_domain::LoginDomain;
use cognate_domain::pool::Pool;
use cognate_engine::{App, Settings};
use http::request::Parts;
use http::{HeaderMap, header};

use crate::answer;

/// A login domain that is there; at any other host its paths do not exist.
pub(crate) struct Site {
    pub(crate) pool: Arc<Pool>,
    domain: Arc<LoginDomain>,
    /// What its paths begin with: nothing where it is met by its host.
    pub(crate) base: String,
}

impl FromRequestParts<Arc<App>> for Site {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let nothing = answer::nothing_here;
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let by_path = named.ok().and_then(|Path(mut named)| named.remove("domain"));
        let host = host(&parts.headers);
        let by_host = || host.as_deref().and_then(|host| app.settings.login_domain_of(host));
        let name = by_path.as_deref().or_else(by_host).ok_or_else(nothing)?;
        let found = app.login_site(name).await.map_err(|error| answer::failed(&error))?.ok_or_else(nothing)?;
        let base = by_path.map(|domain| format!("/domains/{domain}")).unwrap_or_default();
        Ok(Self { pool: found.pool, domain: found.domain, base })
    }
}

impl Site {
    /// Where a path of this domain is met in the way that it was asked for.
    pub(crate) fn address(&self, settings: &Settings, path: &str) -> String {
        let [by_host, by_path] = self.addresses(settings, path);
        if self.base.is_empty() { by_host } else { by_path }
    }

    /// Under which addresses a path of this domain is met.
    pub(crate) fn addresses(&self, settings: &Settings, path: &str) -> [String; 2] {
        let name = &self.domain.name;
        [format!("{}{path}", settings.login_url(name)), format!("{}/domains/{name}{path}", settings.public_url)]
    }
}

/// The one host, in lower case and without its port.
fn host(headers: &HeaderMap) -> Option<String> {
    let authority = authority(headers)?;
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host.to_owned(),
        _ => authority,
    };
    Some(host)
}

/// The one host and its port as they were asked for, in lower case.
pub(crate) fn authority(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(header::HOST).iter();
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    Some(only.to_str().ok()?.to_ascii_lowercase())
}
