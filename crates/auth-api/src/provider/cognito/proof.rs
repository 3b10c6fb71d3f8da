//! Whose a token is: by the issuer's keys, which come over the same outbound client. A provider elsewhere has then said all it can; that a
//! token was revoked shows where it is presented to it.

use std::sync::Arc;

use cognate_authorizer::{
    Alg, AuthContext, Authorizer, ConfigError, Fetch, FetchError, Fetching, Issuer, MAX_ANSWER, Refusal, Rule,
    TokenUse, TokenUses as Uses,
};
use cognate_domain::directory::ProviderSubject;
use cognate_domain::{Clock, Timestamp};
use cognate_engine::carriers::outbound::{Outbound, OutboundError};
use http::{HeaderMap, Method};
use std::time::Duration;
use url::Url;

use super::{NAME, Settings};
use crate::problem::{Code, Problem};
use crate::provider::{Proved, TokenUses};

/// Their clock may go before ours; nothing is good for longer by it.
const EARLY: Duration = Duration::from_mins(1);

pub(super) struct Proof {
    authorizer: Authorizer,
    client_id: String,
}

/// Key sets, by the one outbound client.
struct Keys(Outbound);

impl Proof {
    pub(super) fn new(settings: &Settings, outbound: Outbound, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let below = format!("{}/{}", settings.endpoint.as_str().trim_end_matches('/'), settings.user_pool_id);
        let issuer = Issuer::cognito(settings.issuer.clone().unwrap_or_else(|| below.clone()))
            .jwks_uri(format!("{below}/.well-known/jwks.json"))
            .plain_http() // where the endpoint may be reached by http, which the settings decide
            .algorithms([Alg::Rs256])
            .token_use(Uses::Either)
            .any_client(); // whose of them is looked at below: a person's is ours, a machine's its own
        let authorizer = Authorizer::builder()
            .issuer(issuer)
            .fetcher(Keys(outbound))
            .clock(move || clock.now().seconds())
            .early_leeway(EARLY)
            .build()?;
        Ok(Self { authorizer, client_id: settings.client_id.clone() })
    }

    pub(super) async fn prove(&self, token: &str, uses: TokenUses) -> Result<Proved, Problem> {
        let rule = if uses.id { Rule::authenticated() } else { Rule::authenticated().only(TokenUse::Access) };
        let who = self.authorizer.verify(token, &rule).await.map_err(|refusal| refused(&refusal))?;
        self.admit(who)
    }

    /// What a person has given another application is not theirs to use here. A machine is a client of its own.
    fn admit(&self, who: AuthContext) -> Result<Proved, Problem> {
        let none = |cause| Err(Problem::new(Code::Unauthenticated).because(cause));
        let AuthContext { subject, token_use, client_id, username, scopes, groups, expires_at, .. } = who;
        let client_id = client_id.unwrap_or_default();
        let is_machine = username.is_none();
        if is_machine && (token_use != Some(TokenUse::Access) || subject != client_id) {
            return none("a token of nobody: without a user name, and not of its own client");
        }
        if !is_machine && client_id != self.client_id {
            return none("a token of another client");
        }
        Ok(Proved {
            subject: ProviderSubject { provider: NAME.to_owned(), id: subject },
            is_machine,
            username,
            client_id,
            scopes,
            groups,
            expires_at: Timestamp(expires_at.saturating_mul(1000)),
            token_use: token_use.map_or("access", TokenUse::as_str),
            family: None,
        })
    }
}

/// That the keys cannot be had says nothing of the token.
fn refused(refusal: &Refusal) -> Problem {
    let code = match refusal {
        Refusal::NoKeys { reason: FetchError::Timeout, .. } => Code::ProviderTimeout,
        Refusal::NoKeys { .. } => Code::ProviderFailed,
        _ => Code::Unauthenticated,
    };
    Problem::new(code).because(refusal.to_string())
}

impl Fetch for Keys {
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a> {
        Box::pin(async move {
            let url = Url::parse(url).map_err(|_| FetchError::Other("it is no URL".to_owned()))?;
            let answer = self.0.send(Method::GET, &url, HeaderMap::new(), Vec::new()).await;
            let answer = answer.map_err(|error| match error {
                OutboundError::Timeout => FetchError::Timeout,
                OutboundError::TooLong => FetchError::TooLong,
                OutboundError::Unreachable => FetchError::Unreachable,
                OutboundError::Forbidden(_) => FetchError::Other(error.to_string()),
            })?;
            if !answer.is_success() {
                return Err(FetchError::Status(answer.status));
            }
            if answer.body.len() > MAX_ANSWER { Err(FetchError::TooLong) } else { Ok(answer.body.to_vec()) }
        })
    }
}
