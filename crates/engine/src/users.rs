//! Finding users by what a caller typed, keeping them with their names and search rows, and their passwords.

use cognate_domain::filter::search_rows;
use cognate_domain::pool::Pool;
use cognate_domain::user::{StoredPassword, User};
use cognate_domain::username::{AliasKind, NameKind};
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::{OnUnique, Tx, WriteTx, pools, user_aliases, user_search, users};

use crate::Cx;
use crate::sealing::{Sealed, row_of};

/// A user as `Username` names one: by username, `sub` or an alias that counts, in this order.
pub async fn find(tx: &mut Tx<'_>, pool: &Pool, input: &str) -> Result<Option<User>> {
    for (kind, value) in pool.config.names.lookup_keys(input) {
        let found = match kind {
            AliasKind::Sub => users::find(tx, &pool.id, &value).await?,
            kind => users::find_by_alias(tx, &pool.id, kind.space(), &value).await?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

pub async fn get(tx: &mut Tx<'_>, pool: &Pool, input: &str) -> Result<User> {
    find(tx, pool, input).await?.ok_or_else(Error::user_not_found)
}

/// What becomes of an alias that is somebody else's already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenAlias {
    Refuse,
    /// `ForceAliasCreation`: the alias moves, and the old owner's attribute is unverified from then on.
    Move,
}

/// Keeps a new user with names and search rows. `taken` says how the username's being taken is called.
pub async fn insert(tx: &mut WriteTx<'_>, pool: &Pool, user: &User, taken: fn() -> Error) -> Result<()> {
    users::insert(tx, user).await?;
    for (kind, value) in pool.config.names.aliases_of(user) {
        insert_alias(tx, user, (kind, &value), taken).await?;
    }
    user_search::insert(tx, &pool.id, &user.id, &rows(pool, user)).await
}

/// The same for a user an administrator makes: a taken alias may be moved, and is called one.
pub async fn insert_created(tx: &mut WriteTx<'_>, pool: &Pool, user: &User, taken: TakenAlias) -> Result<()> {
    let contacts_are_names = matches!(pool.config.names.kind, NameKind::UsernameAttributes { .. });
    users::insert(tx, user).await?;
    for (kind, value) in pool.config.names.aliases_of(user) {
        if kind == AliasKind::Username || contacts_are_names {
            insert_alias(tx, user, (kind, &value), Error::user_account_exists).await?;
            continue;
        }
        if taken == TakenAlias::Move {
            take_from_owner(tx, pool, (kind, &value), user.modified_at).await?;
        }
        let kept = user_aliases::insert(tx, (&pool.id, &user.id), kind.space(), &value).await;
        kept.on_unique(|| Error::alias_exists(kind.name()))?;
    }
    user_search::insert(tx, &pool.id, &user.id, &rows(pool, user)).await
}

async fn insert_alias(tx: &mut WriteTx<'_>, user: &User, alias: (AliasKind, &str), taken: fn() -> Error) -> Result<()> {
    let (kind, value) = alias;
    let kept = user_aliases::insert(tx, (&user.pool_id, &user.id), kind.space(), value).await;
    kept.on_unique(|| match kind {
        AliasKind::Username => taken(),
        kind => Error::contact_taken_as_username(kind.name()),
    })
}

/// A user as read in this write, and as they are to be.
pub struct Change<'a> {
    pub before: &'a User,
    pub after: &'a User,
    pub taken: TakenAlias,
}

/// Keeps a changed user: names and search rows follow the attributes. Only what differs is touched, by its whole key, so
/// that changes of two users never meet.
pub async fn update(tx: &mut WriteTx<'_>, pool: &Pool, change: &Change<'_>) -> Result<()> {
    let Change { before, after, taken } = change;
    users::update(tx, after).await?;
    let (had, has) = (pool.config.names.aliases_of(before), pool.config.names.aliases_of(after));
    // New names first: two users who take each other's are both told so, and neither waits for the other.
    for (kind, value) in has.iter().filter(|alias| !had.contains(alias)) {
        if *taken == TakenAlias::Move {
            take_from_owner(tx, pool, (*kind, value), after.modified_at).await?;
        }
        let kept = user_aliases::insert(tx, (&pool.id, &after.id), kind.space(), value).await;
        kept.on_unique(|| Error::alias_exists(kind.name()))?;
    }
    for (kind, value) in had.iter().filter(|alias| !has.contains(alias)) {
        user_aliases::delete(tx, (&pool.id, &after.id), kind.space(), value).await?;
    }
    follow(tx, pool, before, after).await
}

/// Search rows that are gone, and new ones.
async fn follow(tx: &mut WriteTx<'_>, pool: &Pool, before: &User, after: &User) -> Result<()> {
    let (had, has) = (rows(pool, before), rows(pool, after));
    let only = |these: &[(&'static str, String)], those: &[(&'static str, String)]| -> Vec<(&'static str, String)> {
        these.iter().filter(|row| !those.contains(row)).cloned().collect()
    };
    user_search::delete(tx, &pool.id, &after.id, &only(&had, &has)).await?;
    user_search::insert(tx, &pool.id, &after.id, &only(&has, &had)).await
}

/// The old owner keeps the address, unverified, and no longer signs in with it. A username is never taken away.
async fn take_from_owner(tx: &mut WriteTx<'_>, pool: &Pool, alias: (AliasKind, &str), now: Timestamp) -> Result<()> {
    let (kind, value) = alias;
    let Some(owner) = user_aliases::find_owner(tx, &pool.id, kind.space(), value).await? else { return Ok(()) };
    let Some(before) = users::find(tx, &pool.id, &owner).await? else { return Ok(()) };
    if !pool.config.names.aliases_of(&before).contains(&(kind, value.to_owned())) {
        return Ok(());
    }
    let mut after = before.clone();
    match kind {
        AliasKind::Email => after.attributes.set("email_verified", "false"),
        AliasKind::PhoneNumber => after.attributes.set("phone_number_verified", "false"),
        AliasKind::PreferredUsername => after.attributes.delete("preferred_username"),
        AliasKind::Username | AliasKind::Sub => return Ok(()),
    }
    after.modified_at = now;
    users::update(tx, &after).await?;
    user_aliases::delete(tx, (&pool.id, &owner), kind.space(), value).await?;
    follow(tx, pool, &before, &after).await
}

fn rows(pool: &Pool, user: &User) -> Vec<(&'static str, String)> {
    search_rows(user, &pool.config.names).into_iter().map(|(attribute, value)| (attribute.name(), value)).collect()
}

impl Cx {
    /// Removes a user and everything that is only theirs. Of several who ask at once, one did it.
    pub async fn delete_user(&mut self, user: &User) -> Result<()> {
        let [shard] = ids::random::<1>(self.entropy());
        self.write(async |tx| {
            if !users::delete(tx, &user.pool_id, &user.id).await? {
                return Err(Error::user_not_found());
            }
            pools::count_users(tx, &user.pool_id, shard % pools::COUNT_SHARDS, -1).await
        })
        .await
    }

    /// Turns a password into what proves it. Costly, so it runs away from the runtime's threads and before any write.
    pub async fn store_password(
        &self,
        pool: &Pool,
        user: (&str, &str),
        password: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<StoredPassword> {
        let (user_id, username) = user;
        let salt = ids::random::<16>(self.entropy());
        let (pool_name, srp_user, password) = (pool.srp_name().to_owned(), username.to_owned(), password.to_owned());
        let password = zeroize::Zeroizing::new(password);
        let computed = self.app.work.run(move || cognate_srp::verifier(&pool_name, &srp_user, &password, &salt));
        let verifier = computed.await?;
        let verifier_sealed = self.app.seal(Sealed::UserVerifier, &row_of(&pool.id, user_id), &verifier[..])?;
        Ok(StoredPassword { salt, verifier_sealed, expires_at })
    }
}
