//! E-mail by SMTP. The body is sent as `text/html; charset=UTF-8`, as Cognito does. A conversation with the server is
//! never broken off: lettre would put the connection back with half an answer in it, and the next message would be
//! taken for the rest of this one. So it runs in a task of its own, and only the waiting for it has an end.
//! Contract: RFC 5321, RFC 5322.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cognate_domain::{Clock, Entropy, Timestamp, ids};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use super::{Carrier, Delivery, DeliveryError, Outgoing, SetupError};

/// Conversations at a time, the finishing of abandoned ones included.
const AT_ONCE: usize = 16;
/// The longest address of RFC 5321, section 4.5.3.1.3.
const MAX_ADDRESS: usize = 254;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Only to this machine, unless `allow_plaintext`.
    None,
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl Security {
    pub const fn usual_port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::StartTls => 587,
            Self::Tls => 465,
        }
    }
}

/// Without `Debug`: it holds a password.
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub allow_plaintext: bool,
    /// User name and password.
    pub login: Option<(String, Zeroizing<String>)>,
    /// The sender of messages that name none: `Name <address>` or an address.
    pub from: String,
    /// How long a message may take, and each answer of the server.
    pub timeout: Duration,
}

impl SmtpSettings {
    pub const USUAL_TIMEOUT: Duration = Duration::from_secs(10);
}

pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
    slots: Arc<Semaphore>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Smtp {
    pub fn new(settings: SmtpSettings, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, SetupError> {
        let refuse = |setting, reason| SetupError { setting, reason };
        if settings.host.is_empty() {
            return Err(refuse("host", "is empty"));
        }
        if settings.security == Security::None && !settings.allow_plaintext && !is_loopback(&settings.host) {
            let reason = "is none, which would send codes in the clear; allow_plaintext = true allows it by name";
            return Err(refuse("security", reason));
        }
        let from = mailbox(&settings.from).ok_or(refuse("from", "is no e-mail address"))?;
        let tls = |wrap: fn(TlsParameters) -> Tls| {
            let parameters = TlsParameters::new(settings.host.clone());
            parameters.map(wrap).map_err(|_| refuse("security", "cannot be set up: TLS does not start"))
        };
        let tls = match settings.security {
            Security::None => Tls::None,
            Security::StartTls => tls(Tls::Required)?,
            Security::Tls => tls(Tls::Wrapper)?,
        };

        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(settings.timeout))
            .pool_config(PoolConfig::new().max_size(4).idle_timeout(Duration::from_secs(30)));
        if let Some((name, password)) = settings.login {
            builder = builder.credentials(Credentials::new(name, password.to_string()));
        }
        Ok(Self {
            transport: builder.build(),
            from,
            timeout: settings.timeout,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            clock,
            entropy,
        })
    }

    fn message(&self, outgoing: &Outgoing) -> Result<Message, DeliveryError> {
        let refuse = DeliveryError::Message;
        let from = match &outgoing.from {
            Some(from) => mailbox(from).ok_or(refuse("the sender is no e-mail address"))?,
            None => self.from.clone(),
        };
        let to = address(&outgoing.to).ok_or(refuse("the recipient is no e-mail address"))?;
        // Not lettre's own id, which tells this machine's name to every recipient.
        let id = format!("<{}@{}>", ids::uuid(&*self.entropy).simple(), from.email.domain());

        let mut builder = Message::builder()
            .message_id(Some(id))
            .date(system_time(self.clock.now()))
            .from(from)
            .to(Mailbox::new(None, to))
            .header(ContentType::TEXT_HTML);
        if let Some(reply_to) = &outgoing.reply_to {
            builder = builder.reply_to(mailbox(reply_to).ok_or(refuse("the reply address is no e-mail address"))?);
        }
        if let Some(subject) = &outgoing.subject {
            builder = builder.subject(one_line(subject));
        }
        builder.body(outgoing.body.clone()).map_err(|_| refuse("it has no valid form"))
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<(), DeliveryError> {
        const SLOW: DeliveryError = DeliveryError::Unavailable("the mail server is too slow");
        let message = self.message(outgoing)?;
        let deadline = Instant::now() + self.timeout;

        let slot = timeout_at(deadline, Arc::clone(&self.slots).acquire_owned()).await.map_err(|_| SLOW)?;
        let slot = slot.map_err(|_| SLOW)?;
        let transport = self.transport.clone();
        let conversation = tokio::spawn(async move {
            let _slot = slot;
            transport.send(message).await
        });
        match timeout_at(deadline, conversation).await {
            Ok(Ok(answer)) => answer.map(drop).map_err(|error| delivery_error(&error)),
            Ok(Err(_)) => Err(DeliveryError::Unavailable("the conversation with the mail server ended unexpectedly")),
            Err(_) => Err(SLOW),
        }
    }
}

impl Carrier for Smtp {
    fn deliver<'a>(&'a self, message: &'a Outgoing) -> Delivery<'a> {
        Box::pin(self.send(message))
    }
}

/// A server's answer often repeats the recipient's address: only its status is kept.
fn delivery_error(error: &Error) -> DeliveryError {
    if let Some(status) = error.status().filter(|_| error.is_permanent()) {
        return DeliveryError::Refused(status.into());
    }
    DeliveryError::Unavailable(match error {
        error if error.is_transient() => "the mail server asks to come later",
        error if error.is_tls() => "TLS with the mail server failed",
        error if error.is_timeout() => "the mail server is too slow",
        error if error.is_client() => "the mail server lacks an extension that is needed",
        _ => "the mail server cannot be reached",
    })
}

/// `address`, `<address>` or `Name <address>`; one line, one address.
fn mailbox(text: &str) -> Option<Mailbox> {
    if text.chars().any(char::is_control) || text.len() > 2 * MAX_ADDRESS {
        return None;
    }
    let mailbox: Mailbox = text.trim().parse().ok()?;
    address(mailbox.email.as_ref()).map(|email| Mailbox::new(mailbox.name, email))
}

fn address(text: &str) -> Option<Address> {
    let plain = text.len() <= MAX_ADDRESS && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    plain.then(|| text.parse().ok()).flatten()
}

/// AWS: a subject may hold any white space, line breaks included.
fn one_line(subject: &str) -> String {
    let words = subject.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at.seconds()).unwrap_or(0))
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}
