//! How messages leave: one carrier for e-mail, one for SMS. A carrier is called after the write that made the message
//! is durable, never inside it. No error here says an address, a code or a secret, so all of them may be logged.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub mod outbound;
pub mod sms_webhook;
pub mod smtp;

#[cfg(test)]
mod outbound_tests;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod sms_webhook_tests;
#[cfg(test)]
mod smtp_tests;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    Email,
    Sms,
}

/// One message, ready to leave. Without `Debug`: it holds an address, and a code twice.
#[derive(Clone)]
pub struct Outgoing {
    pub channel: Channel,
    pub to: String,
    /// E-mail: `Name <address>` or an address. SMS: the sender's id. Without one, the carrier's own.
    pub from: Option<String>,
    pub reply_to: Option<String>,
    pub subject: Option<String>,
    /// E-mail: HTML, as Cognito's templates are. SMS: plain text.
    pub body: String,
    /// The code inside `body`: for the inbox of `dev`, never carried separately.
    pub code: Option<String>,
    /// The trigger's name in Cognito's events, such as `CustomMessage_SignUp`.
    pub trigger: &'static str,
    /// Empty of what no pool sends.
    pub pool_id: String,
}

pub type Delivery<'a> = Pin<Box<dyn Future<Output = Result<(), DeliveryError>> + Send + 'a>>;

pub trait Carrier: Send + Sync {
    /// `Ok` when the next station has taken the message over.
    fn deliver<'a>(&'a self, message: &'a Outgoing) -> Delivery<'a>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryError {
    /// This message cannot be sent as it is; trying again is useless.
    Message(&'static str),
    /// The next station refused for good, with this status (of SMTP or HTTP).
    Refused(u16),
    /// Not now: unreachable, too slow, or asked to come later.
    Unavailable(&'static str),
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(reason) => write!(f, "the message cannot be sent: {reason}"),
            Self::Refused(status) => write!(f, "the message was refused with status {status}"),
            Self::Unavailable(reason) => write!(f, "the message could not be handed over: {reason}"),
        }
    }
}

impl std::error::Error for DeliveryError {}

/// Why a carrier cannot be set up: the setting's name within its section, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetupError {
    pub setting: &'static str,
    pub reason: &'static str,
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.setting, self.reason)
    }
}

impl std::error::Error for SetupError {}
