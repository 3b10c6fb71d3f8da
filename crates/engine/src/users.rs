//! Finding users by what a caller typed, keeping them with their names and search rows, and their passwords.

use cognate_domain::filter::search_rows;
use cognate_domain::pool::Pool;
use cognate_domain::user::{StoredPassword, User};
use cognate_domain::username::{AliasKind, NameKind};
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::{OnUnique, Tx, WriteTx, user_aliases, user_search, users};

use crate::Cx;
use crate::sealing::{Sealed, row_of};

/// A user as `Username` names one: by username, `sub` or an alias that counts, in this order.
pub async fn find(tx: &mut Tx<'_>, pool: &Pool, input: &str) -> Result<Option<User>> {
    for (kind, value) in pool.config.names.lookup_keys(input) {
        let found = match kind {
            AliasKind::Sub => users::find(tx, &pool.id, &value).await?,
            kind => users::find_by_alias(tx, &pool.id, kind.name(), &value).await?,
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
pub async fn insert_created(tx: &mut WriteTx<'_>, pool: &Pool, user: &User, alias: TakenAlias) -> Result<()> {
    let is_name = |kind: AliasKind| {
        kind == AliasKind::Username || matches!(pool.config.names.kind, NameKind::UsernameAttributes { .. })
    };
    users::insert(tx, user).await?;
    for (kind, value) in pool.config.names.aliases_of(user) {
        if !is_name(kind) {
            free_alias(tx, pool, (kind, &value), (alias, user.modified_at)).await?;
        }
        insert_alias(tx, user, (kind, &value), Error::user_account_exists).await?;
    }
    user_search::insert(tx, &pool.id, &user.id, &rows(pool, user)).await
}

async fn insert_alias(tx: &mut WriteTx<'_>, user: &User, alias: (AliasKind, &str), taken: fn() -> Error) -> Result<()> {
    let (kind, value) = alias;
    let kept = user_aliases::insert(tx, (&user.pool_id, &user.id), kind.name(), value).await;
    kept.on_unique(|| match kind {
        AliasKind::Username => taken(),
        kind => Error::contact_taken_as_username(kind.name()),
    })
}

/// Makes way for an alias, or refuses it.
async fn free_alias(
    tx: &mut WriteTx<'_>,
    pool: &Pool,
    alias: (AliasKind, &str),
    how: (TakenAlias, Timestamp),
) -> Result<()> {
    let ((kind, value), (taken, now)) = (alias, how);
    match taken {
        TakenAlias::Move => take_from_owner(tx, pool, alias, now).await,
        TakenAlias::Refuse => match user_aliases::find_owner(tx, &pool.id, kind.name(), value).await? {
            Some(_) => Err(Error::alias_exists(kind.name())),
            None => Ok(()),
        },
    }
}

/// Keeps a changed user: names and search rows follow the attributes.
pub async fn update(tx: &mut WriteTx<'_>, pool: &Pool, user: &User, taken: TakenAlias) -> Result<()> {
    users::update(tx, user).await?;
    let wanted = pool.config.names.aliases_of(user);
    let present = user_aliases::list(tx, &pool.id, &user.id).await?;

    for (kind, value) in &present {
        if !wanted.iter().any(|(wanted_kind, wanted_value)| wanted_kind.name() == kind && wanted_value == value) {
            user_aliases::delete(tx, &pool.id, kind, value).await?;
        }
    }
    for (kind, value) in &wanted {
        if present.iter().any(|(present_kind, present_value)| kind.name() == present_kind && value == present_value) {
            continue;
        }
        free_alias(tx, pool, (*kind, value), (taken, user.modified_at)).await?;
        let kept = user_aliases::insert(tx, (&pool.id, &user.id), kind.name(), value).await;
        kept.on_unique(|| Error::alias_exists(kind.name()))?;
    }
    user_search::replace(tx, &pool.id, &user.id, &rows(pool, user)).await
}

/// The old owner keeps the address, unverified, and no longer signs in with it.
async fn take_from_owner(tx: &mut WriteTx<'_>, pool: &Pool, alias: (AliasKind, &str), now: Timestamp) -> Result<()> {
    let (kind, value) = alias;
    let Some(owner) = user_aliases::find_owner(tx, &pool.id, kind.name(), value).await? else { return Ok(()) };
    user_aliases::delete(tx, &pool.id, kind.name(), value).await?;
    let Some(mut owner) = users::find(tx, &pool.id, &owner).await? else { return Ok(()) };
    match kind {
        AliasKind::Email => owner.attributes.set("email_verified", "false"),
        AliasKind::PhoneNumber => owner.attributes.set("phone_number_verified", "false"),
        AliasKind::PreferredUsername => owner.attributes.delete("preferred_username"),
        AliasKind::Username | AliasKind::Sub => {}
    }
    owner.modified_at = now;
    users::update(tx, &owner).await?;
    user_search::replace(tx, &pool.id, &owner.id, &rows(pool, &owner)).await
}

fn rows(pool: &Pool, user: &User) -> Vec<(&'static str, String)> {
    search_rows(user, &pool.config.names).into_iter().map(|(attribute, value)| (attribute.name(), value)).collect()
}

impl Cx {
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
