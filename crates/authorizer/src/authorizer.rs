//! One authorizer for all the issuers that a service trusts. What is asked of a token, in this order: length, form and
//! algorithm, typ, claims as JSON, issuer, key, signature, use, client, audience, times, and then the route's own rule.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cognate_jose::{MAX_TOKEN, Peek, VerifyError};
use http::HeaderMap;

use crate::admit::{Time, admit};
use crate::claims::Claims;
use crate::fetch::{Fetch, Pace};
use crate::header::{self, Header};
use crate::keys::KeySet;
use crate::refusal::{listed, shown};
use crate::source::{Fetched, Source};
use crate::standing::{self, Standing};
use crate::{AuthContext, Clock, ConfigError, Issuer, Refusal, Rule, SystemClock, bearer};

const LONGEST_LEEWAY: Duration = Duration::from_mins(1);

/// Cheap to clone; clones share their keys.
#[derive(Clone)]
pub struct Authorizer {
    inner: Arc<Inner>,
}

struct Inner {
    /// By the exact `iss`.
    trusted: HashMap<String, Trusted>,
    clock: Arc<dyn Clock>,
    standing: Option<Arc<dyn Standing>>,
    patience: Duration,
    late: i64,
    early: i64,
}

struct Trusted {
    issuer: Issuer,
    source: Source,
}

/// A token as it reads, of an issuer that is trusted; nothing of it is proved.
struct Opened<'a> {
    trusted: &'a Trusted,
    read: Peek<'a>,
    kid: String,
    header: Header,
    claims: Claims,
}

impl Authorizer {
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Who sends the token, if it is good and the rule holds. Waits only for keys that are not here.
    pub async fn verify(&self, token: &str, rule: &Rule) -> Result<AuthContext, Refusal> {
        let opened = self.inner.open(token)?;
        let keys = opened.trusted.source.find(&opened.kid).await?;
        let who = self.inner.judge(opened, &keys, rule)?;
        if let Some(standing) = &self.inner.standing {
            standing::ask(&**standing, token, &who, self.inner.patience).await?;
        }
        Ok(who)
    }

    /// The same with the keys that are here: given, or fetched before. Needs no runtime. Where it is to be asked whether
    /// tokens still stand, nothing is good without that.
    pub fn verify_now(&self, token: &str, rule: &Rule) -> Result<AuthContext, Refusal> {
        if self.inner.standing.is_some() {
            return Err(Refusal::StandingUnknown { reason: "verify asks, verify_now cannot".to_owned() });
        }
        let opened = self.inner.open(token)?;
        let keys = opened.trusted.source.find_here(&opened.kid)?;
        self.inner.judge(opened, &keys, rule)
    }

    /// The same of a request's `Authorization` header.
    pub async fn verify_headers(&self, headers: &HeaderMap, rule: &Rule) -> Result<AuthContext, Refusal> {
        self.verify(bearer(headers)?, rule).await
    }

    /// Fetches the keys of all issuers, so that the first request need not wait. Says of one issuer that gave none; the
    /// others' are kept, and tokens of that one are refused until it answers.
    pub async fn preload(&self) -> Result<(), Refusal> {
        let sources = || self.inner.trusted.values().map(|trusted| &trusted.source);
        sources().for_each(Source::begin);
        let mut outcome = Ok(());
        for source in sources() {
            outcome = outcome.and(source.preload().await);
        }
        outcome
    }
}

impl Inner {
    fn open<'a>(&'a self, token: &'a str) -> Result<Opened<'a>, Refusal> {
        if token.len() > MAX_TOKEN {
            return Err(Refusal::TooLong { expected: MAX_TOKEN, actual: token.len() });
        }
        let read =
            cognate_jose::peek(token).map_err(|error| header::refuse(error, token, "RS256 ES256 EdDSA".to_owned()))?;
        let header = Header::read(token)?;
        let claims = Claims::read(&read.payload)?;
        let iss = claims.needed_text("iss")?;
        let trusted = self.trusted.get(iss).ok_or_else(|| self.unknown_issuer(iss))?;
        if !trusted.issuer.algorithms.contains(&read.alg) {
            return Err(trusted.wrong_algorithm(&read));
        }
        let kid = read.kid.clone().filter(|kid| !kid.is_empty()).ok_or(Refusal::NoKeyId)?;
        Ok(Opened { trusted, read, kid, header, claims })
    }

    fn judge(&self, opened: Opened<'_>, keys: &KeySet, rule: &Rule) -> Result<AuthContext, Refusal> {
        let Opened { trusted, read, kid, header, claims } = opened;
        let issuer = &trusted.issuer;
        keys.prove(&read).map_err(|error| match error {
            VerifyError::WrongAlgorithm => trusted.wrong_algorithm(&read),
            VerifyError::WrongKey => Refusal::UnknownKey { issuer: issuer.url.clone(), actual: shown(&kid) },
            _ => Refusal::BadSignature { issuer: issuer.url.clone(), kid: shown(&kid) },
        })?;

        let time = Time { now: self.clock.now(), late: self.late, early: self.early };
        let who = admit(issuer, claims, header.is_access_token(), time)?;
        rule.allows(&who)?;
        Ok(who)
    }

    fn unknown_issuer(&self, iss: &str) -> Refusal {
        let mut expected: Vec<&String> = self.trusted.keys().collect();
        expected.sort();
        Refusal::UnknownIssuer { expected: listed(&expected), actual: shown(iss) }
    }
}

impl Trusted {
    /// Either not one of those that are taken, or not that of the key which the token names.
    fn wrong_algorithm(&self, read: &Peek<'_>) -> Refusal {
        let taken: Vec<&str> = self.issuer.algorithms.iter().map(|alg| alg.as_str()).collect();
        let expected = format!("{} and the key's", listed(&taken));
        Refusal::WrongAlgorithm { expected, actual: read.alg.as_str().to_owned() }
    }
}

/// What an authorizer is made of.
#[derive(Default)]
pub struct Builder {
    issuers: Vec<Issuer>,
    clock: Option<Arc<dyn Clock>>,
    fetcher: Option<Arc<dyn Fetch>>,
    standing: Option<Arc<dyn Standing>>,
    pace: Pace,
    late: Duration,
    early: Duration,
}

impl Builder {
    #[must_use]
    pub fn issuer(mut self, issuer: Issuer) -> Self {
        self.issuers.push(issuer);
        self
    }

    #[must_use]
    pub fn issuers(mut self, issuers: impl IntoIterator<Item = Issuer>) -> Self {
        self.issuers.extend(issuers);
        self
    }

    /// The system's, if none is given.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// `HttpFetch` with the feature `reqwest`, if none is given.
    #[must_use]
    pub fn fetcher(mut self, fetcher: impl Fetch + 'static) -> Self {
        self.fetcher = Some(Arc::new(fetcher));
        self
    }

    /// Asks whether tokens still stand, for as long as [`Pace::patience`]; nobody is asked, if this is not said.
    #[must_use]
    pub fn standing(mut self, standing: impl Standing + 'static) -> Self {
        self.standing = Some(Arc::new(standing));
        self
    }

    #[must_use]
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// By how much `exp`, `nbf` and `iat` may be missed: nothing, if it is not said; at most a minute, in whole
    /// seconds.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { late: leeway, ..self.early_leeway(leeway) }
    }

    /// Of `nbf` and `iat` alone: an issuer's clock may go before ours, and still nothing is good for longer.
    #[must_use]
    pub fn early_leeway(mut self, leeway: Duration) -> Self {
        self.early = leeway;
        self
    }

    pub fn build(mut self) -> Result<Authorizer, ConfigError> {
        if self.issuers.is_empty() {
            return Err(ConfigError::NoIssuer);
        }
        if self.late > LONGEST_LEEWAY || self.early > LONGEST_LEEWAY {
            return Err(ConfigError::Leeway);
        }

        let mut trusted = HashMap::new();
        for issuer in std::mem::take(&mut self.issuers) {
            issuer.check()?;
            let source = self.source(&issuer)?;
            if let Some(twice) = trusted.insert(issuer.url.clone(), Trusted { issuer, source }) {
                return Err(ConfigError::IssuerTwice(twice.issuer.url));
            }
        }
        let seconds = |leeway: Duration| i64::try_from(leeway.as_secs()).map_err(|_| ConfigError::Leeway);
        let (late, early) = (seconds(self.late)?, seconds(self.early)?);
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let Self { standing, pace: Pace { patience, .. }, .. } = self;
        Ok(Authorizer { inner: Arc::new(Inner { trusted, clock, standing, patience, late, early }) })
    }

    fn source(&mut self, issuer: &Issuer) -> Result<Source, ConfigError> {
        if let Some(keys) = issuer.keys.clone() {
            return Ok(Source::Given { issuer: issuer.url.clone(), keys });
        }
        let fetcher = self.shared_fetcher(issuer)?;
        Ok(Source::Fetched(Arc::new(Fetched::new(issuer, fetcher, self.pace))))
    }

    #[cfg(feature = "reqwest")]
    fn shared_fetcher(&mut self, _: &Issuer) -> Result<Arc<dyn Fetch>, ConfigError> {
        if let Some(fetcher) = &self.fetcher {
            return Ok(Arc::clone(fetcher));
        }
        let made: Arc<dyn Fetch> = Arc::new(crate::HttpFetch::new().map_err(ConfigError::Fetcher)?);
        self.fetcher = Some(Arc::clone(&made));
        Ok(made)
    }

    #[cfg(not(feature = "reqwest"))]
    fn shared_fetcher(&mut self, issuer: &Issuer) -> Result<Arc<dyn Fetch>, ConfigError> {
        self.fetcher.clone().ok_or_else(|| ConfigError::NoFetcher(issuer.url.clone()))
    }
}

impl fmt::Debug for Authorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorizer").field("issuers", &self.inner.trusted.keys()).finish_non_exhaustive()
    }
}
