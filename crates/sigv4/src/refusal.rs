//! Why a request is refused. `to_string()` is the sentence for the client, `code()` the name of AWS's error; all are
//! HTTP 400. No sentence repeats a key, a token or a signature.
//! AWS: wording read from reports of its users, see `docs/known-quirks.md`.

use crate::{SKEW_MS, stamp};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Missing Authentication Token")]
    MissingAuthenticationToken,
    /// What is presented cannot be read.
    #[error("{0}")]
    IncompleteSignature(String),
    /// Read, computed, and not the same.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details."
    )]
    Mismatch,
    /// Times in milliseconds since 1970.
    #[error("Signature expired: {} is now earlier than {} ({} - {}.)",
        stamp::compact(*signed_ms), stamp::compact(now_ms.saturating_sub(*lifetime_ms)), stamp::compact(*now_ms), span(*lifetime_ms))]
    Expired { signed_ms: i64, now_ms: i64, lifetime_ms: i64 },
    #[error("Signature not yet current: {} is still later than {} ({} + {}.)",
        stamp::compact(*signed_ms), stamp::compact(now_ms.saturating_add(SKEW_MS)), stamp::compact(*now_ms), span(SKEW_MS))]
    NotYetCurrent { signed_ms: i64, now_ms: i64 },
    /// The credential's scope is not ours; the sentence names each part that is wrong.
    #[error("{0}")]
    Scope(String),
    /// A header that must be signed is not. The name in the client's spelling does not matter: lower case.
    #[error("'{0}' must be a 'SignedHeader' in the AWS Authorization.")]
    Unsigned(String),
    #[error("The provided 'x-amz-content-sha256' header does not match what was computed.")]
    BodyHash,
}

impl Refusal {
    /// The name of AWS's error, as it stands in `__type`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingAuthenticationToken => "MissingAuthenticationTokenException",
            Self::IncompleteSignature(_) => "IncompleteSignatureException",
            Self::Mismatch
            | Self::Expired { .. }
            | Self::NotYetCurrent { .. }
            | Self::Scope(_)
            | Self::Unsigned(_)
            | Self::BodyHash => "InvalidSignatureException",
        }
    }
}

fn span(ms: i64) -> String {
    let seconds = ms / 1000;
    if seconds % 60 == 0 { format!("{} min", seconds / 60) } else { format!("{seconds} sec") }
}
