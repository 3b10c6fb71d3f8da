//! Accounts: opened by their people or by an administrator, confirmed, recovered. Whether one is there, no answer tells.

use cognate_domain::attempts::AttemptKind;
use cognate_domain::delivery::{self, Destination, Medium, veiled};
use cognate_domain::directory::ProviderSubject;
use cognate_domain::ids;
use cognate_domain::password::PasswordPolicy;
use cognate_domain::template::Purpose;
use cognate_domain::user::UserStatus;
use cognate_domain::username::{NameKind, SignInNames};
use cognate_engine::{Cx, Secret};
use cognate_wire::idp::VerifiedAttributeType;

use super::challenges::{check_password, set_attribute};
use super::codes::{CodeKind, new_code};
use super::letters::Letter;
use super::state::{Account, State, Suspect};
use super::{Mock, NAME, RETRY};
use crate::problem::{Code, Problem};
use crate::provider::{Channel, Delivery, NewAccount, PasswordReset, SignedUp};

impl Mock {
    /// An address that is taken gets the same answer, and a mail that says so.
    pub(super) async fn open_account(&self, cx: &mut Cx, account: &NewAccount) -> Result<SignedUp, Problem> {
        let password = account.password.as_ref().ok_or_else(|| Problem::new(Code::PasswordRejected))?;
        check_password(password)?;
        let new = new_account(account, ids::uuid(cx.entropy()).to_string(), UserStatus::Unconfirmed)?;
        let letter = {
            let mut state = self.state();
            room(&state)?;
            if state.find(&account.email).is_some() {
                letter(&account.email, (Purpose::AccountExists, "AccountExists"), None)
            } else {
                let at = state.add(Account { password: Some(password.clone()), ..new });
                self.send_code(&mut state, at, (CodeKind::SignUp, "CustomMessage_SignUp"), cx)
            }
        };
        letter.keep(cx).await?;
        let delivery = Some(told(delivery_to(&account.email)));
        Ok(SignedUp { requires_confirmation: true, can_sign_in: false, delivery })
    }

    pub(super) fn confirm_account(&self, cx: &Cx, identifier: &str, code: &Secret) -> Result<(), Problem> {
        let (mut state, now) = (self.state(), cx.now);
        let suspect = state.suspect(identifier);
        state.count_attempt(AttemptKind::ConfirmSignUp, suspect, now)?;
        let rejected = || Problem::new(Code::CodeRejected);
        let at = state.find(identifier).filter(|at| state.is_code(CodeKind::SignUp, *at, code, now));
        let at = at.ok_or_else(rejected)?;
        let account = state.account_mut(at).filter(|account| account.enabled).ok_or_else(rejected)?;
        if account.status != UserStatus::Unconfirmed {
            return Err(rejected());
        }
        account.status = UserStatus::Confirmed;
        account.email_verified = true;
        state.take_code(CodeKind::SignUp, at, now);
        Ok(())
    }

    /// For somebody who is not there, or is confirmed already, the answer is made up.
    pub(super) async fn resend_code(&self, cx: &mut Cx, identifier: &str) -> Result<Option<Delivery>, Problem> {
        let waits = |account: &Account| account.enabled && account.status == UserStatus::Unconfirmed;
        let how = (CodeKind::SignUp, "CustomMessage_ResendCode", AttemptKind::ResendConfirmationCode);
        self.send_to(cx, identifier, how, waits).await
    }

    pub(super) async fn begin_reset(&self, cx: &mut Cx, identifier: &str) -> Result<Option<Delivery>, Problem> {
        let how = (CodeKind::Reset, "CustomMessage_ForgotPassword", AttemptKind::Recovery);
        self.send_to(cx, identifier, how, may_recover).await
    }

    async fn send_to(
        &self,
        cx: &mut Cx,
        identifier: &str,
        how: (CodeKind, &'static str, AttemptKind),
        fits: fn(&Account) -> bool,
    ) -> Result<Option<Delivery>, Problem> {
        let (kind, trigger, counts_as) = how;
        let (destination, letter) = {
            let mut state = self.state();
            let suspect = state.suspect(identifier);
            state.count_attempt(counts_as, suspect, cx.now)?;
            let found = state.find(identifier).filter(|at| state.account(*at).is_some_and(fits));
            match found {
                Some(at) => {
                    let letter = self.send_code(&mut state, at, (kind, trigger), cx);
                    (delivery_to(&letter.to), Some(letter))
                }
                None => (pretended(identifier, &state), None),
            }
        };
        if let Some(letter) = letter {
            letter.keep(cx).await?;
        }
        Ok(Some(told(destination)))
    }

    fn send_code(&self, state: &mut State, at: usize, how: (CodeKind, &'static str), cx: &Cx) -> Letter {
        let code = new_code(self.script.code.as_ref(), cx.entropy());
        state.keep_code(how.0, at, &code, cx.now);
        let email = state.account(at).map(|account| account.email.clone()).unwrap_or_default();
        letter(&email, (Purpose::Verification, how.1), Some(code))
    }

    /// What is refused before the code is looked at says nothing about who is there, and spends nothing.
    pub(super) fn finish_reset(&self, cx: &Cx, reset: &PasswordReset) -> Result<(), Problem> {
        check_password(&reset.new_password)?;
        let (mut state, now) = (self.state(), cx.now);
        let suspect = state.suspect(&reset.identifier);
        state.count_attempt(AttemptKind::Recovery, suspect, now)?;
        let rejected = || Problem::new(Code::CodeRejected);
        let at = state.find(&reset.identifier).filter(|at| state.is_code(CodeKind::Reset, *at, &reset.code, now));
        let at = at.ok_or_else(rejected)?;
        let account = state.account_mut(at).filter(|account| may_recover(account)).ok_or_else(rejected)?;
        account.password = Some(reset.new_password.clone());
        account.status = UserStatus::Confirmed;
        account.email_verified = true; // it is where the code came from
        state.take_code(CodeKind::Reset, at, now);
        state.forget_failures(&Suspect::Account(at), now);
        Ok(())
    }

    pub(super) async fn remind(&self, cx: &mut Cx, email: &str) -> Result<(), Problem> {
        let name = {
            let state = self.state();
            let account = state.find(email).and_then(|at| state.account(at)).filter(|account| account.enabled);
            account.map(|account| account.email.clone())
        };
        let Some(name) = name else { return Ok(()) };
        letter(&name, (Purpose::IdentifierReminder, "IdentifierReminder"), None).keep(cx).await
    }

    pub(super) async fn invite_account(&self, cx: &mut Cx, account: &NewAccount) -> Result<ProviderSubject, Problem> {
        let new = new_account(account, ids::uuid(cx.entropy()).to_string(), UserStatus::ForceChangePassword)?;
        let (sub, password) = (new.sub.clone(), Secret::from(PasswordPolicy::default().generate(cx.entropy())));
        {
            let mut state = self.state();
            room(&state)?;
            if state.find(&account.email).is_some() {
                return Err(Problem::new(Code::Conflict).saying("Somebody has this address already."));
            }
            state.add(Account { password: Some(password.clone()), ..new });
        }
        let how = (Purpose::Invitation, "CustomMessage_AdminCreateUser");
        letter(&account.email, how, Some(password)).keep(cx).await?;
        Ok(ProviderSubject { provider: NAME.to_owned(), id: sub })
    }

    /// Whoever is shut out loses at once what they were given.
    pub(super) fn enable(&self, subject: &ProviderSubject, enabled: bool) -> Result<(), Problem> {
        let mut state = self.state();
        let at = state.by_sub(&subject.id).ok_or_else(|| Problem::new(Code::NotFound))?;
        if let Some(account) = state.account_mut(at) {
            account.enabled = enabled;
        }
        if !enabled {
            state.end_all(at);
        }
        Ok(())
    }

    /// The password is good no longer, and a code replaces it.
    pub(super) async fn force_reset(&self, cx: &mut Cx, subject: &ProviderSubject) -> Result<(), Problem> {
        let letter = {
            let mut state = self.state();
            let at = state.by_sub(&subject.id).ok_or_else(|| Problem::new(Code::NotFound))?;
            let account = state.account_mut(at).filter(|account| may_recover(account));
            let account = account.ok_or_else(|| {
                Problem::new(Code::Conflict)
                    .saying("A password can be reset of an account that is confirmed and enabled.")
            })?;
            account.password = None;
            account.status = UserStatus::ResetRequired;
            self.send_code(&mut state, at, (CodeKind::Reset, "CustomMessage_ForgotPassword"), cx)
        };
        letter.keep(cx).await
    }
}

fn room(state: &State) -> Result<(), Problem> {
    if state.is_full() {
        return Err(Problem::new(Code::RateLimited).after(RETRY).because("as many accounts as the mock has room for"));
    }
    Ok(())
}

fn new_account(asked: &NewAccount, sub: String, status: UserStatus) -> Result<Account, Problem> {
    let mut account = Account::new(sub, asked.email.clone(), status);
    account.email_verified = false;
    account.name.clone_from(&asked.name);
    if let Some(phone) = &asked.phone {
        set_attribute(&mut account, "phone_number", phone)
            .map_err(|_| Problem::field("/phone", "A phone number is + and at most fifteen digits."))?;
    }
    for (name, value) in &asked.attributes {
        set_attribute(&mut account, name, value)?;
    }
    Ok(account)
}

fn may_recover(account: &Account) -> bool {
    account.enabled && matches!(account.status, UserStatus::Confirmed | UserStatus::ResetRequired)
}

fn letter(to: &str, how: (Purpose, &'static str), code: Option<Secret>) -> Letter {
    let (purpose, trigger) = how;
    Letter { medium: Medium::Email, to: to.to_owned(), purpose, trigger, code, username: to.to_owned() }
}

fn delivery_to(email: &str) -> Destination {
    delivery::Delivery { medium: Medium::Email, address: email.to_owned() }.destination()
}

/// What would be told of somebody who is not there: the same for the same name.
fn pretended(identifier: &str, state: &State) -> Destination {
    let names = SignInNames { kind: NameKind::UsernameAttributes { email: true, phone: true }, case_sensitive: false };
    veiled(identifier, &names, &[VerifiedAttributeType::Email], &state.veil_key)
}

fn told(destination: Destination) -> Delivery {
    let channel = match destination.medium {
        Medium::Email => Channel::Email,
        Medium::Sms => Channel::Sms,
    };
    Delivery { channel, destination: destination.masked }
}
