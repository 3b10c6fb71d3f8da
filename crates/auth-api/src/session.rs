//! What a finished sign-in answers, and the challenges before it. A challenge's session is the provider's, sealed with what its answer
//! needs: nothing is kept here.

use cognate_domain::directory::{Claims, ProviderSubject};
use cognate_domain::{Error, Timestamp};
use cognate_engine::sealing::Sealed;
use cognate_engine::{Cx, Secret};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use crate::problem::{Code, Problem};
use crate::provider::{Challenge, ChallengeKind, Session, Step, Waiting};

/// Tokens of a provider, and who they are for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionBody {
    /// The one bearer for protected APIs.
    #[schema(value_type = String)]
    access_token: Secret,
    /// Identity, for the client alone: no API takes it.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<Secret>,
    /// Left out where a refresh gives no new one: the old one stays good.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Secret>,
    #[schema(value_type = TokenType)]
    token_type: &'static str,
    /// Seconds that the access token lives.
    expires_in: u32,
    /// RFC 3339.
    #[schema(format = DateTime)]
    expires_at: String,
    user: SessionUser,
}

#[derive(ToSchema)]
enum TokenType {
    #[expect(dead_code, reason = "for the document")]
    Bearer,
}

/// Who signed in, as the provider tells it. `sub` is the key; an address may change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionUser {
    provider: String,
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

/// What must be answered before there is a session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChallengeBody {
    #[serde(rename = "type")]
    kind: ChallengeKind,
    /// Sent back with the answer.
    #[schema(value_type = String)]
    session: Secret,
    /// RFC 3339.
    #[schema(format = DateTime)]
    expires_at: String,
    /// What the person's page needs: `requiredAttributes`, `destination`, `choices` …
    #[schema(value_type = ChallengeParameters)]
    parameters: Map<String, Value>,
}

/// What the person's page needs. A custom challenge has members of its own, which are text.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "for the document; providers make it of what they are told")]
struct ChallengeParameters {
    /// Of `new_password`: what has to be given with it.
    required_attributes: Option<Vec<String>>,
    /// Of `software_token`: the name of the device.
    device: Option<String>,
    /// Of `custom`.
    question: Option<String>,
    /// Of a code: where it went, masked.
    destination: Option<String>,
    /// Of `select`.
    choices: Option<Vec<String>>,
}

/// A session, or a challenge.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum SignInAnswer {
    Session(Box<SessionBody>),
    Challenge { challenge: ChallengeBody },
}

/// What travels in a challenge's session.
#[derive(Serialize, Deserialize)]
struct Sealing {
    kind: ChallengeKind,
    session: Secret,
    username: String,
    expires_at: i64,
}

impl SignInAnswer {
    pub(crate) fn of(cx: &Cx, provider: &str, step: Step) -> Result<Self, Problem> {
        match step {
            Step::Session(session) => SessionBody::of(cx, provider, session).map(|body| Self::Session(Box::new(body))),
            Step::Challenge(challenge) => {
                Ok(Self::Challenge { challenge: ChallengeBody::of(cx, provider, challenge)? })
            }
        }
    }
}

impl SessionBody {
    pub(crate) fn of(cx: &Cx, provider: &str, session: Session) -> Result<Self, Problem> {
        let user = SessionUser::of(provider, &session)?;
        Ok(Self {
            access_token: session.access_token,
            id_token: session.id_token,
            refresh_token: session.refresh_token,
            token_type: "Bearer",
            expires_in: session.expires_in,
            expires_at: moment(cx.now + std::time::Duration::from_secs(session.expires_in.into())),
            user,
        })
    }
}

impl SessionBody {
    pub(crate) fn known_as(&self) -> ProviderSubject {
        ProviderSubject { provider: self.user.provider.clone(), id: self.user.sub.clone() }
    }

    /// What the ID token says of whoever signed in; none where there was none.
    pub(crate) fn claims(&self) -> Option<Claims> {
        self.id_token.as_ref()?;
        Some(Claims::kept(self.user.name.as_deref(), self.user.email.as_deref()))
    }
}

/// What we read of a token that came straight from its provider.
#[derive(Deserialize)]
struct Told {
    sub: String,
    name: Option<String>,
    email: Option<String>,
    #[serde(rename = "cognito:username")]
    id_username: Option<String>,
    username: Option<String>,
}

impl SessionUser {
    fn of(provider: &str, session: &Session) -> Result<Self, Problem> {
        let token = session.id_token.as_ref().unwrap_or(&session.access_token);
        let unreadable = || Problem::new(Code::ProviderFailed).because("the provider's token cannot be read");
        let peek = cognate_jose::peek(token.expose()).map_err(|_| unreadable())?;
        let told: Told = serde_json::from_slice(&peek.payload).map_err(|_| unreadable())?;
        Ok(Self {
            provider: provider.to_owned(),
            sub: told.sub,
            username: told.id_username.or(told.username),
            name: told.name,
            email: told.email,
        })
    }
}

impl ChallengeBody {
    fn of(cx: &Cx, provider: &str, challenge: Challenge) -> Result<Self, Problem> {
        let Challenge { kind, session, username, parameters, expires_at } = challenge;
        let sealing = Sealing { kind, session, username, expires_at: expires_at.0 };
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(&sealing).map_err(Error::internal)?);
        let sealed = cx.app.seal(Sealed::AuthApiChallenge, provider, &plain)?;
        let session = Secret::from(BASE64URL_NOPAD.encode(&sealed));
        Ok(Self { kind, session, expires_at: moment(expires_at), parameters })
    }
}

/// The challenge that a session was asked for, if it is of this kind and in time.
pub(crate) fn open(cx: &Cx, provider: &str, kind: ChallengeKind, session: &Secret) -> Result<Waiting, Problem> {
    let sealed = BASE64URL_NOPAD.decode(session.expose().as_bytes()).ok();
    let plain = sealed.and_then(|sealed| cx.app.open_from_client(Sealed::AuthApiChallenge, provider, &sealed));
    let opened: Option<Sealing> = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
    let opened = opened.filter(|opened| opened.kind == kind);
    let opened = opened
        .ok_or_else(|| Problem::new(Code::ChallengeFailed).because("the session is not one of this challenge"))?;
    if Timestamp(opened.expires_at) <= cx.now {
        return Err(Problem::new(Code::ChallengeExpired));
    }
    Ok(Waiting { kind, session: opened.session, username: opened.username })
}

/// RFC 3339, in UTC.
pub(crate) fn moment(at: Timestamp) -> String {
    let nanos = i128::from(at.0) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).ok().and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}
