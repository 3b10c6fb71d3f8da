//! Signing in and going on: passwords, challenges, refresh tokens, and their end.

use std::sync::atomic::{AtomicBool, Ordering};

use cognate_domain::directory::Claims;
use cognate_engine::{Cx, Secret};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::calls::{Fault, Nothing};
use super::challenges::{Answered, Asked, Door, Tokens};
use super::refusals::{During, refused};
use super::{Cognito, bounded, with_access_token};
use crate::problem::{Code, Problem};
use crate::provider::{Bearer, Reply, Session, Step, Waiting};

/// Which of two ways a server and its client know, as it was last seen to work. It is a hint: where it fails, the other is tried.
#[derive(Default)]
pub(super) struct Habit(AtomicBool);

impl Habit {
    /// Whether the second way is the one that works.
    fn is_second(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn remember(&self, second: bool) {
        self.0.store(second, Ordering::Relaxed);
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GotUser {
    user_attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attribute {
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: String,
}

impl Cognito {
    pub(super) async fn start(&self, cx: &Cx, identifier: &str, password: &Secret) -> Result<Step, Problem> {
        let (door, answered) = self.prove_password(cx, identifier, password).await?;
        step(cx, door, identifier, answered)
    }

    /// `USER_PASSWORD_AUTH`; where the client does not allow that and there are credentials, `ADMIN_USER_PASSWORD_AUTH`.
    async fn prove_password(&self, cx: &Cx, identifier: &str, password: &Secret) -> Result<(Door, Answered), Problem> {
        let mut parameters = json!({ "USERNAME": identifier, "PASSWORD": password });
        self.add_secret_hash(&mut parameters, identifier);
        let mut door = if self.sign_in_habit.is_second() { Door::Admin } else { Door::Public };
        for is_last in [false, true] {
            let answered = match door {
                Door::Public => {
                    let body = json!({
                        "ClientId": self.client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters,
                    });
                    self.server.call::<Answered>("InitiateAuth", &body, None).await
                }
                Door::Admin => {
                    let body = json!({
                        "UserPoolId": self.user_pool_id, "ClientId": self.client_id,
                        "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
                    });
                    self.server.call("AdminInitiateAuth", &body, Some(self.by(cx)?)).await
                }
            };
            match answered {
                Ok(answered) => {
                    self.sign_in_habit.remember(door == Door::Admin);
                    return Ok((door, answered));
                }
                Err(fault) if !is_closed(&fault) => return Err(refused(fault, During::SignIn)),
                Err(_) if is_last || self.credentials.is_none() => break,
                Err(_) => door = if door == Door::Public { Door::Admin } else { Door::Public },
            }
        }
        let flows = if self.credentials.is_some() { "ADMIN_USER_PASSWORD_AUTH" } else { "USER_PASSWORD_AUTH" };
        Err(Problem::unsupported(&format!("sign in by password: its client does not allow {flows}")))
    }

    pub(super) async fn go_on(&self, cx: &Cx, waiting: &Waiting, reply: &Reply) -> Result<Step, Problem> {
        let asked = Asked::of(waiting).ok_or_else(|| Problem::new(Code::ChallengeFailed))?;
        let mut responses = asked.responses(reply)?;
        responses.insert("USERNAME".to_owned(), json!(waiting.username));
        let mut responses = Value::Object(responses);
        self.add_secret_hash(&mut responses, &waiting.username);
        let mut body = json!({
            "ClientId": self.client_id, "ChallengeName": asked.name, "Session": asked.session, "ChallengeResponses": responses,
        });
        let answered = match asked.door {
            Door::Public => self.server.call("RespondToAuthChallenge", &body, None).await,
            Door::Admin => {
                add(&mut body, "UserPoolId", json!(self.user_pool_id));
                self.server.call("AdminRespondToAuthChallenge", &body, Some(self.by(cx)?)).await
            }
        };
        let answered: Answered = answered.map_err(|fault| refused(fault, During::Challenge))?;
        step(cx, asked.door, &waiting.username, answered)
    }

    /// `GetTokensFromRefreshToken`; `REFRESH_TOKEN_AUTH` where the server or the client does not know that. A client that rotates
    /// knows only the first, so what is tried twice is never spent by it.
    pub(super) async fn refreshed(&self, cx: &Cx, refresh_token: &Secret) -> Result<Session, Problem> {
        let mut old = self.refresh_habit.is_second();
        let mut first_fault = None;
        loop {
            let answered =
                if old { self.refresh_by_flow(refresh_token).await } else { self.refresh_anew(refresh_token).await };
            let fault = match answered {
                Ok(Answered { authentication_result: Some(tokens), .. }) => {
                    self.refresh_habit.remember(old);
                    return session(cx, tokens).map_err(|fault| refused(fault, During::Refresh));
                }
                Ok(_) => Fault::nonsense("GetTokensFromRefreshToken", "no tokens"),
                Err(fault) => fault,
            };
            let unknown = is_closed(&fault) || fault.is_unknown_operation() || fault.is_failure_without_words();
            match first_fault.take() {
                None if unknown && (old || self.client_secret.is_none()) => {
                    first_fault = Some(fault);
                    old = !old;
                }
                // What was said by the way that should work counts, and not that the other is closed too.
                Some(first) if unknown => return Err(refused(first, During::Refresh)),
                _ => return Err(refused(fault, During::Refresh)),
            }
        }
    }

    async fn refresh_anew(&self, refresh_token: &Secret) -> Result<Answered, Fault> {
        let mut body = json!({ "ClientId": self.client_id, "RefreshToken": refresh_token });
        self.add_client_secret(&mut body);
        self.server.call("GetTokensFromRefreshToken", &body, None).await
    }

    /// A client with a secret would have to hash the user's name, which a refresh token does not tell.
    async fn refresh_by_flow(&self, refresh_token: &Secret) -> Result<Answered, Fault> {
        let body = json!({
            "ClientId": self.client_id, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": { "REFRESH_TOKEN": refresh_token },
        });
        self.server.call("InitiateAuth", &body, None).await
    }

    pub(super) async fn end_all(&self, cx: &Cx, bearer: &Bearer) -> Result<(), Problem> {
        let Bearer { token, proved } = bearer;
        let username = proved.username.as_deref().ok_or_else(super::no_session)?;
        if proved.token_use == "id" {
            return self.end_all_of(cx, username).await;
        }
        let ended = self.server.call::<Nothing>("GlobalSignOut", &json!({ "AccessToken": token }), None).await;
        ended.map(drop).map_err(|fault| refused(fault, During::Bearer))
    }

    /// Of one refresh token. It says nothing of whose it is, so it is used: what it gives names them.
    pub(super) async fn end_one(&self, cx: &Cx, bearer: &Bearer, refresh_token: &Secret) -> Result<(), Problem> {
        if bearer.proved.is_machine {
            return Err(super::no_session());
        }
        let given = self.refreshed(cx, refresh_token).await?;
        if subject(&given.access_token) != Some(bearer.proved.subject.id.clone()) {
            return Err(Problem::new(Code::RefreshRejected).because("not a refresh token of the caller"));
        }
        // The one that a rotation gave is ended as well; which of the two ends the family is the server's to know.
        for token in [Some(refresh_token), given.refresh_token.as_ref()].into_iter().flatten() {
            self.revoke(token).await.map_err(|fault| refused(fault, During::Refresh))?;
        }
        Ok(())
    }

    async fn revoke(&self, refresh_token: &Secret) -> Result<(), Fault> {
        let mut body = json!({ "ClientId": self.client_id, "Token": refresh_token });
        self.add_client_secret(&mut body);
        self.server.call::<Nothing>("RevokeToken", &body, None).await.map(drop)
    }

    /// By signing in. What comes of it is ended at once; nobody else has seen it.
    pub(super) async fn is_password(&self, cx: &Cx, bearer: &Bearer, password: &Secret) -> Result<bool, Problem> {
        let username = bearer.proved.username.as_deref().ok_or_else(super::no_session)?;
        let answered = match self.prove_password(cx, username, password).await {
            Ok((_, answered)) => answered,
            Err(problem) if problem.code == Code::InvalidCredentials => return Ok(false),
            Err(problem) => return Err(problem),
        };
        let given = answered.authentication_result.and_then(|tokens| tokens.refresh_token);
        if let Some(token) = given
            && let Err(fault) = self.revoke(&token).await
        {
            let cause = refused(fault, During::Refresh).cause.unwrap_or_default();
            tracing::warn!(%cause, "a session that a check of a password began was not ended: {cause}");
        }
        Ok(true)
    }

    pub(super) async fn replace_password(
        &self,
        bearer: &Bearer,
        current: &Secret,
        new: &Secret,
    ) -> Result<(), Problem> {
        with_access_token(bearer, "change a password by an ID token")?;
        let body = json!({ "AccessToken": bearer.token, "PreviousPassword": current, "ProposedPassword": new });
        let changed = self.server.call::<Nothing>("ChangePassword", &body, None).await;
        changed.map(drop).map_err(|fault| refused(fault, During::Password))
    }

    /// By `GetUser`; an ID token says it itself.
    pub(super) async fn told(&self, cx: &Cx, bearer: &Bearer) -> Result<Claims, Problem> {
        if bearer.proved.is_machine {
            return Ok(Claims::default());
        }
        if bearer.proved.token_use == "id" {
            let claims = payload(&bearer.token).unwrap_or_default();
            let text = |name: &str| claims.get(name).and_then(Value::as_str).and_then(bounded);
            return Ok(Claims { name: text("name"), email: text("email") });
        }
        let got = match self.server.call::<GotUser>("GetUser", &json!({ "AccessToken": bearer.token }), None).await {
            Err(fault) if may_not_ask(&fault) => self.told_by_administrator(cx, bearer).await?,
            got => got.map_err(|fault| refused(fault, During::Bearer))?,
        };
        let text = |name: &str| {
            let found = got.user_attributes.iter().find(|attribute| attribute.name == name);
            found.and_then(|attribute| bounded(&attribute.value))
        };
        Ok(Claims { name: text("name"), email: text("email") })
    }

    /// Without credentials nothing is told, and it is still somebody's token.
    async fn told_by_administrator(&self, cx: &Cx, bearer: &Bearer) -> Result<GotUser, Problem> {
        if self.credentials.is_none() {
            return Ok(GotUser::default());
        }
        let body = json!({ "UserPoolId": self.user_pool_id, "Username": bearer.proved.username });
        let got = self.server.call("AdminGetUser", &body, Some(self.by(cx)?)).await;
        got.map_err(|fault| refused(fault, During::Administration))
    }
}

/// A token of managed login without the scope `aws.cognito.signin.user.admin`.
fn may_not_ask(fault: &Fault) -> bool {
    fault.refused().is_some_and(|refused| {
        refused.kind == "NotAuthorizedException" && refused.sentence.to_ascii_lowercase().contains("scope")
    })
}

fn step(cx: &Cx, door: Door, identifier: &str, answered: Answered) -> Result<Step, Problem> {
    const OPERATION: &str = "InitiateAuth";
    match answered {
        Answered { authentication_result: Some(tokens), .. } => {
            session(cx, tokens).map(Step::Session).map_err(|fault| refused(fault, During::SignIn))
        }
        asked => match asked.into_challenge(door, identifier, cx.now) {
            Ok(challenge) => Ok(Step::Challenge(challenge)),
            Err(asking) => Err(asking.problem(OPERATION)),
        },
    }
}

/// The client does not allow this flow. Amazon says so in a sentence of its own, which names the flow.
fn is_closed(fault: &Fault) -> bool {
    fault.refused().is_some_and(|refused| {
        let sentence = refused.sentence.to_ascii_lowercase();
        refused.kind == "InvalidParameterException"
            && (sentence.contains("not enabled") || sentence.contains("not supported"))
    })
}

fn add(body: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = body {
        members.insert(name.to_owned(), value);
    }
}

impl Cognito {
    pub(super) fn add_secret_hash(&self, parameters: &mut Value, username: &str) {
        if let Some(hash) = self.secret_hash(username) {
            add(parameters, "SECRET_HASH", json!(hash));
        }
    }

    fn add_client_secret(&self, body: &mut Value) {
        if let Some(secret) = &self.client_secret {
            add(body, "ClientSecret", json!(secret));
        }
    }
}

fn session(cx: &Cx, tokens: Tokens) -> Result<Session, Fault> {
    let Tokens { access_token, id_token, refresh_token, expires_in } = tokens;
    // Not every server says it beside the token.
    let lives = || {
        let ends = payload(&access_token)?.get("exp")?.as_i64()?;
        u32::try_from(ends - cx.now.seconds()).ok()
    };
    let expires_in = expires_in.or_else(lives);
    let expires_in = expires_in.ok_or(Fault::nonsense("InitiateAuth", "an access token that cannot be read"))?;
    Ok(Session { access_token, id_token, refresh_token, expires_in })
}

/// Of a token that came straight from its provider, or was proved.
fn payload(token: &Secret) -> Option<Map<String, Value>> {
    serde_json::from_slice(&cognate_jose::peek(token.expose()).ok()?.payload).ok()
}

fn subject(token: &Secret) -> Option<String> {
    payload(token)?.get("sub")?.as_str().map(str::to_owned)
}
