//! Everything that the mock knows while it runs. It begins with the script, and ends with the process.

use std::collections::HashMap;

use cognate_domain::attempts::{AttemptKind, Failures, HOUR};
use cognate_domain::user::UserStatus;
use cognate_domain::username::fold;
use cognate_domain::{Entropy, Timestamp, ids};
use cognate_engine::Secret;
use cognate_jose::{constant_time_eq, sha256};
use zeroize::Zeroizing;

use super::RETRY;
use super::challenges::Pending;
use super::codes::CodeKind;
use super::file::Status;
use super::kept::Kept;
use super::script::{Person, Script};
use super::sessions::Family;
use crate::problem::{Code, Problem};
use crate::provider::ChallengeKind;

/// Of accounts, and of everything else that is kept for a time.
pub(super) const MOST: usize = 10_000;

pub(super) struct State {
    /// Never removed: places in this list are what everything else goes by.
    accounts: Vec<Account>,
    /// Addresses in lower case, numbers, subjects.
    names: HashMap<String, usize>,
    failures: Kept<Suspect, Failures>,
    attempts: Kept<(&'static str, Suspect), Vec<Timestamp>>,
    pub(super) codes: Kept<(CodeKind, usize), [u8; 32]>,
    pub(super) pending: Kept<[u8; 32], Pending>,
    pub(super) families: Kept<String, Family>,
    /// By digest; the sign-in that each belongs to.
    pub(super) refresh_tokens: Kept<[u8; 32], String>,
    /// What pretended destinations are made up by.
    pub(super) veil_key: [u8; 32],
}

#[derive(Clone)]
pub(super) struct Account {
    pub(super) sub: String,
    pub(super) email: String,
    pub(super) email_verified: bool,
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) attributes: HashMap<String, String>,
    /// None of somebody whose password was reset.
    pub(super) password: Option<Secret>,
    pub(super) status: UserStatus,
    pub(super) enabled: bool,
    pub(super) groups: Vec<String>,
    pub(super) challenges: Vec<ChallengeKind>,
    pub(super) totp_secret: Option<Zeroizing<Vec<u8>>>,
    /// The step of the last authenticator's code: each is good once.
    pub(super) last_step: Option<i64>,
    pub(super) question: Option<String>,
    pub(super) answer: Option<Secret>,
}

/// Whose attempts are counted: an account's, or those at a name that is nobody's.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Suspect {
    Account(usize),
    Nobody([u8; 32]),
}

impl Account {
    pub(super) fn new(sub: String, email: String, status: UserStatus) -> Self {
        Self {
            sub,
            email,
            email_verified: status != UserStatus::Unconfirmed,
            name: None,
            phone: None,
            attributes: HashMap::new(),
            password: None,
            status,
            enabled: true,
            groups: Vec::new(),
            challenges: Vec::new(),
            totp_secret: None,
            last_step: None,
            question: None,
            answer: None,
        }
    }

    fn of(person: &Person) -> Self {
        let status = match person.status {
            Status::Confirmed | Status::Disabled => UserStatus::Confirmed,
            Status::Unconfirmed => UserStatus::Unconfirmed,
            Status::NewPasswordRequired => UserStatus::ForceChangePassword,
            Status::PasswordResetRequired => UserStatus::ResetRequired,
        };
        Self {
            name: person.name.clone(),
            phone: person.phone.clone(),
            password: Some(person.password.clone()),
            enabled: person.status != Status::Disabled,
            groups: person.groups.clone(),
            challenges: person.challenges.clone(),
            totp_secret: person.totp_secret.clone(),
            question: person.question.clone(),
            answer: person.answer.clone(),
            ..Self::new(person.sub.clone(), person.email.clone(), status)
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&String> {
        match name {
            "name" => self.name.as_ref(),
            "phone_number" => self.phone.as_ref(),
            _ => self.attributes.get(name),
        }
    }
}

impl State {
    pub(super) fn new(script: &Script, entropy: &dyn Entropy) -> Self {
        let mut state = Self {
            accounts: Vec::new(),
            names: HashMap::new(),
            failures: Kept::new(MOST),
            attempts: Kept::new(MOST),
            codes: Kept::new(MOST),
            pending: Kept::new(MOST),
            families: Kept::new(MOST),
            refresh_tokens: Kept::new(MOST),
            veil_key: ids::random(entropy),
        };
        for person in &script.people {
            state.add(Account::of(person));
        }
        state
    }

    /// Somebody who comes while it runs. Whoever has the address keeps their subject, and is otherwise as this says.
    pub(super) fn add_person(&mut self, person: &mut Person) -> Result<(), String> {
        let there = self.find(&person.email);
        if let Some(account) = there.and_then(|at| self.account(at)) {
            person.sub.clone_from(&account.sub);
        }
        for name in [Some(&person.sub), person.phone.as_ref()].into_iter().flatten() {
            if self.find(name).is_some_and(|at| Some(at) != there) {
                return Err(format!("{name} is somebody else's already."));
            }
        }
        let account = Account::of(person);
        let Some(at) = there else {
            if self.is_full() {
                return Err(format!("There is room for {MOST} users."));
            }
            self.add(account);
            return Ok(());
        };
        if let Some(phone) = &account.phone {
            self.name_by_phone(at, phone);
        }
        if let Some(place) = self.account_mut(at) {
            *place = account;
        }
        Ok(())
    }

    pub(super) fn is_full(&self) -> bool {
        self.accounts.len() >= MOST
    }

    /// Its address is nobody's yet. A number that is somebody's is kept, and signs nobody else in.
    pub(super) fn add(&mut self, account: Account) -> usize {
        let at = self.accounts.len();
        let names = [Some(account.sub.clone()), Some(fold(&account.email)), account.phone.clone()];
        for name in names.into_iter().flatten() {
            self.names.entry(name).or_insert(at);
        }
        self.accounts.push(account);
        at
    }

    /// From now on the number signs in, unless it is somebody else's.
    pub(super) fn name_by_phone(&mut self, at: usize, phone: &str) {
        self.names.entry(phone.to_owned()).or_insert(at);
    }

    pub(super) fn find(&self, identifier: &str) -> Option<usize> {
        self.names.get(identifier).or_else(|| self.names.get(&fold(identifier))).copied()
    }

    pub(super) fn account(&self, at: usize) -> Option<&Account> {
        self.accounts.get(at)
    }

    pub(super) fn account_mut(&mut self, at: usize) -> Option<&mut Account> {
        self.accounts.get_mut(at)
    }

    /// Of a subject, and of no other name of theirs.
    pub(super) fn by_sub(&self, sub: &str) -> Option<usize> {
        let at = self.names.get(sub).copied()?;
        self.account(at).is_some_and(|account| account.sub == sub).then_some(at)
    }

    pub(super) fn suspect(&self, identifier: &str) -> Suspect {
        self.find(identifier).map_or_else(|| Suspect::Nobody(sha256(fold(identifier).as_bytes())), Suspect::Account)
    }

    pub(super) fn refuse_if_locked(&self, suspect: &Suspect, now: Timestamp) -> Result<(), Problem> {
        if self.failures.get(suspect, now).is_some_and(|failures| failures.locks(now)) {
            return Err(Problem::new(Code::RateLimited).after(RETRY).because("locked after wrong answers"));
        }
        Ok(())
    }

    pub(super) fn count_failure(&mut self, suspect: Suspect, now: Timestamp) {
        let before = self.failures.get(&suspect, now).copied().filter(|failures| !failures.forgotten(now));
        let failures = Failures { count: before.unwrap_or_default().count + 1, last: now };
        self.failures.put(suspect, failures, failures.locked_until() + HOUR, now);
    }

    pub(super) fn forget_failures(&mut self, suspect: &Suspect, now: Timestamp) {
        self.failures.take(suspect, now);
    }

    /// Counts what is limited per hour, for those who are not there as for those who are.
    pub(super) fn count_attempt(&mut self, kind: AttemptKind, suspect: Suspect, now: Timestamp) -> Result<(), Problem> {
        let most = kind.per_hour().and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        let key = (kind.name(), suspect);
        let mut attempts = self.attempts.take(&key, now).unwrap_or_default();
        attempts.retain(|at| now < *at + HOUR);
        let counts = attempts.len() < most;
        if counts {
            attempts.push(now);
        }
        self.attempts.put(key, attempts, now + HOUR, now);
        if counts { Ok(()) } else { Err(Problem::new(Code::RateLimited).after(RETRY).because("too often in an hour")) }
    }

    /// Wrong ones count, and lock; what is right is not forgotten before the sign-in has come to its end.
    pub(super) fn prove_password(
        &mut self,
        suspect: &Suspect,
        password: &Secret,
        now: Timestamp,
    ) -> Result<Option<usize>, Problem> {
        self.refuse_if_locked(suspect, now)?;
        let at = match suspect {
            Suspect::Account(at) => Some(*at),
            Suspect::Nobody(_) => None,
        };
        let account = at.and_then(|at| self.account(at)).filter(|account| account.enabled);
        let held = account.and_then(|account| account.password.as_ref());
        // Compared with something even where there is nothing.
        let fits = same(password, held.unwrap_or(&Secret::default())) && held.is_some();
        if !fits {
            self.count_failure(suspect.clone(), now);
        }
        Ok(at.filter(|_| fits))
    }
}

/// In a time that tells nothing, lengths neither.
pub(super) fn same(one: &Secret, other: &Secret) -> bool {
    let digest = |text: &Secret| sha256(text.expose().as_bytes());
    constant_time_eq(&digest(one), &digest(other))
}
