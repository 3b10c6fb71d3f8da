//! What is asked between a password and a session, and what answers it. A challenge's session is a random text, good once and for three
//! minutes; wrong answers count like wrong passwords.

use std::time::Duration;

use cognate_domain::delivery::{self, Medium};
use cognate_domain::password::PasswordPolicy;
use cognate_domain::template::Purpose;
use cognate_domain::user::UserStatus;
use cognate_domain::username::is_phone;
use cognate_domain::{Timestamp, ids};
use cognate_engine::{Cx, Secret};
use cognate_jose::{constant_time_eq, sha256};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::codes::{digest, new_code};
use super::letters::Letter;
use super::script::Script;
use super::sessions::Grantee;
use super::state::{Account, State, Suspect, same};
use super::totp;
use crate::problem::{Code, Problem};
use crate::provider::{Challenge, ChallengeKind, Reply, Waiting};

/// Cognito's.
const LIFE: Duration = Duration::from_mins(3);
const MOST_ATTRIBUTES: usize = 50;

/// A challenge that was asked.
#[derive(Clone)]
pub(super) struct Pending {
    account: usize,
    kind: ChallengeKind,
    /// The one that was proved: a sign-in ends where it is replaced meanwhile.
    password: Option<Secret>,
    /// Of a code that was sent.
    code: Option<[u8; 32]>,
    /// What is asked after it; of `select` what there is to choose from.
    rest: Vec<ChallengeKind>,
}

/// How a sign-in goes on.
pub(super) enum Next {
    Done(Box<Grantee>, Secret),
    Ask(Box<Challenge>, Option<Letter>),
}

impl State {
    /// After the password.
    pub(super) fn after_password(&mut self, at: usize, script: &Script, cx: &Cx) -> Result<Next, Problem> {
        let account = self.account(at).ok_or_else(failed)?;
        let mut asked = Vec::new();
        match account.status {
            UserStatus::Unconfirmed => return Err(Problem::new(Code::ConfirmationRequired)),
            UserStatus::ResetRequired => return Err(Problem::new(Code::PasswordResetRequired)),
            UserStatus::ForceChangePassword => asked.push(ChallengeKind::NewPassword),
            UserStatus::Confirmed | UserStatus::ExternalProvider => {}
        }
        asked.extend(&account.challenges);
        self.next(at, &asked, (script, cx))
    }

    /// The first of these is asked; with none left the sign-in is done.
    fn next(&mut self, at: usize, asked: &[ChallengeKind], by: (&Script, &Cx)) -> Result<Next, Problem> {
        let (script, cx) = by;
        let Some((kind, rest)) = asked.split_first() else {
            let (grantee, refresh_token) = self.begin(at, cx)?;
            return Ok(Next::Done(Box::new(grantee), refresh_token));
        };
        let account = self.account(at).ok_or_else(failed)?;
        let letter = letter(account, *kind, (script, cx));
        let parameters = parameters(account, *kind, rest, script);
        let session = Secret::from(BASE64URL_NOPAD.encode(&ids::random::<32>(cx.entropy())));
        let challenge = Challenge {
            kind: *kind,
            username: account.sub.clone(),
            parameters,
            expires_at: cx.now + LIFE,
            session: session.clone(),
        };
        let code = letter.as_ref().and_then(|letter| letter.code.as_ref()).map(digest);
        let password = account.password.clone();
        let pending = Pending { account: at, kind: *kind, password, code, rest: rest.to_vec() };
        self.pending.put(key(&session), pending, challenge.expires_at, cx.now);
        Ok(Next::Ask(Box::new(challenge), letter))
    }

    /// A wrong answer leaves the challenge waiting; a right one spends it.
    pub(super) fn answer(&mut self, waiting: &Waiting, reply: &Reply, by: (&Script, &Cx)) -> Result<Next, Problem> {
        let now = by.1.now;
        let pending = self.pending.get(&key(&waiting.session), now).cloned();
        let pending = pending.filter(|pending| pending.kind == waiting.kind).ok_or_else(failed)?;
        let account = self.account(pending.account).filter(|account| account.enabled).ok_or_else(failed)?;
        if account.sub != waiting.username || account.password != pending.password {
            return Err(failed());
        }
        let suspect = Suspect::Account(pending.account);
        self.refuse_if_locked(&suspect, now)?;

        let rest = match (reply, pending.kind) {
            (Reply::NewPassword { password, attributes }, ChallengeKind::NewPassword) => {
                self.set_first_password(pending.account, (password, attributes), by.0)?;
                Some(pending.rest)
            }
            (Reply::Code(chosen), ChallengeKind::Select) => {
                pending.rest.iter().find(|kind| kind.name() == chosen.expose()).map(|kind| vec![*kind])
            }
            (Reply::Code(code), _) => self.is_answer(&pending, code, by.0, now).then_some(pending.rest),
            (Reply::NewPassword { .. }, _) => None,
        };
        let Some(rest) = rest else {
            self.count_failure(suspect, now);
            return Err(failed());
        };
        self.pending.take(&key(&waiting.session), now);
        self.next(pending.account, &rest, by)
    }

    fn is_answer(&mut self, pending: &Pending, said: &Secret, script: &Script, now: Timestamp) -> bool {
        let Some(account) = self.account_mut(pending.account) else { return false };
        match pending.kind {
            ChallengeKind::SoftwareToken => match &account.totp_secret {
                Some(secret) => {
                    let step = totp::step_of(secret, said.expose(), now).filter(|step| account.last_step < Some(*step));
                    account.last_step = step.or(account.last_step);
                    step.is_some()
                }
                None => script.code.as_ref().is_some_and(|code| same(code, said)),
            },
            ChallengeKind::Custom => account.answer.as_ref().or(script.code.as_ref()).is_some_and(|is| same(is, said)),
            ChallengeKind::SmsCode | ChallengeKind::EmailCode => {
                pending.code.is_some_and(|code| constant_time_eq(&code, &digest(said)))
            }
            ChallengeKind::NewPassword | ChallengeKind::Select => false,
        }
    }

    fn set_first_password(
        &mut self,
        at: usize,
        given: (&Secret, &[(String, String)]),
        script: &Script,
    ) -> Result<(), Problem> {
        let (password, attributes) = given;
        check_password(password)?;
        let mut account = self.account(at).cloned().ok_or_else(failed)?;
        for (name, value) in attributes {
            set_attribute(&mut account, name, value)?;
        }
        if let Some(name) = missing(&account, script).next() {
            return Err(Problem::field("/attributes", format!("`{name}` is missing.")));
        }
        account.password = Some(password.clone());
        account.status = UserStatus::Confirmed;
        if let Some(phone) = &account.phone {
            self.name_by_phone(at, phone);
        }
        *self.account_mut(at).ok_or_else(failed)? = account;
        Ok(())
    }
}

/// By the policy that a pool of Cognito's begins with.
pub(super) fn check_password(password: &Secret) -> Result<(), Problem> {
    let checked = PasswordPolicy::default().check(password.expose());
    checked.map_err(|failure| Problem::new(Code::PasswordRejected).saying(failure.into_error().message))
}

pub(super) fn set_attribute(account: &mut Account, name: &str, value: &str) -> Result<(), Problem> {
    let refused = |sentence: &'static str| Err(Problem::field(format!("/attributes/{name}"), sentence));
    match name {
        "name" => account.name = Some(value.to_owned()),
        "phone_number" if is_phone(value) => account.phone = Some(value.to_owned()),
        "phone_number" => return refused("A phone number is + and at most fifteen digits."),
        "email" => return refused("An address is not changed in this way."),
        _ if account.attributes.len() >= MOST_ATTRIBUTES && !account.attributes.contains_key(name) => {
            return refused("There are more attributes than 50.");
        }
        _ => drop(account.attributes.insert(name.to_owned(), value.to_owned())),
    }
    Ok(())
}

fn missing<'a>(account: &'a Account, script: &'a Script) -> impl Iterator<Item = &'a String> {
    script.required_attributes.iter().filter(|name| account.attribute(name).is_none_or(String::is_empty))
}

/// What the person's page needs to know.
fn parameters(account: &Account, kind: ChallengeKind, rest: &[ChallengeKind], script: &Script) -> Map<String, Value> {
    let masked = |medium: Medium, address: &str| {
        Value::from(delivery::Delivery { medium, address: address.to_owned() }.destination().masked)
    };
    let parameter = match kind {
        ChallengeKind::NewPassword => Some(("requiredAttributes", missing(account, script).cloned().collect())),
        ChallengeKind::EmailCode => Some(("destination", masked(Medium::Email, &account.email))),
        ChallengeKind::SmsCode => account.phone.as_ref().map(|phone| ("destination", masked(Medium::Sms, phone))),
        ChallengeKind::Select => Some(("choices", rest.iter().map(|kind| kind.name()).collect())),
        ChallengeKind::Custom => account.question.as_ref().map(|question| ("question", question.clone().into())),
        ChallengeKind::SoftwareToken => None,
    };
    parameter.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

fn letter(account: &Account, kind: ChallengeKind, by: (&Script, &Cx)) -> Option<Letter> {
    let (medium, to) = match kind {
        ChallengeKind::EmailCode => (Medium::Email, account.email.clone()),
        ChallengeKind::SmsCode => (Medium::Sms, account.phone.clone()?),
        _ => return None,
    };
    let code = Some(new_code(by.0.code.as_ref(), by.1.entropy()));
    let (trigger, username) = ("CustomMessage_Authentication", account.email.clone());
    Some(Letter { medium, to, purpose: Purpose::Authentication, trigger, code, username })
}

fn key(session: &Secret) -> [u8; 32] {
    sha256(session.expose().as_bytes())
}

fn failed() -> Problem {
    Problem::new(Code::ChallengeFailed)
}
