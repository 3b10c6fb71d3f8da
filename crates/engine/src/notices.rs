//! What people are told that Cognito does not tell them. It leaves unseen: neither the answer nor its time says whether anybody was
//! written to.

use std::sync::Arc;

use cognate_domain::delivery::{Delivery, Medium};
use cognate_domain::pool::Pool;
use cognate_domain::template::Purpose;
use cognate_domain::user::User;
use cognate_domain::username::fold;
use cognate_domain::{Result, ids};
use cognate_store::user_search::{self, Range};
use cognate_wire::idp::UserPoolType;

use crate::Cx;
use crate::messages::Letter;

/// Of one address; more accounts than anybody has, and few enough for one mail.
const MOST_ACCOUNTS: i64 = 20;

enum Notice {
    AccountExists,
    /// By which somebody signs in.
    Names(String),
}

/// By whose texts and sender a notice leaves.
enum Sender<'a> {
    Own(&'a Arc<Pool>),
    Elsewhere(&'a str),
}

impl Sender<'_> {
    fn known(&self) -> (Option<Arc<Pool>>, String) {
        match *self {
            Self::Own(pool) => (Some(Arc::clone(pool)), pool.id.clone()),
            Self::Elsewhere(pool_id) => (None, pool_id.to_owned()),
        }
    }
}

impl Cx {
    /// The work of a sign-up with an address that is taken, and a mail to whom it belongs.
    pub async fn sign_up_in_vain(&mut self, pool: &Arc<Pool>, email: &str) -> Result<()> {
        let id = ids::uuid(self.entropy()).to_string();
        self.store_password(pool, (&id, &id), &id, None).await?;
        self.notify_unseen(&Sender::Own(pool), email, Notice::AccountExists);
        Ok(())
    }

    /// Writes to an address by which names it signs in.
    pub fn remind_unseen(&self, pool: &Arc<Pool>, email: &str, names: &[String]) {
        self.notify_unseen(&Sender::Own(pool), email, Notice::Names(names.join(", ")));
    }

    /// The same for a pool elsewhere, whose server writes no such mail. In our words, by our sender.
    pub fn remind_elsewhere_unseen(&self, pool_id: &str, email: &str, names: &[String]) {
        self.notify_unseen(&Sender::Elsewhere(pool_id), email, Notice::Names(names.join(", ")));
    }

    /// That an address is taken, for a pool elsewhere; where mails can be sent.
    pub fn tell_of_account_elsewhere_unseen(&self, pool_id: &str, email: &str) {
        if self.app.post.carries_email() {
            self.notify_unseen(&Sender::Elsewhere(pool_id), email, Notice::AccountExists);
        }
    }

    fn notify_unseen(&self, sender: &Sender<'_>, email: &str, notice: Notice) {
        let mut cx = Self::new(Arc::clone(&self.app));
        let (pool, pool_id) = sender.known();
        let delivery = Delivery { medium: Medium::Email, address: email.to_owned() };
        tokio::spawn(async move {
            let (purpose, trigger, username) = match &notice {
                Notice::AccountExists => (Purpose::AccountExists, "AccountExists", ""),
                Notice::Names(names) => (Purpose::IdentifierReminder, "IdentifierReminder", names.as_str()),
            };
            let letter = Letter { delivery: &delivery, purpose, trigger, code: None, username, link: None };
            let nothing = UserPoolType::default();
            let described = pool.as_ref().map_or(&nothing, |pool| &pool.config.described);
            if cx.send_as(described, &pool_id, letter).await.is_err() {
                tracing::warn!(pool_id, trigger, "a notice of pool {pool_id} was not sent");
            }
        });
    }

    /// Whose address this is, verified or not.
    pub async fn users_with_email(&self, pool: &Pool, email: &str) -> Result<Vec<User>> {
        let from = fold(email);
        let before = format!("{from}\u{1}"); // the next greater text: values hold no U+0000
        let range = Range { attribute: "email", from: &from, before: &before };
        let found = user_search::list(&mut self.read().await?, &pool.id, &range, None, MOST_ACCOUNTS).await?;
        Ok(found.into_iter().map(|(_, user)| user).collect())
    }
}
