//! Which client calls, and its proof: `client_secret_basic`, `client_secret_post`, or none of a public client (RFC 6749, section 2.3).

use std::sync::Arc;

use cognate_domain::client::Client;
use cognate_domain::oauth::{OAuthCode, OAuthResult, Params};
use cognate_engine::{Cx, Secret};
use data_encoding::BASE64;
use http::{HeaderMap, header};

use crate::site::Site;

/// The client that a call proves to come from: one of this domain's pool that takes part in OAuth.
pub(super) async fn prove(cx: &Cx, site: &Site, headers: &HeaderMap, params: &Params) -> OAuthResult<Arc<Client>> {
    let presented = Presented::read(headers, params)?;
    if !is_client_id(&presented.id) {
        return Err(OAuthCode::InvalidClient.into());
    }
    let client = cx.app.client(&presented.id).await?;
    let client = client.filter(|client| client.pool_id == site.pool.id && client.takes_part_in_oauth());
    let client = client.ok_or(OAuthCode::InvalidClient)?;
    // Every form is compared, whichever fits.
    let proved = presented.secrets.iter().fold(false, |any, secret| any | client.proves(Some(secret)));
    let needs_none = presented.secrets.is_empty() && client.proves(None);
    if proved || needs_none { Ok(client) } else { Err(OAuthCode::InvalidClient.into()) }
}

/// The form that all of them have; nothing else is looked for.
pub(crate) fn is_client_id(id: &str) -> bool {
    id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'+')
}

struct Presented {
    id: String,
    /// What came, and what it may have been before it was encoded as a form's value: AWS's clients do not encode it, RFC 6749's do.
    secrets: Vec<Secret>,
}

impl Presented {
    fn read(headers: &HeaderMap, params: &Params) -> OAuthResult<Self> {
        let (id, secret) = (params.get("client_id")?, params.get("client_secret")?);
        let Some(basic) = headers.get(header::AUTHORIZATION) else {
            let id = id.ok_or(OAuthCode::InvalidRequest)?.to_owned();
            return Ok(Self { id, secrets: secret.map(Secret::from).into_iter().collect() });
        };
        if secret.is_some() || headers.get_all(header::AUTHORIZATION).iter().count() > 1 {
            return Err(OAuthCode::InvalidRequest.into()); // one way at a time
        }
        let (named, secret) = basic.to_str().ok().and_then(of_basic).ok_or(OAuthCode::InvalidClient)?;
        if id.is_some_and(|id| id != named) {
            return Err(OAuthCode::InvalidClient.into());
        }
        let mut secrets = vec![Secret::from(secret.as_str())];
        if let Some(decoded) = decoded(&secret) {
            secrets.push(decoded);
        }
        Ok(Self { id: named, secrets })
    }
}

/// `Basic base64(id:secret)`. A client's id has no character that a form would encode.
fn of_basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    (!id.is_empty()).then(|| (id.to_owned(), secret.to_owned()))
}

/// As a form's value, if that is something else.
fn decoded(secret: &str) -> Option<Secret> {
    let form = format!("s={}", secret.replace('&', "%26").replace('=', "%3D"));
    let params = Params::parse(form.as_bytes());
    let decoded = params.get("s").ok()??;
    (decoded != secret).then(|| Secret::from(decoded))
}
