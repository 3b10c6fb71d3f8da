//! What is counted of the calls, for Prometheus. Label values are our own names, so their number is bounded.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    operation: &'static str,
    /// `ok`, or the problem's code.
    outcome: &'static str,
    /// Why it was refused, where that is one of our own words.
    cause: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    operation: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    challenge: &'static str,
}

pub(crate) struct Figures {
    calls: Family<Answered, Counter>,
    seconds: Family<Of, Histogram>,
    provider_seconds: Family<Of, Histogram>,
    challenges: Family<Asked, Counter>,
    id_tokens: Counter,
}

/// A call that has come to its end.
pub(crate) struct Ended {
    pub(crate) operation: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) cause: Option<&'static str>,
    pub(crate) took: Duration,
    pub(crate) provider: Option<Duration>,
    pub(crate) challenge: Option<&'static str>,
    pub(crate) by_id_token: bool,
}

impl Figures {
    pub(crate) fn new() -> Self {
        let seconds = || Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> Histogram);
        Self {
            calls: Family::default(),
            seconds: seconds(),
            provider_seconds: seconds(),
            challenges: Family::default(),
            id_tokens: Counter::default(),
        }
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register("auth_calls", "Auth API calls by operation, outcome and cause", self.calls.clone());
        registry.register("auth_call_seconds", "How long Auth API calls took", self.seconds.clone());
        let waited = "How long Auth API calls waited for the provider";
        registry.register("auth_provider_seconds", waited, self.provider_seconds.clone());
        registry.register("auth_challenges", "Challenges that providers raised", self.challenges.clone());
        registry.register("auth_id_token_bearers", "Calls with an ID token as bearer", self.id_tokens.clone());
    }

    pub(crate) fn count(&self, ended: &Ended) {
        let &Ended { operation, outcome, cause, took, provider, challenge, by_id_token } = ended;
        self.calls.get_or_create(&Answered { operation, outcome, cause: cause.unwrap_or_default() }).inc();
        self.seconds.get_or_create(&Of { operation }).observe(took.as_secs_f64());
        if let Some(waited) = provider {
            self.provider_seconds.get_or_create(&Of { operation }).observe(waited.as_secs_f64());
        }
        if let Some(challenge) = challenge {
            self.challenges.get_or_create(&Asked { challenge }).inc();
        }
        if by_id_token {
            self.id_tokens.inc();
        }
    }
}
