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

use crate::Cx;
use crate::messages::Letter;

/// Of one address; more accounts than anybody has, and few enough for one mail.
const MOST_ACCOUNTS: i64 = 20;

enum Notice {
    AccountExists,
    /// By which somebody signs in.
    Names(String),
}

impl Cx {
    /// The work of a sign-up with an address that is taken, and a mail to whom it belongs.
    pub async fn sign_up_in_vain(&mut self, pool: &Arc<Pool>, email: &str) -> Result<()> {
        let id = ids::uuid(self.entropy()).to_string();
        self.store_password(pool, (&id, &id), &id, None).await?;
        self.notify_unseen(pool, email, Notice::AccountExists);
        Ok(())
    }

    /// Writes to an address by which names it signs in.
    pub fn remind_unseen(&self, pool: &Arc<Pool>, email: &str, names: &[String]) {
        self.notify_unseen(pool, email, Notice::Names(names.join(", ")));
    }

    fn notify_unseen(&self, pool: &Arc<Pool>, email: &str, notice: Notice) {
        let (mut cx, pool) = (Self::new(Arc::clone(&self.app)), Arc::clone(pool));
        let delivery = Delivery { medium: Medium::Email, address: email.to_owned() };
        tokio::spawn(async move {
            let (purpose, trigger, username) = match &notice {
                Notice::AccountExists => (Purpose::AccountExists, "AccountExists", ""),
                Notice::Names(names) => (Purpose::IdentifierReminder, "IdentifierReminder", names.as_str()),
            };
            let letter = Letter { delivery: &delivery, purpose, trigger, code: None, username, link: None };
            if cx.send(&pool, letter).await.is_err() {
                tracing::warn!(pool_id = %pool.id, trigger, "a notice of pool {} was not sent", pool.id);
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
