//! AWS Signature Version 4, signing and verifying with one canonicaliser. No clock (the time is passed in, as
//! milliseconds since 1970) and no network. The rules of every service but S3: the path is normalised and encoded once
//! more, the body is always hashed.
//! AWS: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

mod canonical;
mod characters;
mod presented;
mod refusal;
mod replay;
mod request;
mod sign;
mod signed_headers;
mod stamp;
mod verify;

#[cfg(test)]
mod vectors;

pub use canonical::SigningKey;
pub use presented::{Presented, Scope};
pub use refusal::Refusal;
pub use replay::{Replay, TWIN_MS};
pub use request::Request;
pub use sign::{Credentials, Unsignable, sign};

pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
pub(crate) const TERMINATOR: &str = "aws4_request";

/// How far a signer's clock may be from ours.
pub const SKEW_MS: i64 = 5 * 60 * 1000;
