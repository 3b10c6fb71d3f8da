//! Sign-up, its confirmation, and users that administrators make. user-pools.md, section 8.

mod admin;
mod confirm;

use std::sync::Arc;

use cognate_domain::attributes::{Attributes, check_sign_up};
use cognate_domain::client::Client;
use cognate_domain::delivery::{Delivery, Medium, choose_for_sign_up};
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::template::{Purpose, confirms_by_link};
use cognate_domain::user::{User, UserStatus};
use cognate_domain::username::AliasKind;
use cognate_domain::{Error, Result, ids};
use cognate_store::codes;
use url::form_urlencoded::Serializer;

pub use admin::NewUser;
pub use confirm::Confirmation;

use crate::Cx;
use crate::codes::{CodeKind, NewCode};
use crate::messages::Letter;

/// What a person asks for.
pub struct SignUp<'a> {
    pub username: &'a str,
    pub password: Option<&'a str>,
    pub attributes: Attributes,
}

/// A sign-up that is kept. `sent` is where the code went, if one was due.
pub struct SignedUp {
    pub user: User,
    pub sent: Option<Delivery>,
}

impl Cx {
    pub async fn sign_up(&mut self, pool: &Arc<Pool>, client: &Client, asked: SignUp<'_>) -> Result<SignedUp> {
        if pool.only_admins_create() {
            return Err(Error::sign_up_not_permitted());
        }
        pool.refuse_unbuilt(Moment::SignUp)?;
        let config = &pool.config;
        let filled = config.names.check_new(asked.username)?;
        let given = with_name(asked.attributes, filled, asked.username);
        check_sign_up(&config.schema, &given, &client.permissions)?;
        config.names.check_unconfirmed(&given)?;
        let password = asked.password.filter(|password| !password.is_empty()).ok_or_else(Error::password_required)?;
        config.password_policy.check(password).map_err(cognate_domain::password::PolicyFailure::into_error)?;

        let id = ids::uuid(self.entropy()).to_string();
        let username = if filled.is_some() { id.clone() } else { asked.username.to_owned() };
        self.refuse_taken(pool, &username, filled.map(|_| asked.username), Error::username_exists).await?;
        let stored = self.store_password(pool, (&id, &username), password, None).await?;
        let user = User {
            pool_id: pool.id.clone(),
            id,
            username,
            status: UserStatus::Unconfirmed,
            enabled: true,
            attributes: kept(&given),
            password: Some(stored),
            password_history_sealed: None,
            version: 1,
            created_at: self.now,
            modified_at: self.now,
            number: None,
        };
        let delivery = choose_for_sign_up(pool.auto_verified(), &user.attributes);
        if delivery.is_some() {
            pool.refuse_unbuilt(Moment::Message)?;
        }
        let code = delivery.as_ref().map(|to| self.new_code(pool, &user.id, CodeKind::SignUp, to));
        self.keep_new_user(pool, &user, code.as_ref(), Error::username_exists).await?;

        if let (Some(delivery), Some(code)) = (&delivery, &code) {
            self.send_code((pool, client), &user, delivery, (code, "CustomMessage_SignUp")).await?;
        }
        Ok(SignedUp { user, sent: delivery })
    }

    /// Spares the costly work for a name that is taken. The write asserts it again.
    async fn refuse_taken(
        &self,
        pool: &Pool,
        username: &str,
        contact: Option<&str>,
        taken: fn() -> Error,
    ) -> Result<()> {
        let mut tx = self.read().await?;
        for (kind, value) in pool.config.names.lookup_keys(contact.unwrap_or(username)) {
            let is_name = match kind {
                AliasKind::Username => contact.is_none(),
                AliasKind::Email | AliasKind::PhoneNumber => contact.is_some(),
                // Whoever is called like somebody's id would be found in their place.
                AliasKind::Sub if cognate_store::users::find(&mut tx, &pool.id, &value).await?.is_some() => {
                    return Err(taken());
                }
                AliasKind::Sub | AliasKind::PreferredUsername => false,
            };
            if is_name
                && cognate_store::user_aliases::find_owner(&mut tx, &pool.id, kind.space(), &value).await?.is_some()
            {
                return Err(if kind == AliasKind::Username {
                    taken()
                } else {
                    Error::contact_taken_as_username(kind.name())
                });
            }
        }
        Ok(())
    }

    async fn keep_new_user(
        &mut self,
        pool: &Arc<Pool>,
        user: &User,
        code: Option<&NewCode>,
        taken: fn() -> Error,
    ) -> Result<()> {
        let [shard] = ids::random::<1>(self.entropy());
        self.write(async |tx| {
            crate::users::insert(tx, pool, user, taken).await?;
            if let Some(code) = code {
                codes::put(tx, &code.row(&pool.id, &user.id)).await?;
            }
            cognate_store::pools::count_users(tx, &pool.id, shard % cognate_store::pools::COUNT_SHARDS, 1).await
        })
        .await
    }

    async fn send_code(
        &mut self,
        by: (&Pool, &Client),
        user: &User,
        delivery: &Delivery,
        code: (&NewCode, &'static str),
    ) -> Result<()> {
        let ((pool, client), (code, trigger)) = (by, code);
        let link = self.confirmation_link(pool, client, user, &code.text).filter(|_| delivery.medium == Medium::Email);
        let purpose = if link.is_some() { Purpose::ConfirmationLink } else { Purpose::Verification };
        let (text, name) = (code.text.as_str(), user.username.as_str());
        let letter = Letter { delivery, purpose, trigger, code: Some(text), username: name, link: link.as_deref() };
        self.send(pool, letter).await
    }

    /// Of a pool that confirms by a link and has a login domain for it to lead to; without one there is a code.
    fn confirmation_link(&self, pool: &Pool, client: &Client, user: &User, code: &str) -> Option<String> {
        let domain = pool.config.domains().last().filter(|_| confirms_by_link(&pool.config.described))?;
        let query = Serializer::new(String::new())
            .extend_pairs([
                ("client_id", client.id.as_str()),
                ("user_name", &user.username),
                ("confirmation_code", code),
            ])
            .finish();
        Some(format!("{}/confirmUser?{query}", self.app.settings.login_url(domain)))
    }
}

/// In pools whose users are called by a contact, the name fills that attribute.
fn with_name(mut given: Attributes, filled: Option<AliasKind>, username: &str) -> Attributes {
    if let Some(kind) = filled {
        given.set(kind.name(), username);
    }
    given
}

/// What is kept of a new user's attributes: no blank ones; a contact is unverified unless it is said to be verified.
fn kept(given: &Attributes) -> Attributes {
    let mut attributes = Attributes::default();
    attributes.apply(given);
    attributes
}
