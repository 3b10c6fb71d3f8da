//! Accounts of the pool: opened by their people or by an administrator, confirmed, recovered.

use std::cmp::Reverse;

use cognate_domain::delivery::{Destination, Medium, veiled};
use cognate_domain::directory::ProviderSubject;
use cognate_domain::error::ErrorKind;
use cognate_domain::ids;
use cognate_domain::pool::Pool;
use cognate_domain::user::{User, UserStatus};
use cognate_domain::username::{NameKind, is_email};
use cognate_engine::password_recovery::NewPassword;
use cognate_engine::sign_in::Door;
use cognate_engine::sign_up::{Confirmation, NewUser, SignUp};
use cognate_engine::users::{self, Change, TakenAlias};
use cognate_engine::{Cx, Secret};
use cognate_store::tokens;
use cognate_wire::idp::DeliveryMediumType;

use super::refusals::{During, refused};
use super::{Cognate, NAME, attributes};
use crate::problem::{Code, Problem};
use crate::provider::{Channel, Delivery, NewAccount, PasswordReset, SignedUp};

impl Cognate {
    /// An address that is taken gets the same answer, after the same work, and a mail that says so.
    pub(super) async fn open_account(&self, cx: &mut Cx, account: &NewAccount) -> Result<SignedUp, Problem> {
        let (pool, client) = self.door(cx).await?;
        cx.unseen = true;
        let username = username(cx, pool.config.names.kind, &account.email);
        let asked = SignUp {
            username: &username,
            password: account.password.as_ref().map(Secret::expose),
            attributes: attributes(account),
        };
        match cx.sign_up(&pool, &client, asked).await {
            Ok(done) => Ok(SignedUp {
                requires_confirmation: done.user.status == UserStatus::Unconfirmed,
                can_sign_in: done.user.status == UserStatus::Confirmed,
                delivery: done.sent.map(|sent| delivery(sent.destination())),
            }),
            Err(error) if matches!(error.kind, ErrorKind::UsernameExists | ErrorKind::AliasExists) => {
                cx.sign_up_in_vain(&pool, &account.email).await?;
                let due = !pool.auto_verified().is_empty();
                let told = || veiled(&account.email, &pool.config.names, pool.auto_verified(), &pool.veil_key);
                Ok(SignedUp {
                    requires_confirmation: true,
                    can_sign_in: false,
                    delivery: due.then(|| delivery(told())),
                })
            }
            Err(error) => Err(refused(error, During::Account)),
        }
    }

    pub(super) async fn confirm_account(&self, cx: &mut Cx, identifier: &str, code: &Secret) -> Result<(), Problem> {
        let (pool, client) = self.door(cx).await?;
        let mut problem = Problem::new(Code::CodeRejected);
        // Several may have signed up with one address; a code is good for the one that it was sent for.
        for username in unconfirmed(cx, &pool, identifier).await? {
            let asked = Confirmation { username: &username, code: code.expose(), taken: TakenAlias::Refuse };
            problem = match cx.confirm_sign_up(&pool, &client, asked).await {
                Ok(()) => return Ok(()),
                // Whoever has the code has the address; that somebody else was first with it says no more than that.
                Err(error) if error.kind == ErrorKind::AliasExists => {
                    Problem::new(Code::CodeRejected).because("the address belongs to another account")
                }
                // Only somebody's attempts are counted by the pool; everybody's are by the boundary.
                Err(error) if error.kind == ErrorKind::LimitExceeded => {
                    Problem::new(Code::CodeRejected).because(error.message)
                }
                Err(error) => refused(error, During::Account),
            };
            if problem.code != Code::CodeRejected {
                break;
            }
        }
        Err(problem)
    }

    /// For somebody who is not there, who is confirmed already, or who has had as many codes as the pool sends, the answer is made up.
    pub(super) async fn resend_code(&self, cx: &mut Cx, identifier: &str) -> Result<Option<Delivery>, Problem> {
        let (pool, client) = self.door(cx).await?;
        cx.unseen = true;
        let newest = unconfirmed(cx, &pool, identifier).await?.into_iter().next();
        match cx.resend_code(&pool, &client, newest.as_deref().unwrap_or(identifier)).await {
            Ok(destination) => Ok(Some(delivery(destination))),
            Err(error) if matches!(error.kind, ErrorKind::InvalidParameter | ErrorKind::LimitExceeded) => {
                Ok(Some(delivery(veiled(identifier, &pool.config.names, pool.auto_verified(), &pool.veil_key))))
            }
            Err(error) => Err(refused(error, During::Account)),
        }
    }

    pub(super) async fn begin_reset(&self, cx: &mut Cx, identifier: &str) -> Result<Option<Delivery>, Problem> {
        let (pool, client) = self.door(cx).await?;
        let destination = cx.forgot_password(Door { pool: &pool, client: &client }, identifier).await;
        destination.map(|destination| Some(delivery(destination))).map_err(|error| refused(error, During::Account))
    }

    pub(super) async fn finish_reset(&self, cx: &mut Cx, reset: &PasswordReset) -> Result<(), Problem> {
        let (pool, client) = self.door(cx).await?;
        let PasswordReset { identifier, code, new_password } = reset;
        let asked = NewPassword { username: identifier, code: code.expose(), password: new_password.expose() };
        let done = cx.confirm_forgot_password(Door { pool: &pool, client: &client }, asked).await;
        done.map_err(|error| refused(error, During::Account))
    }

    pub(super) async fn invite_account(&self, cx: &mut Cx, account: &NewAccount) -> Result<ProviderSubject, Problem> {
        let (pool, _) = self.door(cx).await?;
        let username = username(cx, pool.config.names.kind, &account.email);
        let asked = NewUser {
            username: &username,
            attributes: attributes(account),
            temporary_password: None,
            mediums: &[DeliveryMediumType::Email],
            silent: false,
            taken: TakenAlias::Refuse,
        };
        let user = cx.create_user(&pool, asked).await.map_err(|error| refused(error, During::Administration))?;
        Ok(ProviderSubject { provider: NAME.to_owned(), id: user.id })
    }

    /// Whoever is shut out loses at once what they were given.
    pub(super) async fn enable(&self, cx: &mut Cx, subject: &ProviderSubject, enabled: bool) -> Result<(), Problem> {
        let (pool, _) = self.door(cx).await?;
        let now = cx.now;
        let changed = cx
            .write(async |tx| {
                let before = cognate_store::users::find(tx, &pool.id, &subject.id).await?;
                let Some(before) = before else { return Ok(false) };
                if before.enabled != enabled {
                    let after = User { enabled, modified_at: now, ..before.clone() };
                    users::update(tx, &pool, &Change { before: &before, after: &after, taken: TakenAlias::Refuse })
                        .await?;
                }
                if !enabled {
                    tokens::revoke_all(tx, &pool.id, &subject.id).await?;
                }
                Ok(true)
            })
            .await?;
        if changed { Ok(()) } else { Err(Problem::new(Code::NotFound)) }
    }

    pub(super) async fn force_reset(&self, cx: &mut Cx, subject: &ProviderSubject) -> Result<(), Problem> {
        let (pool, _) = self.door(cx).await?;
        let user = cognate_store::users::find(&mut cx.read().await?, &pool.id, &subject.id).await?;
        let user = user.ok_or_else(|| Problem::new(Code::NotFound))?;
        cx.reset_password(&pool, &user.username).await.map_err(|error| refused(error, During::Administration))
    }

    pub(super) async fn remind(&self, cx: &mut Cx, email: &str) -> Result<(), Problem> {
        let (pool, _) = self.door(cx).await?;
        let found = cx.users_with_email(&pool, email).await?;
        let name = |user: User| match pool.config.names.kind {
            NameKind::UsernameAttributes { .. } => user.attributes.filled("email").map(str::to_owned),
            // The name is one that we made up, and nobody was ever told it.
            NameKind::Aliases { email: true, .. } if uuid_like(&user.username) => {
                user.attributes.filled("email").map(str::to_owned)
            }
            NameKind::Plain | NameKind::Aliases { .. } => Some(user.username),
        };
        let names: Vec<String> = found.into_iter().filter(|user| user.enabled).filter_map(name).collect();
        if !names.is_empty() {
            cx.remind_unseen(&pool, email, &names);
        }
        Ok(())
    }
}

/// By which names whoever waits to be confirmed is known to the pool, the newest first. An address that is an alias leads to nobody before
/// it is proved.
async fn unconfirmed(cx: &Cx, pool: &Pool, identifier: &str) -> Result<Vec<String>, Problem> {
    let by_alias = matches!(pool.config.names.kind, NameKind::Aliases { email: true, .. }) && is_email(identifier);
    if !by_alias {
        return Ok(vec![identifier.to_owned()]);
    }
    let mut waiting = cx.users_with_email(pool, identifier).await?;
    waiting.retain(|user| user.status == UserStatus::Unconfirmed);
    waiting.sort_by_key(|user| Reverse(user.created_at));
    Ok(waiting.into_iter().map(|user| user.username).collect())
}

/// Where a pool takes no address for a name, the person is found by the alias, and the name is one of ours.
fn username(cx: &Cx, kind: NameKind, email: &str) -> String {
    match kind {
        NameKind::Aliases { email: true, .. } => ids::uuid(cx.entropy()).to_string(),
        NameKind::Plain | NameKind::Aliases { .. } | NameKind::UsernameAttributes { .. } => email.to_owned(),
    }
}

fn uuid_like(name: &str) -> bool {
    name.len() == 36 && name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn delivery(destination: Destination) -> Delivery {
    let channel = match destination.medium {
        Medium::Email => Channel::Email,
        Medium::Sms => Channel::Sms,
    };
    Delivery { channel, destination: destination.masked }
}
