//! Confirming a sign-up: by the code, by an administrator, and sending the code again.

use std::sync::Arc;

use cognate_domain::attempts::AttemptKind;
use cognate_domain::client::Client;
use cognate_domain::delivery::{Destination, choose_for_sign_up, veiled};
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::user::{User, UserStatus};
use cognate_domain::{Error, Result, Timestamp};
use cognate_store::codes::{self, Presented};

use crate::Cx;
use crate::codes::{CodeKind, digest, verify};
use crate::users::{Change, TakenAlias};

/// `ConfirmSignUp`'s question.
pub struct Confirmation<'a> {
    pub username: &'a str,
    pub code: &'a str,
    pub taken: TakenAlias,
}

impl Cx {
    /// Confirms by the code that was sent. The code is good once, for the address it was sent to.
    pub async fn confirm_sign_up(&mut self, pool: &Arc<Pool>, client: &Client, asked: Confirmation<'_>) -> Result<()> {
        pool.refuse_unbuilt(Moment::Confirmation)?;
        let user = crate::users::find(&mut self.read().await?, pool, asked.username).await?;
        let Some(user) = user else { return Err(nobody_to_confirm(client)) };
        if client.veils() && !user.enabled {
            return Err(nobody_to_confirm(client));
        }
        confirmable(&user)?;
        self.count_attempt(&user, AttemptKind::ConfirmSignUp).await?;

        let digest = digest(pool, &user.id, CodeKind::SignUp, asked.code);
        let (now, user_id) = (self.now, user.id.as_str());
        self.write(async |tx| {
            let found = cognate_store::users::find(tx, &pool.id, user_id).await?;
            let before = found.ok_or_else(Error::username_client_not_found)?;
            confirmable(&before)?;
            let presented = Presented { pool_id: &pool.id, user_id, kind: CodeKind::SignUp.name(), digest: &digest };
            let Some(code) = codes::take(tx, &presented, now).await? else {
                let waits = codes::waits(tx, (&pool.id, user_id), CodeKind::SignUp.name(), now).await?;
                return Err(if waits { Error::code_mismatch() } else { Error::code_expired() });
            };
            let mut after = confirmed(&before, now);
            verify(&mut after.attributes, &code);
            crate::users::update(tx, pool, &Change { before: &before, after: &after, taken: asked.taken }).await
        })
        .await
    }

    /// An administrator's word; no attribute is verified by it.
    pub async fn confirm_by_admin(&mut self, pool: &Arc<Pool>, username: &str) -> Result<()> {
        pool.refuse_unbuilt(Moment::Confirmation)?;
        let now = self.now;
        self.write(async |tx| {
            let before = crate::users::get(tx, pool, username).await?;
            confirmable(&before)?;
            let after = confirmed(&before, now);
            crate::users::update(tx, pool, &Change { before: &before, after: &after, taken: TakenAlias::Refuse }).await
        })
        .await
    }

    /// Sends a new code in place of the one before; where it went.
    pub async fn resend_code(&mut self, pool: &Arc<Pool>, client: &Client, username: &str) -> Result<Destination> {
        pool.refuse_unbuilt(Moment::Message)?;
        let user = crate::users::find(&mut self.read().await?, pool, username).await?;
        let user = match user {
            Some(user) if user.enabled || !client.veils() => user,
            _ if client.veils() => {
                return Ok(veiled(username, &pool.config.names, pool.auto_verified(), &pool.veil_key));
            }
            _ => return Err(Error::username_client_not_found()),
        };
        if user.status != UserStatus::Unconfirmed {
            return Err(Error::already_confirmed());
        }
        let delivery = choose_for_sign_up(pool.auto_verified(), &user.attributes);
        let delivery = delivery.ok_or_else(Error::cannot_resend_without_contact)?;
        self.count_attempt(&user, AttemptKind::ResendConfirmationCode).await?;

        let code = self.new_code(pool, &user.id, CodeKind::SignUp, &delivery);
        let (pool_id, user_id) = (pool.id.as_str(), user.id.as_str());
        self.write(async |tx| codes::put(tx, &code.row(pool_id, user_id)).await).await?;
        self.send_code((pool, client), &user, &delivery, (&code, "CustomMessage_ResendCode")).await?;
        Ok(delivery.destination())
    }
}

/// AWS: with the veil, a code for somebody who is not there was never requested.
fn nobody_to_confirm(client: &Client) -> Error {
    if client.veils() { Error::code_expired() } else { Error::username_client_not_found() }
}

fn confirmed(user: &User, now: Timestamp) -> User {
    User { status: UserStatus::Confirmed, modified_at: now, ..user.clone() }
}

fn confirmable(user: &User) -> Result<()> {
    match user.status {
        UserStatus::Unconfirmed => Ok(()),
        status => Err(Error::cannot_be_confirmed(status.name())),
    }
}
