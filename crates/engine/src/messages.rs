//! Messages to people: rendered from the pool's templates, then kept in the inbox (`dev`) or handed to a carrier.
//!
//! Never inside a write: the code is durable before it is sent.

use std::sync::Arc;

use cognate_domain::delivery::{Delivery, Medium};
use cognate_domain::pool::Pool;
use cognate_domain::template::{self, Purpose, Values};
use cognate_domain::{Error, Result, ids};
use cognate_store::inbox::{self, Message};
use cognate_wire::idp::UserPoolType;

use crate::Cx;
use crate::carriers::{Carrier, Channel, DeliveryError, Outgoing};

/// How messages leave this server.
pub enum Post {
    Inbox,
    Carriers { email: Option<Arc<dyn Carrier>>, sms: Option<Arc<dyn Carrier>> },
}

impl Post {
    pub const fn inbox() -> Self {
        Self::Inbox
    }

    /// Whether there is anything that could take a mail.
    pub const fn carries_email(&self) -> bool {
        matches!(self, Self::Inbox | Self::Carriers { email: Some(_), .. })
    }

    pub const fn carriers(email: Option<Arc<dyn Carrier>>, sms: Option<Arc<dyn Carrier>>) -> Self {
        Self::Carriers { email, sms }
    }
}

/// Cognito's sender where a pool names none.
const DEFAULT_SENDER: &str = "no-reply@verificationemail.com";

/// A message to one address.
pub struct Letter<'a> {
    pub delivery: &'a Delivery,
    pub purpose: Purpose,
    /// The trigger's name in Cognito's events, or our own of what Cognito does not send.
    pub trigger: &'static str,
    pub code: Option<&'a str>,
    pub username: &'a str,
    /// Where a click proves the address, in place of the code.
    pub link: Option<&'a str>,
}

impl Cx {
    /// Sends a message. An error says only that it could not be delivered.
    pub async fn send(&mut self, pool: &Pool, letter: Letter<'_>) -> Result<()> {
        self.send_as(&pool.config.described, &pool.id, letter).await
    }

    /// The same by the texts and the sender of a pool, which may be one elsewhere.
    pub(crate) async fn send_as(&mut self, pool: &UserPoolType, pool_id: &str, letter: Letter<'_>) -> Result<()> {
        let medium = letter.delivery.medium;
        let template = template::choose(pool, None, letter.purpose, medium);
        let values =
            Values { code: letter.code, username: Some(letter.username), link: letter.link, ..Values::default() };
        let rendered = template.render(&values);
        let email = pool.email_configuration.as_ref().filter(|_| medium == Medium::Email);
        let outgoing = Outgoing {
            channel: if medium == Medium::Email { Channel::Email } else { Channel::Sms },
            to: letter.delivery.address.clone(),
            from: email.and_then(|email| email.from.clone()),
            reply_to: email.and_then(|email| email.reply_to_email_address.clone()),
            subject: rendered.subject,
            body: rendered.body,
            code: letter.code.map(str::to_owned),
            trigger: letter.trigger,
            pool_id: pool_id.to_owned(),
        };
        self.post(outgoing).await
    }

    /// What is ready to leave, whether a pool sends it or none.
    pub(crate) async fn post(&mut self, outgoing: Outgoing) -> Result<()> {
        let app = Arc::clone(&self.app);
        match &app.post {
            Post::Inbox => self.keep(outgoing).await,
            Post::Carriers { email, sms } => {
                let is_email = outgoing.channel == Channel::Email;
                let (carrier, name) = if is_email { (email, "email") } else { (sms, "SMS") };
                let carrier = carrier.as_ref().ok_or_else(|| Error::delivery_failed(name))?;
                if self.unseen {
                    let carrier = Arc::clone(carrier);
                    tokio::spawn(async move { hand_over(carrier.as_ref(), &outgoing).await });
                    return Ok(());
                }
                let handed_over = hand_over(carrier.as_ref(), &outgoing).await;
                handed_over.map_err(|fault| Error::delivery_failed(name).caused_by(fault))
            }
        }
    }

    async fn keep(&mut self, outgoing: Outgoing) -> Result<()> {
        let is_email = outgoing.channel == Channel::Email;
        let message = Message {
            id: ids::ordered_uuid(self.entropy(), self.now).to_string(),
            channel: if is_email { "email" } else { "sms" }.to_owned(),
            to: outgoing.to,
            from: outgoing.from.or_else(|| is_email.then(|| DEFAULT_SENDER.to_owned())),
            subject: outgoing.subject,
            body: outgoing.body,
            code: outgoing.code,
            trigger: outgoing.trigger.to_owned(),
            created_at: self.now,
        };
        self.write(async |tx| inbox::insert(tx, &message).await).await
    }
}

async fn hand_over(carrier: &dyn Carrier, outgoing: &Outgoing) -> std::result::Result<(), DeliveryError> {
    let handed_over = carrier.deliver(outgoing).await;
    if let Err(fault) = &handed_over {
        let Outgoing { pool_id, trigger, .. } = outgoing;
        tracing::warn!(%pool_id, trigger, %fault, "a message of pool {pool_id} was not delivered");
    }
    handed_over
}
