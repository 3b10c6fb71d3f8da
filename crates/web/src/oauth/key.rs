//! The proof of a client's key that may come with a request (RFC 9449), where the pool offers it.

use cognate_domain::oauth::{OAuthCode, OAuthResult};
use cognate_domain::pool::Extension;
use cognate_engine::Cx;
use cognate_engine::dpop::Endpoint;
use http::{HeaderMap, HeaderName};

use crate::site::Site;

const DPOP: HeaderName = HeaderName::from_static("dpop");

/// Proves the key, if a proof came: one, for this method and path.
pub(super) async fn prove(
    cx: &mut Cx,
    site: &Site,
    headers: &HeaderMap,
    at: (&str, &str),
    access_token: Option<&str>,
) -> OAuthResult<()> {
    let mut proofs = headers.get_all(DPOP).iter();
    let Some(first) = proofs.next().filter(|_| site.pool.config.has(Extension::Dpop)) else { return Ok(()) };
    let only = first.to_str().ok().filter(|_| proofs.next().is_none()).ok_or(OAuthCode::InvalidDpopProof)?;
    let addresses = site.addresses(&cx.app.settings, at.1);
    cx.prove_key(only, Endpoint { method: at.0, addresses: &addresses }, access_token).await
}
