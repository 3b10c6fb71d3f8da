//! Amazon Cognito, or any server that speaks its API, over HTTP. People call it as its client does; what an administrator does is signed.
//! docs/guides/auth-api.md tells what it needs, and what cannot be hidden with it.

mod accounts;
mod administration;
mod calls;
mod challenges;
mod delivery;
mod proof;
mod refusals;
mod sessions;

use std::sync::Arc;

use cognate_authorizer::ConfigError;
use cognate_domain::directory::{Claims, ProviderSubject};
use cognate_domain::{Clock, Entropy, ids};
use cognate_engine::carriers::outbound::Outbound;
use cognate_engine::{Cx, Secret};
use serde_json::{Value, json};
use url::Url;

use self::accounts::Usual;
use self::calls::Server;
use self::proof::Proof;
use self::refusals::{During, refused};
use self::sessions::Habit;
use super::{
    Answer, Bearer, Delivery, NewAccount, PasswordReset, Proved, Provider, Reply, Session, SignedUp, Step, TokenUses,
    Waiting,
};
use crate::problem::{Code, Problem};

/// As subjects are known.
const NAME: &str = "cognito";

/// How long an answer may be, and how long it may take from the first byte sent to the last one read.
pub const LONGEST_ANSWER: usize = 1024 * 1024;
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Which pool, by which client.
pub struct Settings {
    pub region: String,
    pub user_pool_id: String,
    pub client_id: String,
    pub client_secret: Option<Secret>,
    /// Scheme, host and port alone.
    pub endpoint: Url,
    /// Of its tokens, where it is not the endpoint and the pool's id.
    pub issuer: Option<String>,
    /// For what administrators do.
    pub credentials: Option<Credentials>,
}

pub struct Credentials {
    pub access_key_id: String,
    pub secret: Secret,
    pub session_token: Option<Secret>,
}

pub struct Cognito {
    server: Server,
    user_pool_id: String,
    client_id: String,
    client_secret: Option<Secret>,
    credentials: Option<Credentials>,
    proof: Proof,
    sign_in_habit: Habit,
    refresh_habit: Habit,
    usual: Usual,
    /// What is made up for people who are not there hangs on it.
    veil: [u8; 32],
}

impl Cognito {
    pub fn new(
        settings: Settings,
        outbound: Outbound,
        clock: Arc<dyn Clock>,
        entropy: &dyn Entropy,
    ) -> Result<Self, ConfigError> {
        let proof = Proof::new(&settings, outbound.clone(), clock)?;
        let Settings { region, user_pool_id, client_id, client_secret, endpoint, credentials, .. } = settings;
        let secret = credentials.as_ref().map(|credentials| &credentials.secret).or(client_secret.as_ref());
        let veil = match secret {
            Some(secret) => {
                cognate_jose::hmac_sha256(secret.expose().as_bytes(), &[b"veil\0", user_pool_id.as_bytes()])
            }
            None => ids::random(entropy),
        };
        Ok(Self {
            server: Server { outbound, endpoint, region },
            user_pool_id,
            client_id,
            client_secret,
            credentials,
            proof,
            sign_in_habit: Habit::default(),
            refresh_habit: Habit::default(),
            usual: Usual::default(),
            veil,
        })
    }

    fn secret_hash(&self, username: &str) -> Option<String> {
        let secret = self.client_secret.as_ref()?;
        Some(cognate_jose::secret_hash(secret.expose(), username, &self.client_id))
    }
}

impl Provider for Cognito {
    fn name(&self) -> &'static str {
        NAME
    }

    fn pool_id(&self) -> Option<String> {
        Some(self.user_pool_id.clone())
    }

    fn sign_in<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str, password: &'a Secret) -> Answer<'a, Step> {
        Box::pin(self.start(cx, identifier, password))
    }

    fn answer<'a>(&'a self, cx: &'a mut Cx, challenge: &'a Waiting, answer: &'a Reply) -> Answer<'a, Step> {
        Box::pin(self.go_on(cx, challenge, answer))
    }

    fn refresh<'a>(&'a self, cx: &'a mut Cx, refresh_token: &'a Secret) -> Answer<'a, Session> {
        Box::pin(self.refreshed(cx, refresh_token))
    }

    fn sign_out<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer) -> Answer<'a, ()> {
        Box::pin(self.end_all(cx, bearer))
    }

    fn sign_out_session<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer, refresh_token: &'a Secret) -> Answer<'a, ()> {
        Box::pin(self.end_one(cx, bearer, refresh_token))
    }

    fn sign_up<'a>(&'a self, cx: &'a mut Cx, account: &'a NewAccount) -> Answer<'a, SignedUp> {
        Box::pin(self.open_account(cx, account))
    }

    fn confirm_sign_up<'a>(&'a self, _: &'a mut Cx, identifier: &'a str, code: &'a Secret) -> Answer<'a, ()> {
        Box::pin(self.confirm_account(identifier, code))
    }

    fn resend_confirmation<'a>(&'a self, _: &'a mut Cx, identifier: &'a str) -> Answer<'a, Option<Delivery>> {
        Box::pin(self.resend_code(identifier))
    }

    fn begin_password_reset<'a>(&'a self, _: &'a mut Cx, identifier: &'a str) -> Answer<'a, Option<Delivery>> {
        Box::pin(self.begin_reset(identifier))
    }

    fn finish_password_reset<'a>(&'a self, _: &'a mut Cx, reset: &'a PasswordReset) -> Answer<'a, ()> {
        Box::pin(self.finish_reset(reset))
    }

    fn verify_password<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer, password: &'a Secret) -> Answer<'a, bool> {
        Box::pin(self.is_password(cx, bearer, password))
    }

    fn change_password<'a>(
        &'a self,
        _: &'a mut Cx,
        bearer: &'a Bearer,
        passwords: (&'a Secret, &'a Secret),
    ) -> Answer<'a, ()> {
        Box::pin(self.replace_password(bearer, passwords.0, passwords.1))
    }

    fn prove<'a>(&'a self, _: &'a Cx, token: &'a str, uses: TokenUses) -> Answer<'a, Proved> {
        Box::pin(self.proof.prove(token, uses))
    }

    fn claims<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer) -> Answer<'a, Claims> {
        Box::pin(self.told(cx, bearer))
    }

    fn remind_identifier<'a>(&'a self, cx: &'a mut Cx, email: &'a str) -> Answer<'a, ()> {
        Box::pin(self.remind(cx, email))
    }

    fn invite<'a>(&'a self, cx: &'a mut Cx, account: &'a NewAccount) -> Answer<'a, ProviderSubject> {
        Box::pin(self.invite_account(cx, account))
    }

    fn set_enabled<'a>(&'a self, cx: &'a mut Cx, subject: &'a ProviderSubject, enabled: bool) -> Answer<'a, ()> {
        Box::pin(self.enable(cx, subject, enabled))
    }

    fn force_password_reset<'a>(&'a self, cx: &'a mut Cx, subject: &'a ProviderSubject) -> Answer<'a, ()> {
        Box::pin(self.force_reset(cx, subject))
    }
}

fn no_session() -> Problem {
    Problem::new(Code::Forbidden).saying("A machine has no session that could be ended.")
}

/// What Cognito takes an access token for, it takes no ID token for.
fn with_access_token(bearer: &Bearer, what: &str) -> Result<(), Problem> {
    if bearer.proved.token_use == "access" { Ok(()) } else { Err(Problem::unsupported(what)) }
}

/// What an account begins with.
fn attributes(account: &NewAccount) -> Value {
    let own =
        [("email", Some(&account.email)), ("name", account.name.as_ref()), ("phone_number", account.phone.as_ref())];
    let own = own.into_iter().filter_map(|(name, value)| Some((name, value?.as_str())));
    let all = own.chain(account.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    all.map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
}

/// Text of a provider's that is kept.
fn bounded(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(|c| !c.is_control()).take(2048).collect();
    if kept.is_empty() { None } else { Some(kept) }
}
