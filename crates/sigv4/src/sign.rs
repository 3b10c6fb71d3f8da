//! Signing a request of our own, by headers. What proxies and HTTP clients change on the way is left unsigned.

use data_encoding::HEXLOWER;

use crate::canonical::SigningKey;
use crate::signed_headers::SignedHeaders;
use crate::{ALGORITHM, Request, Scope, TERMINATOR, canonical, stamp};

const LEFT_UNSIGNED: [&str; 9] = [
    "accept-encoding",
    "connection",
    "expect",
    "keep-alive",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// `session_token` belongs to temporary credentials only.
pub struct Credentials<'a> {
    pub access_key_id: &'a str,
    pub secret: &'a str,
    pub session_token: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    #[error("the request has no Host header")]
    NoHost,
    #[error("the request is signed already")]
    AlreadySigned,
    #[error("the query has a broken escape")]
    Query,
    #[error("the time is out of range")]
    Time,
}

/// The headers to add: `x-amz-date`, `x-amz-security-token` where there is a token, and `authorization`.
pub fn sign(
    request: &Request<'_>,
    credentials: &Credentials<'_>,
    region: &str,
    service: &str,
    now_ms: i64,
) -> Result<Vec<(String, String)>, Unsignable> {
    let draft = Draft::of(request, credentials.session_token, (region, service), now_ms)?;
    let key = SigningKey::derive(credentials.secret, &draft.scope);
    let signature = HEXLOWER.encode(key.sign(&draft.to_sign).as_ref());
    let Scope { date, .. } = &draft.scope;
    let authorization = format!(
        "{ALGORITHM} Credential={}/{date}/{region}/{service}/{TERMINATOR}, SignedHeaders={}, Signature={signature}",
        credentials.access_key_id,
        draft.signed_headers.as_str(),
    );
    let mut headers = draft.added;
    headers.push(("authorization".to_owned(), authorization));
    Ok(headers)
}

/// What is signed, kept apart so that the published vectors can be held against each step.
pub(crate) struct Draft {
    pub(crate) scope: Scope,
    pub(crate) signed_headers: SignedHeaders,
    pub(crate) added: Vec<(String, String)>,
    #[cfg(test)]
    pub(crate) canonical: String,
    pub(crate) to_sign: String,
}

impl Draft {
    pub(crate) fn of(
        request: &Request<'_>,
        session_token: Option<&str>,
        (region, service): (&str, &str),
        now_ms: i64,
    ) -> Result<Self, Unsignable> {
        let given = |name: &str| request.all(name).next().is_some();
        if !given("host") {
            return Err(Unsignable::NoHost);
        }
        if ["authorization", "x-amz-date", "x-amz-security-token"].into_iter().any(given) {
            return Err(Unsignable::AlreadySigned);
        }
        let stamp = stamp::try_compact(now_ms).ok_or(Unsignable::Time)?;
        let date = stamp.get(..8).ok_or(Unsignable::Time)?.to_owned();
        let scope = Scope { date, region: region.to_owned(), service: service.to_owned() };

        let mut added = vec![("x-amz-date".to_owned(), stamp.clone())];
        added.extend(session_token.map(|token| ("x-amz-security-token".to_owned(), token.to_owned())));
        let mut headers = request.headers.to_vec();
        headers.extend(added.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let left_unsigned = |name: &&str| LEFT_UNSIGNED.iter().any(|unsigned| name.eq_ignore_ascii_case(unsigned));
        let names = headers.iter().map(|(name, _)| *name);
        let signed_headers = SignedHeaders::of(names.filter(|name| !left_unsigned(name)));

        let complete = Request { headers: &headers, ..*request };
        let body_hash = canonical::sha256_hex(request.body);
        let canonical = canonical::request(&complete, &signed_headers, &body_hash, false).ok_or(Unsignable::Query)?;
        let to_sign = canonical::string_to_sign(&stamp, &scope, &canonical);
        Ok(Self {
            scope,
            signed_headers,
            added,
            #[cfg(test)]
            canonical,
            to_sign,
        })
    }
}
