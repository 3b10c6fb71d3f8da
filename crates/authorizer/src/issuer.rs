//! Whom an authorizer trusts, and for what: an issuer, where its keys are, and which of its tokens are meant for us.
//! What must be decided has no default: whose tokens are taken is said, even if it is everybody's.

use cognate_jose::Alg;
use thiserror::Error;

use crate::address;
use crate::fetch::FetchError;
use crate::keys::KeySet;
use crate::source::Place;

/// One issuer, found by the exact `iss` of a token: a slash more is somebody else.
///
/// ```
/// # use cognate_authorizer::{Issuer, TokenUses};
/// let pool = Issuer::amazon("eu-central-1_Ex4mpl3").clients(["1example23456789"]);
/// let own = Issuer::cognito("https://id.example.com/eu-central-1_Ex4mpl3").any_client().token_use(TokenUses::Either);
/// let partner = Issuer::oidc("https://login.partner.example").audiences(["https://api.example.com"]);
/// ```
#[derive(Clone, Debug)]
pub struct Issuer {
    pub(crate) url: String,
    /// None where tokens are not asked for their use.
    pub(crate) uses: Option<TokenUses>,
    pub(crate) clients: Option<Names>,
    pub(crate) audiences: Option<Names>,
    pub(crate) algorithms: Vec<Alg>,
    pub(crate) groups_claim: String,
    pub(crate) bound_tokens: bool,
    pub(crate) keys: Option<KeySet>,
    pub(crate) place: Place,
    pub(crate) plain_http: bool,
}

/// Which of a pool's tokens are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUses {
    Access,
    Id,
    Either,
}

#[derive(Clone, Debug)]
pub(crate) enum Names {
    Any,
    OneOf(Vec<String>),
}

/// What would make an authorizer that takes nothing, or more than was meant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    #[error("no issuer is trusted")]
    NoIssuer,
    #[error("the issuer {0} is there twice")]
    IssuerTwice(String),
    #[error("{url} cannot be an issuer, or the address of its keys: {reason}")]
    BadAddress { url: String, reason: &'static str },
    #[error("say whose tokens of {0} are taken: clients, or any_client")]
    ClientsNotSaid(String),
    #[error("say for whom tokens of {0} are taken: audiences, or any_audience")]
    AudiencesNotSaid(String),
    #[error("an empty list of {what} would refuse every token of {issuer}")]
    EmptyList { issuer: String, what: &'static str },
    #[error("a leeway may be a minute at most")]
    Leeway,
    #[error("keys of {0} must be fetched, and there is no fetcher")]
    NoFetcher(String),
    #[error("the fetcher cannot be made: {0}")]
    Fetcher(FetchError),
}

impl Issuer {
    /// A user pool of Cognate or of Amazon, by its issuer. Access tokens are taken, unless `token_use` says otherwise;
    /// groups are in `cognito:groups`; keys are at `/.well-known/jwks.json` below it.
    pub fn cognito(url: impl Into<String>) -> Self {
        let url = url.into();
        let place = Place::Jwks(format!("{}/.well-known/jwks.json", url.trim_end_matches('/')));
        Self { uses: Some(TokenUses::Access), groups_claim: "cognito:groups".to_owned(), ..Self::new(url, place) }
    }

    /// A user pool of Amazon by its id, which begins with its region; keys are RSA. For a pool whose issuer type is
    /// `UPDATED`, or one in China, give its whole issuer to `cognito`.
    pub fn amazon(pool_id: &str) -> Self {
        let region = pool_id.split('_').next().unwrap_or_default();
        Self::cognito(format!("https://cognito-idp.{region}.amazonaws.com/{pool_id}")).algorithms([Alg::Rs256])
    }

    /// Any OpenID Connect issuer. Tokens are held against `audiences` and are not asked for a use, which only Cognito's
    /// say: where it gives ID tokens and access tokens for the same audience, either is taken. Groups are in `groups`;
    /// keys are where its metadata say.
    pub fn oidc(url: impl Into<String>) -> Self {
        let url = url.into();
        let place = Place::Metadata(format!("{}/.well-known/openid-configuration", url.trim_end_matches('/')));
        Self::new(url, place)
    }

    fn new(url: String, place: Place) -> Self {
        Self {
            url,
            uses: None,
            clients: None,
            audiences: None,
            algorithms: vec![Alg::Rs256, Alg::Es256, Alg::EdDsa],
            groups_claim: "groups".to_owned(),
            bound_tokens: false,
            keys: None,
            place,
            plain_http: false,
        }
    }

    /// Asks tokens for `token_use`. From then on `clients` must be said.
    #[must_use]
    pub fn token_use(mut self, uses: TokenUses) -> Self {
        self.uses = Some(uses);
        self
    }

    /// Whose tokens are taken: by `client_id` of an access token, by `aud` of an ID token. Of tokens without a use, by
    /// `client_id` or `azp`, beside the audience.
    #[must_use]
    pub fn clients<T: Into<String>>(mut self, clients: impl IntoIterator<Item = T>) -> Self {
        self.clients = Some(Names::one_of(clients));
        self
    }

    /// Whoever has a client at this issuer may call.
    #[must_use]
    pub fn any_client(mut self) -> Self {
        self.clients = Some(Names::Any);
        self
    }

    /// Of tokens without a use: `aud` has one of these. Of access tokens: the same, and a token that names no audience
    /// is refused. Without it an access token may name no audience but its issuer or its own client: one that was asked
    /// for another resource (RFC 8707) is not for us.
    #[must_use]
    pub fn audiences<T: Into<String>>(mut self, audiences: impl IntoIterator<Item = T>) -> Self {
        self.audiences = Some(Names::one_of(audiences));
        self
    }

    /// Tokens that were meant for others are taken, too.
    #[must_use]
    pub fn any_audience(mut self) -> Self {
        self.audiences = Some(Names::Any);
        self
    }

    /// All three by default. What a key is good for its kind decides, never the token.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Alg>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// An array of strings.
    #[must_use]
    pub fn groups_claim(mut self, claim: impl Into<String>) -> Self {
        self.groups_claim = claim.into();
        self
    }

    /// Takes tokens that are bound to a key of their holder (`cnf`: DPoP, mutual TLS) as if they were a bearer's. Only
    /// for a caller that proves the holder itself: `claims` of the context has `cnf`.
    #[must_use]
    pub fn bound_tokens(mut self) -> Self {
        self.bound_tokens = true;
        self
    }

    /// The keys themselves: nothing is ever fetched.
    #[must_use]
    pub fn keys(mut self, keys: KeySet) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Where its key set is, if not where others have it: an address inside of a network, say.
    #[must_use]
    pub fn jwks_uri(mut self, url: impl Into<String>) -> Self {
        self.place = Place::Jwks(url.into());
        self
    }

    /// Keys may come over plain http from elsewhere than this machine: whoever is between can then make tokens.
    #[must_use]
    pub fn plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let bad = |url: &str, reason| ConfigError::BadAddress { url: url.to_owned(), reason };
        if self.keys.is_none() {
            let (Place::Jwks(url) | Place::Metadata(url)) = &self.place;
            address::check(url, self.plain_http).map_err(|reason| bad(url, reason))?;
        }
        if self.url.is_empty() || self.url.contains(['?', '#']) {
            return Err(bad(&self.url, "it is empty, or has a query or a fragment"));
        }

        match (self.uses, &self.clients, &self.audiences) {
            (Some(_), None, _) => return Err(ConfigError::ClientsNotSaid(self.url.clone())),
            (None, _, None) => return Err(ConfigError::AudiencesNotSaid(self.url.clone())),
            _ => {}
        }
        let lists = [
            ("clients", self.clients.as_ref().is_some_and(Names::is_empty)),
            ("audiences", self.audiences.as_ref().is_some_and(Names::is_empty)),
            ("algorithms", self.algorithms.is_empty()),
        ];
        match lists.into_iter().find(|(_, empty)| *empty) {
            Some((what, _)) => Err(ConfigError::EmptyList { issuer: self.url.clone(), what }),
            None => Ok(()),
        }
    }
}

impl Names {
    fn one_of<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Self {
        Self::OneOf(names.into_iter().map(Into::into).collect())
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::OneOf(names) if names.is_empty())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(names) => names.iter().any(|one| one == name),
        }
    }
}
