//! How documents of issuers come here. A fetcher is a port: a server has an outbound client of its own, a test has
//! none.

#[cfg(feature = "reqwest")]
mod over_http;

use std::pin::Pin;
use std::time::Duration;

use thiserror::Error;

use crate::keys::KeySetError;
#[cfg(feature = "reqwest")]
pub use over_http::HttpFetch;

/// The longest document that is taken, in bytes.
pub const MAX_ANSWER: usize = 256 * 1024;

pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, FetchError>> + Send + 'a>>;

/// Whoever implements it follows no redirect, reads no more than [`MAX_ANSWER`], and never blocks the thread. What it
/// gives is measured again, and so is its time.
pub trait Fetch: Send + Sync {
    /// The body of a successful answer to GET.
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a>;
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FetchError {
    #[error("nothing has been fetched yet")]
    NotYet,
    #[error("the answer took too long")]
    Timeout,
    #[error("the answer is longer than 256 KiB")]
    TooLong,
    #[error("the answer's status is {0}")]
    Status(u16),
    #[error("no complete answer came")]
    Unreachable,
    #[error("{0}")]
    NotKeys(#[from] KeySetError),
    #[error("the issuer's metadata are no JSON object with issuer and jwks_uri")]
    NotMetadata,
    #[error("the metadata are of the issuer {actual}, expected {expected}")]
    OfAnotherIssuer { expected: String, actual: String },
    #[error("the metadata's jwks_uri is refused: {0}")]
    BadJwksUri(&'static str),
    #[error("keys can be fetched only where a tokio runtime runs")]
    NoRuntime,
    /// For fetchers elsewhere, in their words.
    #[error("{0}")]
    Other(String),
}

/// How long keys are kept, and how often an issuer is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// After a fetch, no other one before this has passed: a flood of made-up `kid`s costs the issuer one request a
    /// minute. A key that was made within it, and not published before it signs, waits that long. A minute.
    pub interval: Duration,
    /// The same after a fetch that failed. Ten seconds.
    pub cool_down: Duration,
    /// For all that one fetch asks, and for whether a token still stands. Five seconds.
    pub patience: Duration,
    /// Keys older than this are fetched again while they serve. An hour.
    pub refresh_after: Duration,
    /// Keys that could not be fetched again for this long are not trusted any more. A day.
    pub trusted_for: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            interval: Duration::from_mins(1),
            cool_down: Duration::from_secs(10),
            patience: Duration::from_secs(5),
            refresh_after: Duration::from_hours(1),
            trusted_for: Duration::from_hours(24),
        }
    }
}
