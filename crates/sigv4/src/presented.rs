//! What a request presents as its signature: read from the Authorization header, or from the query of a presigned
//! request. Reading proves nothing; `verify` does.

use data_encoding::{BASE64, HEXLOWER};
use std::array;

use crate::characters::{all, word};
use crate::request::Singles;
use crate::signed_headers::SignedHeaders;
use crate::stamp::{self, Stamp};
use crate::{ALGORITHM, Refusal, Request, TERMINATOR, canonical, replay};

const MAX_AUTHORIZATION: usize = 8 * 1024;
const MAX_PRESIGNED_SECONDS: i64 = 7 * 24 * 60 * 60;

/// What a signature is good for. `date` is `20260101`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    pub date: String,
    pub region: String,
    pub service: String,
}

/// Without `Debug`, as it holds a session token.
pub struct Presented {
    pub(crate) access_key_id: String,
    pub(crate) scope: Scope,
    pub(crate) terminator: String,
    pub(crate) signed_headers: SignedHeaders,
    pub(crate) signature: [u8; 32],
    pub(crate) signed_at: Stamp,
    pub(crate) session_token: Option<String>,
    /// Of a presigned request: how long it is good for.
    pub(crate) presigned_ms: Option<i64>,
    pub(crate) unsigned_call_id: Option<String>,
}

impl Presented {
    pub fn read(request: &Request<'_>) -> Result<Self, Refusal> {
        if !request.within_limits() {
            return Err(incomplete("The request's path, query or headers are too long."));
        }
        let singles = Singles::read(request)?;
        let query = Query::read(request.query)?;
        let mut presented = match (singles.get("authorization"), query.only("X-Amz-Algorithm")?) {
            (None, None) => return Err(Refusal::MissingAuthenticationToken),
            (Some(_), Some(_)) => return Err(Refusal::Mismatch),
            (Some(header), None) => from_header(&singles, header)?,
            (None, Some(algorithm)) => from_query(&query, algorithm)?,
        };
        presented.unsigned_call_id = replay::unsigned_call_id(request, &presented.signed_headers);
        Ok(presented)
    }

    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Lower-case, in ascending order, with semicolons between them.
    pub fn signed_headers(&self) -> &str {
        self.signed_headers.as_str()
    }

    /// When it says it was signed, in milliseconds since 1970 (whole seconds).
    pub fn signed_ms(&self) -> i64 {
        self.signed_at.ms
    }

    /// To be compared with the session that the access key belongs to: a long-lived key has none.
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }
}

fn from_header(singles: &Singles<'_>, header: &str) -> Result<Presented, Refusal> {
    let (algorithm, rest) = header.split_once(' ').unwrap_or((header, ""));
    if algorithm != ALGORITHM {
        let ours = algorithm.starts_with("AWS4-") && algorithm.len() <= 32 && all(algorithm, word);
        if ours {
            return Err(Refusal::IncompleteSignature(format!("Unsupported AWS 'algorithm': '{algorithm}'.")));
        }
        return Err(Refusal::MissingAuthenticationToken);
    }
    if header.len() > MAX_AUTHORIZATION {
        return Err(incomplete("The Authorization header is too long."));
    }

    let [mut credential, mut signed_headers, mut signature] = [None; 3];
    for part in rest.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let Some((key, value)) = part.split_once('=') else {
            return Err(Refusal::IncompleteSignature(format!(
                "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded \
                 with Base64): '{}'.",
                hashed(header)
            )));
        };
        let slot = match key {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            _ => continue,
        };
        if slot.replace(value).is_some() {
            return Err(Refusal::IncompleteSignature(format!("Authorization header has '{key}' more than once.")));
        }
    }
    let date = singles.get("x-amz-date").or_else(|| singles.get("date"));
    let (Some(credential), Some(signature), Some(signed_headers), Some(date)) =
        (credential, signature, signed_headers, date)
    else {
        let mut sentences: Vec<String> =
            [("Credential", credential), ("Signature", signature), ("SignedHeaders", signed_headers)]
                .iter()
                .filter(|(_, value)| value.is_none())
                .map(|(name, _)| format!("Authorization header requires '{name}' parameter."))
                .collect();
        if date.is_none() {
            sentences.push(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.".to_owned(),
            );
        }
        return Err(Refusal::IncompleteSignature(format!(
            "{} (Hashed with SHA-256 and encoded with Base64) Authorization={}",
            sentences.join(" "),
            hashed(header)
        )));
    };
    let token = singles.get("x-amz-security-token").map(str::to_owned);
    assemble(credential, signed_headers, signature, stamp::parse_date(date), token)
}

fn from_query(query: &Query, algorithm: &str) -> Result<Presented, Refusal> {
    if algorithm != ALGORITHM {
        return Err(Refusal::MissingAuthenticationToken);
    }
    let names = ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date", "X-Amz-Expires"];
    let [mut credential, mut signature, mut signed_headers, mut date, mut expires] = [None; 5];
    let slots = [&mut credential, &mut signature, &mut signed_headers, &mut date, &mut expires];
    let mut missing = Vec::new();
    for (name, slot) in names.iter().zip(slots) {
        *slot = query.only(name)?;
        if slot.is_none() {
            missing.push(format!("AWS query-string parameters must include '{name}'."));
        }
    }
    let (Some(credential), Some(signature), Some(signed_headers), Some(date), Some(expires)) =
        (credential, signature, signed_headers, date, expires)
    else {
        missing.push("Re-examine the query-string parameters.".to_owned());
        return Err(Refusal::IncompleteSignature(missing.join(" ")));
    };
    let seconds = expires.parse().ok().filter(|seconds| (1..=MAX_PRESIGNED_SECONDS).contains(seconds));
    let Some(seconds) = seconds else {
        return Err(incomplete("'X-Amz-Expires' must be a number of seconds between 1 and 604800."));
    };
    let token = query.only("X-Amz-Security-Token")?.map(str::to_owned);
    let presented = assemble(credential, signed_headers, signature, stamp::parse_compact(date), token)?;
    Ok(Presented { presigned_ms: Some(seconds * 1000), ..presented })
}

fn assemble(
    credential: &str,
    signed_headers: &str,
    signature: &str,
    signed_at: Option<Stamp>,
    session_token: Option<String>,
) -> Result<Presented, Refusal> {
    let mut parts = credential.split('/');
    let [Some(access_key_id), Some(date), Some(region), Some(service), Some(terminator), None] =
        array::from_fn(|_| parts.next())
    else {
        return Err(incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
        ));
    };
    let sound = [(access_key_id, 128), (date, 8), (region, 32), (service, 64), (terminator, TERMINATOR.len())]
        .iter()
        .all(|(part, longest)| !part.is_empty() && part.len() <= *longest);
    if !sound || !all(credential, |byte| byte == b'/' || word(byte)) {
        return Err(incomplete(
            "Credential has an element that is empty, too long or has a character that none may have.",
        ));
    }
    let Some(signed_at) = signed_at else {
        return Err(incomplete("Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601"));
    };
    let Some(signed_headers) = SignedHeaders::read(signed_headers) else {
        return Err(incomplete("'SignedHeaders' must be at most 64 header names in lower case and ascending order."));
    };
    Ok(Presented {
        access_key_id: access_key_id.to_owned(),
        scope: Scope { date: date.to_owned(), region: region.to_owned(), service: service.to_owned() },
        terminator: terminator.to_owned(),
        signed_headers,
        signature: unhex(signature).ok_or(Refusal::Mismatch)?,
        signed_at,
        session_token,
        presigned_ms: None,
        unsigned_call_id: None,
    })
}

fn unhex(signature: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if signature.len() != 2 * bytes.len() {
        return None;
    }
    HEXLOWER.decode_mut(signature.as_bytes(), &mut bytes).ok()?;
    Some(bytes)
}

/// The query's pairs as text; what is not UTF-8 cannot be a parameter of ours.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(raw: &str) -> Result<Self, Refusal> {
        let pairs = canonical::pairs(raw).ok_or_else(|| incomplete("The query has an incomplete escape (%)."))?;
        let text = |(name, value)| Some((String::from_utf8(name).ok()?, String::from_utf8(value).ok()?));
        Ok(Self(pairs.into_iter().filter_map(text).collect()))
    }

    fn only(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() {
            return Err(Refusal::IncompleteSignature(format!("The parameter '{name}' may be sent only once.")));
        }
        Ok(first)
    }
}

fn incomplete(sentence: &str) -> Refusal {
    Refusal::IncompleteSignature(sentence.to_owned())
}

fn hashed(header: &str) -> String {
    BASE64.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, header.as_bytes()).as_ref())
}
