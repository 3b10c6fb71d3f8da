//! What makes two signed calls the same call. SigV4 has no nonce and its time is in whole seconds, so two honest calls
//! may have one signature: boto3 and the AWS CLI leave `amz-sdk-invocation-id` unsigned (the SDKs for JavaScript 3 and
//! Rust sign it). Such twins were signed within one second, so they arrive close together; a replay that comes later,
//! or repeats the unsigned id, is refused. A twin's id can be forged, but only for `TWIN_MS` after the first call.

use aws_lc_rs::digest;

use crate::signed_headers::SignedHeaders;
use crate::{Presented, Request, SKEW_MS};

/// How long after the first call with a signature another, told apart only by unsigned headers, may still come.
pub const TWIN_MS: i64 = 2_000;

/// In the order of importance: with none of the ids a signature is good for one call.
const CALL_IDS: [&str; 2] = ["amz-sdk-invocation-id", "aws-sdk-invocation-id"];
const ATTEMPTS: [&str; 2] = ["amz-sdk-request", "aws-sdk-retry"];

/// What is to be remembered of a verified call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Seen before: a replay.
    pub call: [u8; 32],
    /// Present where `call` rests on headers that are not signed: if this was first seen more than `TWIN_MS` ago, it
    /// is a replay too. Kept beside `call`, in the same set: it equals the `call` of a request without an id.
    pub signature: Option<[u8; 32]>,
    /// From then on the signature is refused as expired, and both may be forgotten. Milliseconds since 1970.
    pub until_ms: i64,
}

impl Presented {
    /// To be used after `verify` said yes.
    pub fn replay(&self) -> Replay {
        let date = self.scope.date.as_bytes();
        let parts = [b"cognate sigv4".as_slice(), self.access_key_id.as_bytes(), date, &self.signature];
        let signature = digest_of(&parts);
        let lifetime_ms = self.presigned_ms.unwrap_or(SKEW_MS);
        let until_ms = self.signed_at.ms.saturating_add(lifetime_ms).saturating_add(1);
        match &self.unsigned_call_id {
            None => Replay { call: signature, signature: None, until_ms },
            Some(id) => {
                let call = digest_of(&[b"cognate sigv4 call", &signature, id.as_bytes()]);
                Replay { call, signature: Some(signature), until_ms }
            }
        }
    }
}

/// The invocation's id and the attempt's number as sent, where the signature does not cover the id.
pub(crate) fn unsigned_call_id(request: &Request<'_>, signed: &SignedHeaders) -> Option<String> {
    let unsigned = |name: &'static str| request.all(name).filter(move |_| !signed.contains(name));
    let mut ids = CALL_IDS.into_iter().flat_map(unsigned);
    let mut text = String::with_capacity(128);
    text.push_str(ids.next()?);
    for part in ids.chain(ATTEMPTS.into_iter().flat_map(unsigned)) {
        text.push('\n');
        text.push_str(part);
    }
    Some(text)
}

/// Each part is preceded by its length, so that no two lists of parts give the same bytes.
fn digest_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(256);
    for part in parts {
        bytes.extend_from_slice(&part.len().to_be_bytes());
        bytes.extend_from_slice(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, &bytes).as_ref());
    out
}
