//! Whoever authenticates, behind one port: a pool of this server, Amazon Cognito, a mock. A provider makes the decision and owns
//! its sessions; nothing here reads what is inside them. What it cannot do it says with `Problem::unsupported`.

mod cognate;
pub mod cognito;
pub mod mock;

use std::pin::Pin;

use cognate_domain::Timestamp;
use cognate_domain::directory::{Claims, ProviderSubject};
use cognate_engine::{Cx, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::problem::Problem;

pub use cognate::Cognate;
pub use cognito::Cognito;
pub use mock::Mock;

pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + Send + 'a>>;

/// `cx` is the request's view of the world: its time, chance, store and outbound client.
pub trait Provider: Send + Sync {
    /// `cognate`, `cognito` or `mock`: of subjects that it knows.
    fn name(&self) -> &'static str;

    /// Where its accounts are: an event of another pool is none of this provider's. If it is a pool of this server, our own mails have its
    /// sender.
    fn pool_id(&self) -> Option<String> {
        None
    }

    /// By whatever identifies an account: an address, a number or a user name.
    fn sign_in<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str, password: &'a Secret) -> Answer<'a, Step>;

    /// The answer to a challenge of this provider.
    fn answer<'a>(&'a self, cx: &'a mut Cx, challenge: &'a Waiting, answer: &'a Reply) -> Answer<'a, Step>;

    fn refresh<'a>(&'a self, cx: &'a mut Cx, refresh_token: &'a Secret) -> Answer<'a, Session>;

    /// Ends all that this person was given, everywhere.
    fn sign_out<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer) -> Answer<'a, ()>;

    /// Ends the session of one refresh token, if it is this person's.
    fn sign_out_session<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer, refresh_token: &'a Secret) -> Answer<'a, ()>;

    fn sign_up<'a>(&'a self, cx: &'a mut Cx, account: &'a NewAccount) -> Answer<'a, SignedUp>;
    fn confirm_sign_up<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str, code: &'a Secret) -> Answer<'a, ()>;
    fn resend_confirmation<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str) -> Answer<'a, Option<Delivery>>;

    /// Sends a code. The answer is the same for somebody who is not there.
    fn begin_password_reset<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str) -> Answer<'a, Option<Delivery>>;
    fn finish_password_reset<'a>(&'a self, cx: &'a mut Cx, reset: &'a PasswordReset) -> Answer<'a, ()>;

    /// Whether this is the bearer's password; wrong ones count for the lock-out. Tokens that the check obtains are revoked, and a
    /// challenge that would follow means that it is right.
    fn verify_password<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer, password: &'a Secret) -> Answer<'a, bool>;
    fn change_password<'a>(
        &'a self,
        cx: &'a mut Cx,
        bearer: &'a Bearer,
        passwords: (&'a Secret, &'a Secret),
    ) -> Answer<'a, ()>;

    /// Who an access token stands for: signature, use, issuer, client and time. With `Proved::family` the rest, revocation and whether the
    /// person may still sign in, is read with the directory; a provider elsewhere has said all it can.
    fn prove<'a>(&'a self, cx: &'a Cx, token: &'a str, uses: TokenUses) -> Answer<'a, Proved>;

    /// What the provider says of the bearer now.
    fn claims<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer) -> Answer<'a, Claims>;

    /// Writes to an address by which names it signs in, if there are any. Nothing is told here, and not how long it took.
    fn remind_identifier<'a>(&'a self, cx: &'a mut Cx, email: &'a str) -> Answer<'a, ()>;

    /// With a temporary password that the provider sends.
    fn invite<'a>(&'a self, cx: &'a mut Cx, account: &'a NewAccount) -> Answer<'a, ProviderSubject>;
    fn set_enabled<'a>(&'a self, cx: &'a mut Cx, subject: &'a ProviderSubject, enabled: bool) -> Answer<'a, ()>;
    fn force_password_reset<'a>(&'a self, cx: &'a mut Cx, subject: &'a ProviderSubject) -> Answer<'a, ()>;
}

pub enum Step {
    Session(Session),
    Challenge(Challenge),
}

/// What the provider gave. `id_token` is none where it gives none (a refresh elsewhere may).
pub struct Session {
    pub access_token: Secret,
    pub id_token: Option<Secret>,
    /// A refresh that does not rotate gives none: the old one stays good.
    pub refresh_token: Option<Secret>,
    pub expires_in: u32,
}

/// A question of the provider's.
pub struct Challenge {
    pub kind: ChallengeKind,
    /// The provider's own, as it came.
    pub session: Secret,
    /// By whose name the answer is sent.
    pub username: String,
    /// What the person's page needs: a masked destination, required attributes, choices. Nothing secret.
    pub parameters: Map<String, Value>,
    pub expires_at: Timestamp,
}

/// The range that is supported; what else a provider raises is `Problem::challenge_unsupported`, named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeKind {
    NewPassword,
    SoftwareToken,
    SmsCode,
    EmailCode,
    Select,
    Custom,
}

impl ChallengeKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewPassword => "new_password",
            Self::SoftwareToken => "software_token",
            Self::SmsCode => "sms_code",
            Self::EmailCode => "email_code",
            Self::Select => "select",
            Self::Custom => "custom",
        }
    }
}

/// A challenge that was asked, as its sealed session tells.
pub struct Waiting {
    pub kind: ChallengeKind,
    pub session: Secret,
    pub username: String,
}

/// The one that belongs to the challenge's kind.
pub enum Reply {
    NewPassword {
        password: Secret,
        attributes: Vec<(String, String)>,
    },
    /// Of a software token, a text message, a mail; the answer to a question of one's own; or what was selected.
    Code(Secret),
}

pub struct NewAccount {
    pub email: String,
    /// None of an invitation.
    pub password: Option<Secret>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub attributes: Vec<(String, String)>,
}

pub struct SignedUp {
    pub requires_confirmation: bool,
    pub can_sign_in: bool,
    pub delivery: Option<Delivery>,
}

/// Where a code went, masked.
pub struct Delivery {
    pub channel: Channel,
    pub destination: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Email,
    Sms,
}

pub struct PasswordReset {
    pub identifier: String,
    pub code: Secret,
    pub new_password: Secret,
}

/// Which tokens count as bearers: the access token alone, or for a time of transition the ID token too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenUses {
    pub id: bool,
}

/// A caller's token and what was proved of it.
pub struct Bearer {
    pub token: Secret,
    pub proved: Proved,
}

pub struct Proved {
    pub subject: ProviderSubject,
    pub is_machine: bool,
    /// By which the provider administers the account; none of a machine.
    pub username: Option<String>,
    pub client_id: String,
    pub scopes: Vec<String>,
    pub groups: Vec<String>,
    pub expires_at: Timestamp,
    /// `access`, or `id` in a time of transition.
    pub token_use: &'static str,
    /// Of a token of this server's own: what has to be read of it with the directory.
    pub family: Option<Family>,
}

/// The sign-in that a token of this server belongs to.
pub struct Family {
    pub pool_id: String,
    pub user_id: String,
    pub origin_jti: String,
}
