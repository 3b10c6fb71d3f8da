//! Who may call: nothing asked, an access token in the body, or a signature. `dev` admits any key and none.

use bytes::Bytes;
use cognate_domain::{Error, Result, Timestamp};
use cognate_engine::replays::SignedCall;
use cognate_engine::{Cx, Mode};
use cognate_sigv4::{Presented, Refusal, TWIN_MS};
use cognate_wire::{Auth, ErrorKind, Facts};
use http::Request;
use serde_json::Value;

use crate::services::Service;

/// Proves the signature of a signed operation, and from it who calls and in which region.
pub(crate) async fn signature(cx: &mut Cx, service: &Service, facts: &Facts, request: &Request<Bytes>) -> Result<()> {
    match (facts.auth, cx.app.settings.mode) {
        (Auth::SigV4, Mode::Serve) => prove(cx, service, facts, request).await,
        (Auth::SigV4, Mode::Dev) => {
            believe(cx, request);
            Ok(())
        }
        (Auth::None | Auth::AccessToken | Auth::OptionalAccessToken, _) => Ok(()),
    }
}

async fn prove(cx: &mut Cx, service: &Service, facts: &Facts, request: &Request<Bytes>) -> Result<()> {
    let headers = readable_headers(request)?;
    let signed = as_signed(request, &headers);
    let presented = Presented::read(&signed).map_err(|refusal| refused(&refusal))?;
    let key = cx.app.find_access_key(presented.access_key_id()).await?.ok_or_else(Error::unknown_access_key)?;
    if presented.session_token().is_some() {
        return Err(Error::unknown_access_key()); // our keys live long and have none
    }
    presented
        .verify(&signed, key.secret.expose(), cx.now.0, service.signing_name)
        .map_err(|refusal| refused(&refusal))?;
    let replay = presented.replay();
    let call = SignedCall {
        call: replay.call,
        signature: replay.signature,
        twins_within_ms: TWIN_MS,
        until: Timestamp(replay.until_ms),
    };
    cx.refuse_replay(call, only_reads(facts.name)).await?;

    presented.scope().region.clone_into(&mut cx.caller.region);
    cx.caller.account = key.account;
    Ok(())
}

fn only_reads(operation: &str) -> bool {
    let verb = operation.strip_prefix("Admin").unwrap_or(operation);
    ["Get", "List", "Describe"].iter().any(|reads| verb.starts_with(reads))
}

/// Development: the region of the credential scope is believed, the rest is not looked at.
fn believe(cx: &mut Cx, request: &Request<Bytes>) {
    let Ok(headers) = readable_headers(request) else { return };
    if let Ok(presented) = Presented::read(&as_signed(request, &headers)) {
        presented.scope().region.clone_into(&mut cx.caller.region);
    }
}

fn readable_headers(request: &Request<Bytes>) -> Result<Vec<(&str, &str)>> {
    let mut headers = Vec::with_capacity(request.headers().len() + 1);
    for (name, value) in request.headers() {
        let unreadable = |_| Error::new(ErrorKind::IncompleteSignature, format!("Header '{name}' is not text."));
        headers.push((name.as_str(), value.to_str().map_err(unreadable)?));
    }
    if let Some(authority) = request.uri().authority() {
        headers.push(("host", authority.as_str())); // HTTP/2
    }
    Ok(headers)
}

fn as_signed<'a>(request: &'a Request<Bytes>, headers: &'a [(&'a str, &'a str)]) -> cognate_sigv4::Request<'a> {
    cognate_sigv4::Request {
        method: request.method().as_str(),
        path: request.uri().path(),
        query: request.uri().query().unwrap_or_default(),
        headers,
        body: request.body(),
    }
}

fn refused(refusal: &Refusal) -> Error {
    let kind = match refusal {
        Refusal::MissingAuthenticationToken => ErrorKind::MissingAuthenticationToken,
        Refusal::IncompleteSignature(_) => ErrorKind::IncompleteSignature,
        _ => ErrorKind::InvalidSignature,
    };
    Error::new(kind, refusal.to_string())
}

/// Proves the access token of the operations that take one; the handler finds its bearer in the context.
pub(crate) async fn token(cx: &mut Cx, auth: Auth, value: &Value) -> Result<()> {
    let wanted = matches!(auth, Auth::AccessToken | Auth::OptionalAccessToken);
    let Some(token) = value.get("AccessToken").and_then(Value::as_str).filter(|_| wanted) else { return Ok(()) };
    let bearer = cx.authenticate(token).await?;
    cx.bearer = Some(bearer);
    Ok(())
}
