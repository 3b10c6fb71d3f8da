//! Managed login: a browser that is signed in, and the answer to the authorization request that brought it here.
//! oauth-and-login.md, sections 4.4 and 5.3.

use std::time::Duration;

use cognate_domain::client::Client;
use cognate_domain::login_session::{LOCAL, LoginSession};
use cognate_domain::oauth::{Asked, CodeGrant, OAuthCode, ResponseKind, Target};
use cognate_domain::pool::Moment;
use cognate_domain::sign_in::before_first_factor;
use cognate_domain::tokens::{Binding, TokenFamily};
use cognate_domain::user::{User, UserStatus};
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::authorization_codes::NewCode;
use cognate_store::login_sessions::Found;
use cognate_store::tokens::Beginning;
use cognate_store::{WriteTx, authorization_codes, login_sessions, pushed_requests, tokens};
use cognate_wire::Secret;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use crate::Cx;
use crate::pushed_requests::Reference;
use crate::sign_in::{Door, Reward};
use crate::tokens::Grantee;

/// Within which a client redeems a code.
const CODE_LIFE: Duration = Duration::from_mins(5);
/// Within which a login is finished, however long the client lets a challenge of the API wait.
const PATIENCE: Duration = Duration::from_mins(5);

/// What a login is for: an authorization request that was checked, whose answer goes to a proven target.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    pub target: &'a Target,
    pub asked: &'a Asked,
    /// The reference to it, if the client has pushed it: answered once.
    pub pushed: Option<&'a Reference>,
    /// For whom alone the client asks.
    pub subject: Option<&'a str>,
}

/// Who was signed in, and for which client.
pub struct Hint {
    pub subject: String,
    pub client_id: String,
}

/// What a browser signs in for.
#[derive(Clone, Copy)]
pub enum Goal<'a> {
    Answer(Login<'a>),
    /// A page of ours: a session, and no more.
    Page,
}

/// What the browser gets: its session's cookie, and where it goes.
pub struct SignedIn {
    /// None of somebody whom the client did not ask for.
    pub cookie: Option<Secret>,
    pub onward: Onward,
}

/// Where a browser goes that has signed in. Nothing that it sent names the place: a client's was proved, and ours is one.
pub enum Onward {
    /// With the answer in it.
    Client(String),
    Page,
}

impl Reward for Goal<'_> {
    type Given = SignedIn;

    fn patience(&self, _: &Client) -> Duration {
        PATIENCE
    }

    async fn give<F>(self, cx: &mut Cx, grantee: Grantee<'_>, alongside: F) -> Result<SignedIn>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone,
    {
        if let Self::Answer(login) = self
            && login.subject.is_some_and(|subject| subject != grantee.user.id)
        {
            return refuse_another(cx, grantee.user, login, alongside).await;
        }
        let begun = Begun::new(cx);
        let answer = match self {
            Self::Answer(login) => Some(Answer::new(cx, grantee, login, &begun.session)),
            Self::Page => None,
        };

        let (user, new, asked) = (grantee.user, &begun, answer.as_ref());
        cx.reward(user, alongside, async |tx| {
            let kept = new.keep(tx, user).await?;
            match asked {
                Some(answer) if kept => answer.keep(tx, grantee).await,
                _ => Ok(kept),
            }
        })
        .await?;

        let onward = match answer {
            Some(answer) => Onward::Client(answer.location(cx, grantee).await?),
            None => Onward::Page,
        };
        Ok(SignedIn { cookie: Some(begun.cookie), onward })
    }
}

/// Of somebody else than the client asks for (OpenID Connect Core, 3.1.2.1): they have proved who they are, and nothing comes of it.
async fn refuse_another<F>(cx: &mut Cx, user: &User, login: Login<'_>, alongside: F) -> Result<SignedIn>
where
    F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone,
{
    let now = cx.now;
    cx.reward(user, alongside, async |tx| login.spend(tx, &user.pool_id, now).await.map(|()| true)).await?;
    Ok(SignedIn { cookie: None, onward: Onward::Client(login.target.refuse_with(OAuthCode::LoginRequired)) })
}

impl Login<'_> {
    /// A request that the client has pushed is answered once; one that was answered already is an error.
    async fn spend(&self, tx: &mut WriteTx<'_>, pool_id: &str, now: Timestamp) -> Result<()> {
        match self.pushed {
            Some(reference) if !pushed_requests::take(tx, pool_id, reference, now).await? => Err(Error::session_used()),
            _ => Ok(()),
        }
    }
}

/// A session that is to be kept.
struct Begun {
    session: LoginSession,
    cookie: Secret,
    digest: [u8; 32],
}

impl Begun {
    fn new(cx: &Cx) -> Self {
        let session = LoginSession::begin(ids::uuid(cx.entropy()).to_string(), LOCAL, cx.now);
        let cookie = BASE64URL_NOPAD.encode(&ids::random::<32>(cx.entropy()));
        Self { session, digest: cognate_jose::sha256(cookie.as_bytes()), cookie: Secret::from(cookie) }
    }

    /// False if the user is no longer as they were read.
    async fn keep(&self, tx: &mut WriteTx<'_>, user: &User) -> Result<bool> {
        login_sessions::insert(tx, user, &self.digest, &self.session).await
    }
}

impl Cx {
    /// The session of a browser's cookie, if it is one of this pool that lives, of somebody who may sign in.
    pub async fn login_session(&self, pool_id: &str, cookie: &str) -> Result<Option<Found>> {
        let digest = cognate_jose::sha256(cookie.as_bytes());
        let found = login_sessions::find(&mut self.read().await?, pool_id, &digest, self.now).await?;
        Ok(found.filter(|found| is_good(&found.user)))
    }

    /// What an ID token tells, if it is one of this pool; it may be an old one (OpenID Connect Core, 3.1.2.1).
    pub async fn hint(&self, pool_id: &str, token: &str) -> Result<Option<Hint>> {
        let Ok(peek) = cognate_jose::peek(token) else { return Ok(None) };
        let claims: Map<String, Value> = serde_json::from_slice(&peek.payload).unwrap_or_default();
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let keys = self.app.keys(pool_id).await?;
        let is_ours = text("iss") == Some(&self.app.settings.issuer(pool_id)) && text("token_use") == Some("id");
        let hint = || Some(Hint { subject: text("sub")?.to_owned(), client_id: text("aud")?.to_owned() });
        Ok(if is_ours && keys.proves(&peek) { hint() } else { None })
    }

    /// Where a browser goes that is signed in already. `None` if the person may not go on like that.
    pub async fn answer_by_session(&mut self, door: Door<'_>, goal: Goal<'_>, found: &Found) -> Result<Option<Onward>> {
        let Goal::Answer(login) = goal else { return Ok(Some(Onward::Page)) };
        if login.asked.kind == ResponseKind::Token {
            door.pool.refuse_unbuilt(Moment::Refresh)?; // what would have a say in tokens has one in these
        }
        let user = &found.user;
        let grantee = door.to(user);
        let answer = Answer::new(self, grantee, login, &found.session);
        match self.write(async |tx| answer.keep(tx, grantee).await).await {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) if error.message == Error::session_used().message => return Ok(None),
            Err(error) => return Err(error),
        }
        answer.location(self, grantee).await.map(|location| Some(Onward::Client(location)))
    }

    /// Ends the session of a browser. One that is over already is no error.
    pub async fn end_login_session(&mut self, pool_id: &str, cookie: &str) -> Result<()> {
        let digest = cognate_jose::sha256(cookie.as_bytes());
        let found = login_sessions::find(&mut self.read().await?, pool_id, &digest, self.now).await?;
        let Some(Found { user, .. }) = found else { return Ok(()) };
        self.write(async |tx| login_sessions::delete(tx, (pool_id, &user.id), &digest).await).await
    }
}

/// AWS: a changed password, signing out everywhere and revocation do not end a session; an account that is closed does.
pub(crate) fn is_good(user: &User) -> bool {
    before_first_factor(user).is_ok() && matches!(user.status, UserStatus::Confirmed | UserStatus::ExternalProvider)
}

/// What a request asks for, made before it is kept.
struct Answer<'a> {
    login: Login<'a>,
    session: &'a LoginSession,
    made_at: Timestamp,
    grant: CodeGrant,
    given: Given,
}

enum Given {
    Code {
        code: String,
        origin_jti: String,
    },
    /// AWS: without a refresh token.
    Tokens(TokenFamily),
}

impl<'a> Answer<'a> {
    fn new(cx: &Cx, grantee: Grantee<'_>, login: Login<'a>, session: &'a LoginSession) -> Self {
        let grant = CodeGrant::of(login.target, login.asked);
        let given = match login.asked.kind {
            ResponseKind::Code => {
                let id = || ids::uuid(cx.entropy()).to_string();
                Given::Code { code: id(), origin_jti: id() }
            }
            ResponseKind::Token => Given::Tokens(TokenFamily {
                authenticated_at: session.authenticated_at,
                expires_at: cx.now + grantee.client.validity.access,
                ..cx.new_family(grantee, grant.scopes.join(" "), Some(grant.lasting.clone()))
            }),
        };
        Self { login, session, made_at: cx.now, grant, given }
    }

    /// False if the user is no longer as they were read. A request that is answered already is an error.
    async fn keep(&self, tx: &mut WriteTx<'_>, grantee: Grantee<'_>) -> Result<bool> {
        let user = grantee.user;
        self.login.spend(tx, &user.pool_id, self.made_at).await?;
        match &self.given {
            Given::Code { code, origin_jti } => {
                let code = NewCode {
                    digest: &cognate_jose::sha256(code.as_bytes()),
                    origin_jti,
                    client_id: &grantee.client.id,
                    grant: &self.grant,
                    authenticated_at: self.session.authenticated_at,
                    expires_at: self.made_at + CODE_LIFE,
                };
                authorization_codes::insert(tx, user, &code).await
            }
            Given::Tokens(family) => {
                let beginning = Beginning { at: self.made_at, token_epoch: None };
                tokens::insert_family(tx, family, user, beginning).await
            }
        }
    }

    /// Where the browser takes it.
    async fn location(&self, cx: &Cx, grantee: Grantee<'_>) -> Result<String> {
        let target = self.login.target;
        let family = match &self.given {
            Given::Code { code, .. } => return Ok(target.answer(&[("code", code)])),
            Given::Tokens(family) => family,
        };
        let binding = Binding { nonce: self.grant.nonce.as_deref(), key: None };
        let signed = cx.sign_tokens(grantee, family, binding).await?;
        let expires_in = signed.expires_in.unwrap_or_default().to_string();
        let access_token = signed.access_token.as_ref().map(Secret::expose);
        let access_token = access_token.ok_or_else(|| Error::corrupt("an access token that was not signed"))?;
        let mut members = vec![("access_token", access_token), ("expires_in", &expires_in), ("token_type", "Bearer")];
        if let Some(id_token) = signed.id_token.as_ref().map(Secret::expose) {
            members.insert(0, ("id_token", id_token));
        }
        Ok(target.answer(&members))
    }
}
