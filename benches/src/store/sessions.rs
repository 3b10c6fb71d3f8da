//! Browsers that are signed in, put into a store before a server starts on it, by the store's own statement. Their cookies are known
//! (`login::cookie`), of people in no order, who came in the course of the last ten minutes.

use std::fs;

use anyhow::{Context as _, Result, anyhow};
use cognate_domain::login_session::{LOCAL, LoginSession};
use cognate_domain::username::AliasKind;
use cognate_domain::{Error, Timestamp};
use cognate_store::{Db, Options, login_sessions, users};

use super::Store;
use crate::chance::{Chance, now_ms};
use crate::database::Database;
use crate::login::cookie;
use crate::people;
use crate::report::progress;

/// In one transaction.
const BLOCK: u64 = 10_000;
const BLOCK_STEP: usize = 10_000;
/// No divisor of any number of users that is made of twos and fives.
const STRIDE: u64 = 611_953;
/// Milliseconds.
const CAME_WITHIN: u64 = 600_000;

impl Store {
    /// Puts so many live sessions into it.
    pub(crate) async fn sign_in(&self, sessions: u64) -> Result<()> {
        let db = Db::open(&self.url, Options::default()).await.map_err(|error| told(&error))?;
        let (now, mut chance) = (now_ms(), Chance::new(0));
        for from in (0..sessions).step_by(BLOCK_STEP) {
            let to = sessions.min(from + BLOCK);
            let ago = |number: u64| i64::try_from((sessions - number) * CAME_WITHIN / sessions).unwrap_or_default();
            let new = |number: u64| {
                let since = Timestamp(now - ago(number));
                let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, cookie(number).as_bytes());
                (number, digest, LoginSession::begin(chance.uuid(), LOCAL, since))
            };
            let block: Vec<_> = (from..to).map(new).collect();
            db.write(async |tx| {
                for (number, digest, session) in &block {
                    let name = people::username(number.wrapping_mul(STRIDE) % self.kept.pool.users);
                    let pool = &self.kept.pool.id;
                    let user = users::find_by_alias(tx, pool, AliasKind::Username.name(), &name).await?;
                    let user = user.ok_or_else(|| Error::corrupt("a user of the harness who is not there"))?;
                    login_sessions::insert(tx, &user, digest.as_ref(), session).await?;
                }
                Ok(())
            })
            .await
            .map_err(|error| told(&error))?;
            if to.is_multiple_of(100_000) {
                progress(&format!("{to} sessions"));
            }
        }
        db.close().await.map_err(|error| told(&error))
    }

    /// Bytes, once its log has gone into its file.
    pub(crate) async fn size(&self, database: &Database) -> Result<u64> {
        match database {
            Database::Sqlite => {
                let db = Db::open(&self.url, Options::default()).await.map_err(|error| told(&error))?;
                db.close().await.map_err(|error| told(&error))?;
                let file = self.url.strip_prefix("sqlite:").context("no file")?;
                Ok(fs::metadata(file)?.len())
            }
            Database::Postgres(cluster) => cluster.size(&self.url),
        }
    }
}

pub(super) fn told(error: &Error) -> anyhow::Error {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    anyhow!("the store: {}", cause.unwrap_or_else(|| error.to_string()))
}
