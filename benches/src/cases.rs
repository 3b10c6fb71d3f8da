//! What is measured: each case is one operation as a client sees it, on a user drawn anew from all users every time.

mod login;
mod sign_in;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use cognate_srp::client::Client;
use serde::Serialize;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::http::Connection;
use crate::people;
use crate::site::Site;
use login::Codes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Case {
    /// `InitiateAuth` with `USER_SRP_AUTH`, then `RespondToAuthChallenge`
    Srp,
    /// `InitiateAuth` with `USER_PASSWORD_AUTH`
    Password,
    /// `InitiateAuth` with `REFRESH_TOKEN_AUTH`
    Refresh,
    GetUser,
    /// Signed
    AdminGetUser,
    /// Signed: `AdminUpdateUserAttributes`, one after another
    UpdateAlone,
    /// Signed: the same, 64 at a time
    Update,
    /// Signed: `ListUsers` with `email = ".."`
    ListEquals,
    /// Signed: `ListUsers` with `email ^= ".."`, of which there are ten
    ListPrefix,
    /// Signed: `AdminCreateUser` with `SUPPRESS` and a temporary password
    AdminCreateUser,
    /// `/oauth2/token` with a client's id and secret
    ClientCredentials,
    /// `/oauth2/token` with a refresh token
    OauthRefresh,
    /// `/oauth2/token` with a code and its PKCE verifier
    CodeExchange,
    /// `/login`, as a browser gets it that comes for the first time
    LoginPage,
    /// `/oauth2/authorize` with a live session and `prompt=none`
    AuthorizeSession,
    /// `/oauth2/authorize`, `/login`, its form sent back, `/oauth2/token`
    FormSignIn,
    /// `/v1/auth/sign-in`
    AuthSignIn,
    /// `/v1/me`, of somebody who has called before
    Me,
}

impl Case {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Srp => "SRP sign-in",
            Self::Password => "password sign-in",
            Self::Refresh => "refresh",
            Self::GetUser => "GetUser",
            Self::AdminGetUser => "AdminGetUser",
            Self::UpdateAlone => "AdminUpdateUserAttributes, 1 connection",
            Self::Update => "AdminUpdateUserAttributes, 64 connections",
            Self::ListEquals => "ListUsers email =",
            Self::ListPrefix => "ListUsers email ^=",
            Self::AdminCreateUser => "AdminCreateUser",
            Self::ClientCredentials => "client_credentials",
            Self::OauthRefresh => "refresh at the token endpoint",
            Self::CodeExchange => "code exchange",
            Self::LoginPage => "login page",
            Self::AuthorizeSession => "authorize with a live session",
            Self::FormSignIn => "sign-in by form",
            Self::AuthSignIn => "Auth API: sign-in",
            Self::Me => "Auth API: /v1/me",
        }
    }

    pub(crate) fn connections(self, usual: usize) -> usize {
        match self {
            Self::UpdateAlone => 1,
            Self::Update => 64,
            _ => usual,
        }
    }

    pub(crate) fn needs_tokens(self) -> bool {
        matches!(self, Self::Refresh | Self::GetUser | Self::Me)
    }

    /// Only Cognate, of those that speak Amazon Cognito's API, has one.
    pub(crate) fn is_at_login_domain(self) -> bool {
        match self {
            Self::ClientCredentials
            | Self::OauthRefresh
            | Self::CodeExchange
            | Self::LoginPage
            | Self::AuthorizeSession
            | Self::FormSignIn => true,
            Self::Srp
            | Self::Password
            | Self::Refresh
            | Self::GetUser
            | Self::AdminGetUser
            | Self::UpdateAlone
            | Self::Update
            | Self::ListEquals
            | Self::ListPrefix
            | Self::AdminCreateUser
            | Self::AuthSignIn
            | Self::Me => false,
        }
    }
}

/// What a sign-in gave.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// A case against a site. Shared by all connections.
pub(crate) struct Job {
    pub(crate) site: Site,
    pub(crate) case: Case,
    /// Of many users, for what needs them.
    pub(crate) tokens: Arc<Vec<Tokens>>,
    pub(crate) srp: Arc<Client>,
    /// A bare echo answers: what is sent is the case's, what comes back is not looked at.
    pub(crate) echoed: bool,
    /// Made beforehand, for what redeems them.
    codes: Codes,
    /// It is the one that makes them.
    keeps_codes: bool,
    created: AtomicU64,
    run: u64,
}

impl Job {
    pub(crate) fn new(site: Site, case: Case, tokens: Arc<Vec<Tokens>>) -> Result<Self> {
        let srp = Arc::new(Client::new([0x5a; 32])?);
        let run = Chance::new(0).below(1 << 40);
        let codes = Codes::default();
        Ok(Self { site, case, tokens, srp, echoed: false, codes, keeps_codes: false, created: AtomicU64::new(0), run })
    }

    /// The same requests to a bare echo.
    pub(crate) fn to_echo(&self, address: &str) -> Result<Self> {
        let site = Site { address: address.to_owned(), ..self.site.clone() };
        Ok(Self { echoed: true, ..Self::new(site, self.case, Arc::clone(&self.tokens))? })
    }

    /// Carries the case out once; how long the client waited for the server.
    pub(crate) async fn once(&self, connection: &mut Connection, chance: &mut Chance) -> Result<Duration> {
        match self.case {
            Case::Srp => self.srp_sign_in(connection, chance.below(self.site.pool.users)).await,
            Case::Password => {
                let began = Instant::now();
                self.password_sign_in(connection, chance.below(self.site.pool.users)).await?;
                Ok(began.elapsed())
            }
            case if case.is_at_login_domain() => self.at_login_domain(connection, chance).await,
            _ => {
                let request = self.request(chance)?;
                let began = Instant::now();
                let answer = self.ask(connection, &request).await?;
                let waited = began.elapsed();
                self.check(answer)?;
                Ok(waited)
            }
        }
    }

    /// Signs somebody in as the case wants it, for their tokens.
    pub(crate) async fn sign_in(&self, connection: &mut Connection, chance: &mut Chance) -> Result<Tokens> {
        if self.case.is_at_login_domain() {
            return self.tokens_by_session(connection, chance).await;
        }
        self.password_sign_in(connection, chance.below(self.site.pool.users)).await
    }

    /// How long the answer's body is: what an echo shall answer.
    pub(crate) async fn answer_length(&self, connection: &mut Connection, chance: &mut Chance) -> Result<usize> {
        let request = self.request(chance)?;
        Ok(self.ask(connection, &request).await?.len())
    }

    fn request(&self, chance: &mut Chance) -> Result<Vec<u8>> {
        let site = &self.site;
        let number = chance.below(site.pool.users);
        match self.case {
            Case::Srp
            | Case::Password
            | Case::ClientCredentials
            | Case::OauthRefresh
            | Case::CodeExchange
            | Case::LoginPage
            | Case::AuthorizeSession
            | Case::FormSignIn => bail!("{} is not one fixed call of the API", self.case.name()),
            Case::Refresh => {
                let token = &self.token(chance)?.refresh;
                let body = json!({
                    "ClientId": site.pool.client_id,
                    "AuthFlow": "REFRESH_TOKEN_AUTH",
                    "AuthParameters": { "REFRESH_TOKEN": token },
                });
                Ok(site.plain("InitiateAuth", &body.to_string()))
            }
            Case::GetUser => {
                let body = json!({ "AccessToken": self.token(chance)?.access });
                Ok(site.plain("GetUser", &body.to_string()))
            }
            Case::AdminGetUser => {
                let body = json!({ "UserPoolId": site.pool.id, "Username": people::username(number) });
                site.signed(chance, "AdminGetUser", &body.to_string())
            }
            Case::Update | Case::UpdateAlone => {
                let nickname = format!("nick{}", chance.below(1 << 40));
                let body = json!({
                    "UserPoolId": site.pool.id,
                    "Username": people::username(number),
                    "UserAttributes": [{ "Name": "nickname", "Value": nickname }],
                });
                site.signed(chance, "AdminUpdateUserAttributes", &body.to_string())
            }
            Case::ListEquals | Case::ListPrefix => {
                let filter = match self.case {
                    Case::ListEquals => format!("email = \"{}\"", people::email(number)),
                    _ => format!("email ^= \"{}\"", people::email_prefix(number)),
                };
                let body = json!({ "UserPoolId": site.pool.id, "Filter": filter });
                site.signed(chance, "ListUsers", &body.to_string())
            }
            Case::AuthSignIn => {
                let body = json!({ "identifier": people::username(number), "password": people::PASSWORD });
                Ok(site.auth("POST /v1/auth/sign-in", None, &body.to_string()))
            }
            Case::Me => Ok(site.auth("GET /v1/me", Some(&self.token(chance)?.access), "")),
            Case::AdminCreateUser => {
                let name = format!("new{}-{}", self.run, self.created.fetch_add(1, Ordering::Relaxed));
                let body = json!({
                    "UserPoolId": site.pool.id,
                    "Username": name,
                    "MessageAction": "SUPPRESS",
                    "TemporaryPassword": "Passw0rd!temporary",
                    "UserAttributes": [
                        { "Name": "email", "Value": format!("{name}@example.com") },
                        { "Name": "email_verified", "Value": "true" },
                    ],
                });
                site.signed(chance, "AdminCreateUser", &body.to_string())
            }
        }
    }

    fn token(&self, chance: &mut Chance) -> Result<&Tokens> {
        let count = u64::try_from(self.tokens.len())?;
        self.tokens.get(usize::try_from(chance.below(count))?).context("nobody has signed in")
    }

    /// The body of an answer of 200; anything else is told with its own words.
    async fn ask<'c>(&self, connection: &'c mut Connection, request: &[u8]) -> Result<&'c [u8]> {
        let answer = connection.ask(request).await?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        let said: Value = serde_json::from_slice(answer.body).unwrap_or_default();
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (kind, message) = (text("__type"), text("message") + &text("Message"));
        bail!("{} {kind}: {message}", answer.status)
    }

    /// A fast wrong answer must not count as one.
    fn check(&self, body: &[u8]) -> Result<()> {
        if self.echoed {
            return Ok(());
        }
        let users = |expected: usize| -> Result<()> {
            let found: Value = serde_json::from_slice(body)?;
            let found = found.get("Users").and_then(Value::as_array).map_or(0, Vec::len);
            if found == expected { Ok(()) } else { bail!("{found} users were found where {expected} are") }
        };
        let holds = |text: &str| -> Result<()> {
            let found = body.windows(text.len()).any(|window| window == text.as_bytes());
            if found { Ok(()) } else { bail!("the answer holds no {text}") }
        };
        match self.case {
            Case::ListEquals => users(1),
            Case::ListPrefix => users(10),
            Case::GetUser | Case::AdminGetUser => holds("@example.com"),
            Case::Refresh => holds("\"AccessToken\""),
            Case::AuthSignIn => holds("\"accessToken\""),
            Case::Me => holds("\"role\""),
            Case::AdminCreateUser => holds("FORCE_CHANGE_PASSWORD"),
            _ => Ok(()),
        }
    }
}
