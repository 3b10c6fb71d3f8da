//! Whether a token that is good in itself still stands. A signature cannot say that somebody has signed out since; an
//! issuer's introspection (RFC 7662), a list of revoked sign-ins or a store can, and each is asked through this port.

use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::refusal::shown;
use crate::{AuthContext, Refusal};

pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<bool, String>> + Send + 'a>>;

/// Asked with every token that has passed everything else, so an answer that is kept for a while is the implementor's
/// to keep. Where no answer comes, the token is refused.
pub trait Standing: Send + Sync {
    /// False of a token that was revoked. `Err` is for the log.
    fn stands<'a>(&'a self, token: &'a str, who: &'a AuthContext) -> Asking<'a>;
}

pub(crate) async fn ask(
    standing: &dyn Standing,
    token: &str,
    who: &AuthContext,
    patience: Duration,
) -> Result<(), Refusal> {
    let unknown = |reason: &str| Err(Refusal::StandingUnknown { reason: shown(reason) });
    if Handle::try_current().is_err() {
        return unknown("it is asked only where a tokio runtime runs");
    }
    match timeout(patience, standing.stands(token, who)).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(Refusal::Revoked),
        Ok(Err(reason)) => unknown(&reason),
        Err(_) => unknown("the answer took too long"),
    }
}
