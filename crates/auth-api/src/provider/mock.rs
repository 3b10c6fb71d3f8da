//! Whoever authenticates before there is anybody: people and machines out of a TOML file, with failures and delays that can be switched on.
//! For development alone. What is kept is kept in memory; mails are in the inbox of development.

mod accounts;
mod challenges;
mod checks;
mod codes;
mod faults;
mod file;
mod kept;
mod letters;
mod machines;
mod routes;
mod script;
mod seed;
mod sessions;
mod state;
mod tokens;
mod totp;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cognate_domain::Error;
use cognate_domain::attempts::AttemptKind;
use cognate_domain::directory::{Claims, ProviderSubject};
use cognate_engine::{App, Cx, Secret};
use cognate_jose::SigningKey;

pub use routes::routes;
pub use script::{Flaw, LONGEST, Script};

use self::challenges::{Next, check_password};
use self::faults::Faults;
use self::state::{State, Suspect};
use self::tokens::Keys;
use super::{
    Answer, Bearer, Delivery, NewAccount, PasswordReset, Proved, Provider, Reply, Session, SignedUp, Step, TokenUses,
    Waiting,
};
use crate::problem::{Code, Problem};

/// As subjects are known.
pub(crate) const NAME: &str = "mock";
/// The one app client that people sign in through, and the pool of events that are told of.
pub(crate) const CLIENT: &str = "mock";
/// Below the public URL.
const PATH: &str = "/dev/mock";
const RETRY: Duration = Duration::from_secs(30);

pub struct Mock {
    script: Script,
    keys: Keys,
    state: Mutex<State>,
    faults: Faults,
}

impl Mock {
    /// Signs with `key`, for the issuer `{public URL}/dev/mock`.
    pub fn new(script: Script, app: &App, key: SigningKey) -> cognate_domain::Result<Self> {
        let issuer = format!("{}{PATH}", app.settings.public_url);
        let keys = Keys::new(issuer, key).map_err(Error::internal)?;
        let state = Mutex::new(State::new(&script, app.entropy.as_ref()));
        let faults = Faults::of(script.faults.clone());
        Ok(Self { script, keys, state, faults })
    }

    /// What its tokens call it.
    pub fn issuer(&self) -> &str {
        &self.keys.issuer
    }

    /// As at the start, but for the signing key; the directory is to be seeded again.
    pub fn begin_anew(&self, app: &App) {
        *self.state() = State::new(&self.script, app.entropy.as_ref());
        self.faults.replace(self.script.faults.clone());
    }

    async fn add_users(&self, cx: &mut Cx, mut script: Script) -> Result<(), String> {
        {
            let mut state = self.state();
            for person in &mut script.people {
                state.add_person(person)?;
            }
        }
        seed::seed(cx, &script).await.map_err(|error| error.to_string())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn go_on(&self, cx: &mut Cx, next: Next) -> Result<Step, Problem> {
        match next {
            Next::Done(grantee, refresh_token) => {
                self.keys.session(cx, &grantee, Some(refresh_token)).await.map(Step::Session)
            }
            Next::Ask(challenge, letter) => {
                if let Some(letter) = letter {
                    letter.keep(cx).await?;
                }
                Ok(Step::Challenge(*challenge))
            }
        }
    }

    fn begin_sign_in(&self, cx: &Cx, identifier: &str, password: &Secret) -> Result<Next, Problem> {
        let mut state = self.state();
        let suspect = state.suspect(identifier);
        let proved = state.prove_password(&suspect, password, cx.now)?;
        let at = proved.ok_or_else(|| Problem::new(Code::InvalidCredentials))?;
        state.after_password(at, &self.script, cx)
    }

    /// The account of a person who is signed in.
    fn person(&self, bearer: &Bearer) -> Result<usize, Problem> {
        let Proved { is_machine, subject, .. } = &bearer.proved;
        if *is_machine {
            return Err(Problem::new(Code::Forbidden).saying("A machine has neither a password nor a session."));
        }
        let found = self.state().by_sub(&subject.id);
        found.ok_or_else(|| Problem::new(Code::Unauthenticated).because("no account"))
    }

    fn is_password(&self, cx: &Cx, bearer: &Bearer, password: &Secret) -> Result<bool, Problem> {
        let at = self.person(bearer)?;
        let mut state = self.state();
        let fits = state.prove_password(&Suspect::Account(at), password, cx.now)?.is_some();
        if fits {
            state.forget_failures(&Suspect::Account(at), cx.now);
        }
        Ok(fits)
    }

    fn replace_password(&self, cx: &Cx, bearer: &Bearer, passwords: (&Secret, &Secret)) -> Result<(), Problem> {
        let at = self.person(bearer)?;
        self.state().count_attempt(AttemptKind::ChangePassword, Suspect::Account(at), cx.now)?;
        let (current, new) = passwords;
        if !self.is_password(cx, bearer, current)? {
            return Err(Problem::new(Code::Forbidden).because("the current password is wrong"));
        }
        check_password(new)?;
        if let Some(account) = self.state().account_mut(at) {
            account.password = Some(new.clone());
        }
        Ok(())
    }

    fn proved(&self, cx: &Cx, token: &str, uses: TokenUses) -> Result<Proved, Problem> {
        let told = self.keys.prove(token, cx.now, uses, &self.script.machines)?;
        if let Some(origin_jti) = &told.origin_jti {
            let state = self.state();
            let standing = state.standing(origin_jti, cx.now);
            let fits = standing.is_some_and(|(_, account)| account.sub == told.proved.subject.id);
            if !fits {
                return Err(Problem::new(Code::Unauthenticated).because("the sign-in has ended"));
            }
        }
        Ok(told.proved)
    }

    fn claims_of(&self, bearer: &Bearer) -> Result<Claims, Problem> {
        if bearer.proved.is_machine {
            return Ok(Claims::default());
        }
        let at = self.person(bearer)?;
        let state = self.state();
        let account = state.account(at);
        Ok(account.map(|account| Claims::kept(account.name.as_deref(), Some(&account.email))).unwrap_or_default())
    }
}

/// A fault that is switched on comes first.
impl Provider for Mock {
    fn name(&self) -> &'static str {
        NAME
    }

    fn pool_id(&self) -> Option<String> {
        Some(CLIENT.to_owned())
    }

    fn sign_in<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str, password: &'a Secret) -> Answer<'a, Step> {
        Box::pin(async move {
            self.faults.strike("sign_in").await?;
            let next = self.begin_sign_in(cx, identifier, password)?;
            self.go_on(cx, next).await
        })
    }

    fn answer<'a>(&'a self, cx: &'a mut Cx, challenge: &'a Waiting, answer: &'a Reply) -> Answer<'a, Step> {
        Box::pin(async move {
            self.faults.strike("answer").await?;
            let next = self.state().answer(challenge, answer, (&self.script, cx))?;
            self.go_on(cx, next).await
        })
    }

    fn refresh<'a>(&'a self, cx: &'a mut Cx, refresh_token: &'a Secret) -> Answer<'a, Session> {
        Box::pin(async move {
            self.faults.strike("refresh").await?;
            let grantee = self.state().go_on(refresh_token, cx.now)?;
            self.keys.session(cx, &grantee, None).await
        })
    }

    fn sign_out<'a>(&'a self, _cx: &'a mut Cx, bearer: &'a Bearer) -> Answer<'a, ()> {
        Box::pin(async move {
            self.faults.strike("sign_out").await?;
            let at = self.person(bearer)?;
            self.state().end_all(at);
            Ok(())
        })
    }

    fn sign_out_session<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer, refresh_token: &'a Secret) -> Answer<'a, ()> {
        Box::pin(async move {
            self.faults.strike("sign_out").await?;
            let at = self.person(bearer)?;
            if self.state().end(at, refresh_token, cx.now) {
                Ok(())
            } else {
                Err(Problem::new(Code::RefreshRejected).because("not a refresh token of the caller"))
            }
        })
    }

    fn sign_up<'a>(&'a self, cx: &'a mut Cx, account: &'a NewAccount) -> Answer<'a, SignedUp> {
        Box::pin(async move {
            self.faults.strike("sign_up").await?;
            self.open_account(cx, account).await
        })
    }

    fn confirm_sign_up<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str, code: &'a Secret) -> Answer<'a, ()> {
        Box::pin(async move {
            self.faults.strike("confirm_sign_up").await?;
            self.confirm_account(cx, identifier, code)
        })
    }

    fn resend_confirmation<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str) -> Answer<'a, Option<Delivery>> {
        Box::pin(async move {
            self.faults.strike("resend_confirmation").await?;
            self.resend_code(cx, identifier).await
        })
    }

    fn begin_password_reset<'a>(&'a self, cx: &'a mut Cx, identifier: &'a str) -> Answer<'a, Option<Delivery>> {
        Box::pin(async move {
            self.faults.strike("begin_password_reset").await?;
            self.begin_reset(cx, identifier).await
        })
    }

    fn finish_password_reset<'a>(&'a self, cx: &'a mut Cx, reset: &'a PasswordReset) -> Answer<'a, ()> {
        Box::pin(async move {
            self.faults.strike("finish_password_reset").await?;
            self.finish_reset(cx, reset)
        })
    }

    fn verify_password<'a>(&'a self, cx: &'a mut Cx, bearer: &'a Bearer, password: &'a Secret) -> Answer<'a, bool> {
        Box::pin(async move {
            self.faults.strike("verify_password").await?;
            self.is_password(cx, bearer, password)
        })
    }

    fn change_password<'a>(
        &'a self,
        cx: &'a mut Cx,
        bearer: &'a Bearer,
        passwords: (&'a Secret, &'a Secret),
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            self.faults.strike("change_password").await?;
            self.replace_password(cx, bearer, passwords)
        })
    }

    fn prove<'a>(&'a self, cx: &'a Cx, token: &'a str, uses: TokenUses) -> Answer<'a, Proved> {
        Box::pin(async move {
            self.faults.strike(faults::PROVE).await?;
            self.proved(cx, token, uses)
        })
    }

    fn claims<'a>(&'a self, _cx: &'a mut Cx, bearer: &'a Bearer) -> Answer<'a, Claims> {
        Box::pin(async move {
            self.faults.strike("claims").await?;
            self.claims_of(bearer)
        })
    }

    fn remind_identifier<'a>(&'a self, cx: &'a mut Cx, email: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            self.faults.strike("remind_identifier").await?;
            self.remind(cx, email).await
        })
    }

    fn invite<'a>(&'a self, cx: &'a mut Cx, account: &'a NewAccount) -> Answer<'a, ProviderSubject> {
        Box::pin(async move {
            self.faults.strike("invite").await?;
            self.invite_account(cx, account).await
        })
    }

    fn set_enabled<'a>(&'a self, _cx: &'a mut Cx, subject: &'a ProviderSubject, enabled: bool) -> Answer<'a, ()> {
        Box::pin(async move {
            self.faults.strike("set_enabled").await?;
            self.enable(subject, enabled)
        })
    }

    fn force_password_reset<'a>(&'a self, cx: &'a mut Cx, subject: &'a ProviderSubject) -> Answer<'a, ()> {
        Box::pin(async move {
            self.faults.strike("force_password_reset").await?;
            self.force_reset(cx, subject).await
        })
    }
}
