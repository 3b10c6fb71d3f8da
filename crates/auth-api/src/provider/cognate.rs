//! A pool of this server, in process: the same rules that answer its own API, without the way over HTTP. The client's flows are those of
//! other doors; here its pool, its secretlessness or secret, its validities and its permissions count. Absence is veiled, whatever the client says.

mod accounts;
mod refusals;

use std::sync::{Arc, PoisonError, RwLock};

use cognate_domain::attributes::Attributes;
use cognate_domain::client::Client;
use cognate_domain::directory::{Claims, ProviderSubject};
use cognate_domain::pool::Pool;
use cognate_domain::sign_in::Challenge as Asked;
use cognate_domain::user::User;
use cognate_domain::{Error, Timestamp};
use cognate_engine::sign_in::{ApiTokens, Door, NewPassword, Outcome};
use cognate_engine::{Cx, Secret};
use cognate_store::{tokens, users};
use cognate_wire::idp::AuthenticationResultType;
use serde_json::{Map, Value};

use self::refusals::{During, refused};
use super::{
    Answer, Bearer, Challenge, ChallengeKind, Delivery, Family, NewAccount, PasswordReset, Proved, Provider, Reply,
    Session, SignedUp, Step, TokenUses, Waiting,
};
use crate::problem::{Code, Problem};

pub struct Cognate(RwLock<Home>);

/// The pool, and the client by which this boundary is known to it.
#[derive(Clone)]
struct Home {
    pool_id: String,
    client_id: String,
}

/// As subjects are known: there is one pool behind the boundary, and its `sub`s are unique everywhere.
const NAME: &str = "cognate";

impl Cognate {
    pub fn new(pool_id: String, client_id: String) -> Self {
        Self(RwLock::new(Home { pool_id, client_id }))
    }

    /// Another pool from now on: that of a development store that was emptied.
    pub fn move_to(&self, pool_id: String, client_id: String) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Home { pool_id, client_id };
    }

    fn home(&self) -> Home {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn door(&self, cx: &Cx) -> Result<(Arc<Pool>, Arc<Client>), Problem> {
        let Home { pool_id, client_id } = self.home();
        let found = cx.client(&client_id).await;
        let (pool, client) = found.map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
        if pool.id != pool_id {
            return Err(Problem::new(Code::Internal).because("the client is not one of the pool"));
        }
        Ok((pool, client.veiling()))
    }

    /// The account of a person who is signed in.
    async fn user(&self, cx: &Cx, bearer: &Bearer) -> Result<User, Problem> {
        let found = users::find(&mut cx.read().await?, &self.home().pool_id, &bearer.proved.subject.id).await?;
        found.ok_or_else(|| Problem::new(Code::Unauthenticated).because("no account"))
    }
}

impl Provider for Cognate {
    fn name(&self) -> &'static str {
        NAME
    }

    fn pool_id(&self) -> Option<String> {
        Some(self.home().pool_id)
    }

    fn sign_in<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str, password: &'a Secret) -> Answer<'a, Step> {
        Box::pin(async move {
            let (pool, client) = self.door(cx).await?;
            let door = Door { pool: &pool, client: &client };
            let outcome = cx.sign_in_with_password(door, ApiTokens, identifier, password.expose()).await;
            step(cx, &client, outcome.map_err(|error| refused(error, During::SignIn))?)
        })
    }

    fn answer<'a>(&'a self, cx: &'a mut Cx, challenge: &'a Waiting, answer: &'a Reply) -> Answer<'a, Step> {
        Box::pin(async move {
            let (pool, client) = self.door(cx).await?;
            let Reply::NewPassword { password, attributes } = answer else {
                return Err(Problem::challenge_unsupported(challenge.kind.name()));
            };
            let answer = NewPassword {
                username: &challenge.username,
                session: challenge.session.expose(),
                password: password.expose(),
                attributes: attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            };
            let door = Door { pool: &pool, client: &client };
            let outcome = cx.answer_new_password(door, ApiTokens, answer).await;
            step(cx, &client, outcome.map_err(|error| refused(error, During::Challenge))?)
        })
    }

    fn refresh<'a>(&'a self, cx: &'a mut Cx, refresh_token: &'a Secret) -> Answer<'a, Session> {
        Box::pin(async move {
            let (pool, client) = self.door(cx).await?;
            let (door, token) = (Door { pool: &pool, client: &client }, refresh_token.expose());
            let tokens =
                if client.rotates() { cx.rotate(door, token).await } else { cx.refresh(door, token, |_| Ok(())).await };
            session(tokens.map_err(|error| refused(error, During::Refresh))?)
        })
    }

    fn sign_out<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer) -> Answer<'a, ()> {
        Box::pin(async move {
            let family = bearer.proved.family.as_ref().ok_or_else(no_session)?;
            let (pool_id, user_id) = (family.pool_id.as_str(), family.user_id.as_str());
            Ok(cx.write(async |tx| tokens::revoke_all(tx, pool_id, user_id).await).await?)
        })
    }

    fn sign_out_session<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer, refresh_token: &'a Secret) -> Answer<'a, ()> {
        Box::pin(async move {
            let family = bearer.proved.family.as_ref().ok_or_else(no_session)?;
            let digest = cognate_jose::sha256(refresh_token.expose().as_bytes());
            let found = tokens::find_presented(&mut cx.read().await?, &family.pool_id, &digest).await?;
            let own = found.filter(|found| {
                found.held.user.id == family.user_id && found.held.family.client_id == bearer.proved.client_id
            });
            let own =
                own.ok_or_else(|| Problem::new(Code::RefreshRejected).because("not a refresh token of the caller"))?;
            let now = cx.now;
            Ok(cx.write(async |tx| tokens::revoke_family(tx, &own.held.family, now).await).await?)
        })
    }

    fn sign_up<'a>(&'a self, cx: &'a mut Cx, account: &'a NewAccount) -> Answer<'a, SignedUp> {
        Box::pin(self.open_account(cx, account))
    }

    fn confirm_sign_up<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str, code: &'a Secret) -> Answer<'a, ()> {
        Box::pin(self.confirm_account(cx, identifier, code))
    }

    fn resend_confirmation<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str) -> Answer<'a, Option<Delivery>> {
        Box::pin(self.resend_code(cx, identifier))
    }

    fn begin_password_reset<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str) -> Answer<'a, Option<Delivery>> {
        Box::pin(self.begin_reset(cx, identifier))
    }

    fn finish_password_reset<'a>(&'a self, cx: &'a mut Cx, reset: &'a PasswordReset) -> Answer<'a, ()> {
        Box::pin(self.finish_reset(cx, reset))
    }

    fn verify_password<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer, password: &'a Secret) -> Answer<'a, bool> {
        Box::pin(async move {
            let (pool, _) = self.door(cx).await?;
            let user = self.user(cx, bearer).await?;
            match cx.prove_password(&pool, &user, password.expose()).await {
                Ok(()) => Ok(true),
                Err(error) if error.message == Error::bad_credentials().message => Ok(false),
                Err(error) => Err(refused(error, During::Password)),
            }
        })
    }

    fn change_password<'a>(
        &'a self,
        cx: &'a mut Cx,
        bearer: &'a Bearer,
        passwords: (&'a Secret, &'a Secret),
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let (pool, _) = self.door(cx).await?;
            let user = self.user(cx, bearer).await?;
            let (current, new) = passwords;
            let changed = cx.replace_password(&pool, &user, Some(current.expose()), new.expose()).await;
            changed.map_err(|error| refused(error, During::Password))
        })
    }

    fn prove<'a>(&'a self, cx: &'a Cx, token: &'a str, uses: TokenUses) -> Answer<'a, Proved> {
        Box::pin(async move {
            let (proved, token_use) = match cx.prove_access(token).await {
                Err(_) if uses.id => (cx.prove_id(token).await, "id"),
                proved => (proved, "access"),
            };
            let proved = proved.map_err(|error| match error.kind.status() {
                500.. => error.into(),
                _ => Problem::new(Code::Unauthenticated).because(error.message),
            })?;
            let home = self.home();
            if proved.pool_id != home.pool_id {
                return Err(Problem::new(Code::Unauthenticated).because("a token of another pool"));
            }
            // What a person has given another application is not theirs to use here.
            if proved.sign_in.is_some() && proved.client_id != home.client_id {
                return Err(Problem::new(Code::Unauthenticated).because("a token of another client"));
            }
            let user_id = proved.sub.clone();
            let pool_id = proved.pool_id;
            let family = proved.sign_in.map(|origin_jti| Family { pool_id, user_id, origin_jti });
            Ok(Proved {
                subject: ProviderSubject { provider: NAME.to_owned(), id: proved.sub },
                is_machine: family.is_none(),
                username: proved.username,
                client_id: proved.client_id,
                scopes: proved.scope.split_ascii_whitespace().map(str::to_owned).collect(),
                groups: proved.groups,
                expires_at: proved.expires_at,
                token_use,
                family,
            })
        })
    }

    fn claims<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer) -> Answer<'a, Claims> {
        Box::pin(async move { Ok(claims_of(&self.user(cx, bearer).await?)) })
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

pub(crate) fn claims_of(user: &User) -> Claims {
    let filled = |name: &str| user.attributes.filled(name).map(str::to_owned);
    Claims { name: filled("name"), email: filled("email") }
}

fn step(cx: &Cx, client: &Client, outcome: Outcome<AuthenticationResultType>) -> Result<Step, Problem> {
    match outcome {
        Outcome::Done(tokens) => session(*tokens).map(Step::Session),
        Outcome::Asked { challenge: Asked::NewPasswordRequired, parameters, session } => {
            let read = |name: &str| parameters.get(name).and_then(|text| serde_json::from_str::<Value>(text).ok());
            let mut shown = Map::new();
            let required =
                read("requiredAttributes").and_then(|names| serde_json::from_value::<Vec<String>>(names).ok());
            let required = required.unwrap_or_default().into_iter();
            let bare = required.filter_map(|name| Some(name.strip_prefix("userAttributes.")?.into())).collect();
            shown.insert("requiredAttributes".to_owned(), Value::Array(bare));
            Ok(Step::Challenge(Challenge {
                kind: ChallengeKind::NewPassword,
                session: Secret::from(session),
                username: parameters.get("USER_ID_FOR_SRP").cloned().unwrap_or_default(),
                parameters: shown,
                expires_at: expiry(cx, client),
            }))
        }
    }
}

fn expiry(cx: &Cx, client: &Client) -> Timestamp {
    cx.now + client.session_validity()
}

fn session(tokens: AuthenticationResultType) -> Result<Session, Problem> {
    let access_token = tokens.access_token.ok_or_else(|| Error::corrupt("an access token that was not signed"))?;
    Ok(Session {
        access_token,
        id_token: tokens.id_token,
        refresh_token: tokens.refresh_token,
        expires_in: tokens.expires_in.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or_default(),
    })
}

/// What an account begins with.
fn attributes(account: &NewAccount) -> Attributes {
    let own =
        [("email", Some(&account.email)), ("name", account.name.as_ref()), ("phone_number", account.phone.as_ref())];
    let own = own.into_iter().filter_map(|(name, value)| Some((name, value?.as_str())));
    own.chain(account.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))).collect()
}
