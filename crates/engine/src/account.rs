//! What people do with their own account at a login domain, signed in by a browser's session. A session alone is a
//! cookie that may have been stolen: what would give the account away asks for the password too, by the count and lock
//! of a sign-in.

use cognate_domain::delivery::Medium;
use cognate_domain::login_session::LoginSession;
use cognate_domain::pool::Pool;
use cognate_domain::tokens::TokenFamily;
use cognate_domain::user::User;
use cognate_domain::{Error, Result};
use cognate_store::login_sessions::{self, Found};
use cognate_store::{attempts, groups, pending_attributes, tokens};

use crate::Cx;
use crate::sign_in::failures::{Suspect, assert_unlocked};

/// Where somebody is signed in: at most a hundred of each, the newest first.
pub struct SignedInAt {
    pub browsers: Vec<LoginSession>,
    pub applications: Vec<Application>,
}

/// One that holds tokens.
pub struct Application {
    pub family: TokenFamily,
    /// As people know it; its id if it is gone.
    pub name: String,
}

impl Cx {
    /// That it is the person themselves who asks. The write says who of several parallel guesses was first: none of
    /// them is right once a lock has fallen.
    pub async fn prove_password(&mut self, pool: &Pool, user: &User, password: &str) -> Result<()> {
        if user.password.is_none() {
            return Err(Error::password_not_resettable());
        }
        self.match_password(pool, user, password).await?;
        let (now, suspect) = (self.now, Suspect::user(user));
        self.write(async |tx| {
            assert_unlocked(tx, suspect, now).await?;
            attempts::delete(tx, &suspect.attempts(), now).await
        })
        .await
    }

    pub async fn signed_in_at(&self, user: &User) -> Result<SignedInAt> {
        let (id, mut tx) = ((user.pool_id.as_str(), user.id.as_str()), self.read().await?);
        let browsers = login_sessions::list(&mut tx, id, self.now).await?;
        let families = tokens::list_families(&mut tx, id, self.now).await?;
        drop(tx);

        let mut applications = Vec::with_capacity(families.len());
        for family in families {
            let client = self.app.client(&family.client_id).await?;
            let name = client.map_or_else(|| family.client_id.clone(), |client| client.config.name().to_owned());
            applications.push(Application { family, name });
        }
        Ok(SignedInAt { browsers, applications })
    }

    /// Ends the session of a browser of this user. One that is over already is no error.
    pub async fn sign_out_browser(&mut self, user: &User, session_id: &str) -> Result<()> {
        let id = (user.pool_id.as_str(), user.id.as_str());
        let found = login_sessions::find_digest(&mut self.read().await?, id, session_id).await?;
        let Some(digest) = found else { return Ok(()) };
        self.write(async |tx| login_sessions::delete(tx, id, &digest).await).await
    }

    /// Revokes all tokens of one sign-in of this user. One that is over already is no error.
    pub async fn sign_out_application(&mut self, user: &User, origin_jti: &str) -> Result<()> {
        let found = tokens::find_bearer(&mut self.read().await?, &user.pool_id, &user.id, origin_jti).await?;
        let (Some(held), now) = (found, self.now) else { return Ok(()) };
        self.write(async |tx| tokens::revoke_family(tx, &held.family, now).await).await
    }

    /// Ends everything that the user was given so far, and every browser's session but this one.
    pub async fn sign_out_everywhere_else(&mut self, here: &Found) -> Result<()> {
        let (user, id) = (&here.user, (here.user.pool_id.as_str(), here.user.id.as_str()));
        self.write(async |tx| tokens::revoke_all(tx, &user.pool_id, &user.id).await).await?;
        loop {
            let some = login_sessions::list_digests_but(&mut self.read().await?, id, &here.session.id).await?;
            if some.is_empty() {
                return Ok(());
            }
            let some = &some;
            self.write(async |tx| {
                for digest in some {
                    login_sessions::delete(tx, id, digest).await?;
                }
                Ok(())
            })
            .await?;
        }
    }

    /// The address that waits for its proof to replace the user's own.
    pub async fn pending_contact(&self, user: &User, medium: Medium) -> Result<Option<String>> {
        let id = (user.pool_id.as_str(), user.id.as_str());
        pending_attributes::find(&mut self.read().await?, id, medium.attribute()).await
    }

    /// The names of the groups that somebody is in.
    pub async fn groups_of(&self, user: &User) -> Result<Vec<String>> {
        let memberships = groups::list_memberships(&mut self.read().await?, &user.pool_id, &user.id).await?;
        Ok(memberships.into_iter().map(|membership| membership.group).collect())
    }
}
