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
    let region = &presented.scope().region;
    if !is_ours(cx, region) {
        return Err(Error::new(ErrorKind::InvalidSignature, "Credential should be scoped to a valid region. "));
    }
    let signing_key = cx.app.signing_key(&key, presented.scope())?;
    presented
        .verify_with(&signed, &signing_key, cx.now.0, service.signing_name)
        .map_err(|refusal| refused(&refusal))?;
    let replay = presented.replay();
    let call = SignedCall {
        call: replay.call,
        signature: replay.signature,
        twins_within_ms: TWIN_MS,
        until: Timestamp(replay.until_ms),
    };
    cx.refuse_replay(call, only_reads(facts.name)).await?;

    region.clone_into(&mut cx.caller.region);
    key.account.clone_into(&mut cx.caller.account);
    cx.app.remember_signing_key(&key, presented.scope(), signing_key);
    Ok(())
}

/// A region becomes part of ids, ARNs and issuers: the server's own, whatever it is called, or one named as AWS names
/// them (`us-gov-west-1`). There is no list, so that a region of tomorrow needs no release.
fn is_ours(cx: &Cx, region: &str) -> bool {
    region == cx.app.settings.region || is_region(region)
}

/// `^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`
fn is_region(name: &str) -> bool {
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some((places, number)) = name.rsplit_once('-') else { return false };
    let Some((area, places)) = places.split_once('-') else { return false };
    (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && (2..=4).contains(&area.len())
        && letters(area)
        && places.split('-').all(letters)
}

/// By its name: `GetTokensFromRefreshToken` is the one that changes something although it gets.
pub(crate) fn only_reads(operation: &str) -> bool {
    let verb = operation.strip_prefix("Admin").unwrap_or(operation);
    let reads = ["Get", "List", "Describe"].iter().any(|reads| verb.starts_with(reads));
    reads && !matches!(operation, "GetTokensFromRefreshToken" | "GetUserAttributeVerificationCode")
}

/// Development: the region of the credential scope is believed if it can be one, the rest is not looked at.
fn believe(cx: &mut Cx, request: &Request<Bytes>) {
    let Ok(headers) = readable_headers(request) else { return };
    if let Ok(presented) = Presented::read(&as_signed(request, &headers))
        && is_region(&presented.scope().region)
    {
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

#[cfg(test)]
mod tests {
    use super::is_region;

    #[test]
    fn regions_are_named_as_aws_names_them() {
        for name in
            ["us-east-1", "ap-southeast-14", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1", "mx-central-1"]
        {
            assert!(is_region(name), "{name}");
        }
        for name in [
            "",
            "-",
            "--",
            "us",
            "us-1",
            "us-east",
            "us-east-",
            "us-east-123",
            "us-east-x",
            "us--1",
            "us-east--1",
            "-east-1",
            "u-east-1",
            "europe-west-1",
            "US-EAST-1",
            "us-e4st-1",
            "us_east_1",
            "us-east-1 ",
            "us-east-1\n",
            " us-east-1",
            "../../-a-1",
            "us-east/-1",
            "us-öst-1",
            "us-east-\u{661}",
            "us-east-1-",
            "us-east-1/x",
        ] {
            assert!(!is_region(name), "{name:?}");
        }
    }
}
