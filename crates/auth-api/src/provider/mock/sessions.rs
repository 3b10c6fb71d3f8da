//! Sign-ins: a family of tokens each, found by its refresh token's digest, and ended together.

use std::time::Duration;

use cognate_domain::user::UserStatus;
use cognate_domain::{Timestamp, ids};
use cognate_engine::{Cx, Secret};
use cognate_jose::sha256;

use super::state::{Account, State, Suspect};
use crate::problem::{Code, Problem};

/// As a client of Cognito's has it by default.
const LIFE: Duration = Duration::from_hours(24 * 30);

pub(super) struct Family {
    account: usize,
    since: Timestamp,
    revoked: bool,
}

/// For whom tokens are made.
pub(super) struct Grantee {
    pub(super) account: Account,
    pub(super) origin_jti: String,
    pub(super) since: Timestamp,
}

impl State {
    /// A finished sign-in: its refresh token, which is kept as a digest only.
    pub(super) fn begin(&mut self, at: usize, cx: &Cx) -> Result<(Grantee, Secret), Problem> {
        let account = self.account(at).cloned().ok_or_else(gone)?;
        let origin_jti = ids::uuid(cx.entropy()).to_string();
        let refresh_token = ids::refresh_token(cx.entropy());
        let (since, until) = (cx.now, cx.now + LIFE);
        self.families.put(origin_jti.clone(), Family { account: at, since, revoked: false }, until, since);
        self.refresh_tokens.put(sha256(refresh_token.as_bytes()), origin_jti.clone(), until, since);
        self.forget_failures(&Suspect::Account(at), since);
        Ok((Grantee { account, origin_jti, since }, Secret::from(refresh_token)))
    }

    pub(super) fn go_on(&self, refresh_token: &Secret, now: Timestamp) -> Result<Grantee, Problem> {
        let rejected = |cause| Problem::new(Code::RefreshRejected).because(cause);
        let origin_jti = self.refresh_tokens.get(&digest(refresh_token), now).ok_or_else(|| rejected("unknown"))?;
        let family = self.families.get(origin_jti, now).filter(|family| !family.revoked);
        let family = family.ok_or_else(|| rejected("the sign-in has ended"))?;
        let account = self.account(family.account).filter(|account| stands(account));
        let account = account.cloned().ok_or_else(|| rejected("the account is shut out"))?;
        Ok(Grantee { account, origin_jti: origin_jti.clone(), since: family.since })
    }

    /// The account of a sign-in that has not ended and still counts.
    pub(super) fn standing(&self, origin_jti: &str, now: Timestamp) -> Option<(usize, &Account)> {
        let family = self.families.get(&origin_jti.to_owned(), now).filter(|family| !family.revoked)?;
        let account = self.account(family.account).filter(|account| stands(account))?;
        Some((family.account, account))
    }

    pub(super) fn end_all(&mut self, at: usize) {
        self.families.values_mut().filter(|family| family.account == at).for_each(|family| family.revoked = true);
    }

    /// Of one refresh token; false if it is not this account's.
    pub(super) fn end(&mut self, at: usize, refresh_token: &Secret, now: Timestamp) -> bool {
        let Some(origin_jti) = self.refresh_tokens.get(&digest(refresh_token), now).cloned() else { return false };
        let family = self.families.get_mut(&origin_jti, now).filter(|family| family.account == at);
        family.map(|family| family.revoked = true).is_some()
    }
}

fn stands(account: &Account) -> bool {
    account.enabled && account.status != UserStatus::ResetRequired
}

fn digest(refresh_token: &Secret) -> [u8; 32] {
    sha256(refresh_token.expose().as_bytes())
}

fn gone() -> Problem {
    Problem::new(Code::Internal).because("an account that is gone")
}
