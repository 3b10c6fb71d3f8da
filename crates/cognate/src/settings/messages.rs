//! `[messages]`: what carries e-mail and text messages out of a server. Development keeps them instead.

use std::path::Path;

use cognate_engine::carriers::smtp::Security;
use zeroize::Zeroizing;

use super::Mode;
use super::keys::secret_in_an_open_file;
use super::read::Reader;
use crate::private_file;

#[derive(Default)]
pub(crate) struct Carriers {
    pub(crate) smtp: Option<Smtp>,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) allowed_private_hosts: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct Smtp {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) allow_plaintext: bool,
    pub(crate) login: Option<(String, Zeroizing<String>)>,
    pub(crate) from: String,
}

#[derive(Clone)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) secret: Zeroizing<String>,
    pub(crate) from: Option<String>,
}

pub(crate) fn read(reader: &mut Reader, mode: Mode) -> Carriers {
    if mode == Mode::Dev {
        return Carriers::default();
    }
    Carriers {
        smtp: smtp(reader),
        webhook: webhook(reader),
        allowed_private_hosts: reader.list("messages.allowed_private_hosts"),
    }
}

fn smtp(reader: &mut Reader) -> Option<Smtp> {
    let Some(host) = reader.text("messages.smtp_host") else {
        for name in ["port", "security", "allow_plaintext", "user", "password", "password_file", "from"] {
            refuse_without(reader, &format!("messages.smtp_{name}"), "messages.smtp_host");
        }
        return None;
    };
    let security = reader.parse("messages.smtp_security", Security::StartTls, |text| match text {
        "tls" => Ok(Security::Tls),
        "starttls" => Ok(Security::StartTls),
        "none" => Ok(Security::None),
        _ => Err(format!("{text:?} is none of tls, starttls, none")),
    });
    let port = reader.parse("messages.smtp_port", security.usual_port(), |text| {
        text.parse().ok().filter(|port| *port != 0).ok_or_else(|| format!("{text:?} is no port"))
    });
    let from = reader.text("messages.smtp_from").unwrap_or_default();
    if from.is_empty() {
        reader.refuse("messages.smtp_from", "is missing: the sender of pools that name none of their own");
    }
    let password = secret(reader, "messages.smtp_password");
    let login = match (reader.text("messages.smtp_user"), password) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        (Some(_), None) => {
            reader.refuse("messages.smtp_password", "is missing, and messages.smtp_user is there");
            None
        }
        (None, Some(_)) => {
            reader.refuse("messages.smtp_user", "is missing, and a password for it is there");
            None
        }
    };
    let allow_plaintext = reader.switch("messages.smtp_allow_plaintext");
    Some(Smtp { host, port, security, allow_plaintext, login, from })
}

fn webhook(reader: &mut Reader) -> Option<Webhook> {
    const URL: &str = "messages.sms_webhook_url";
    let Some(url) = reader.text(URL) else {
        for name in ["secret", "secret_file", "from"] {
            refuse_without(reader, &format!("messages.sms_webhook_{name}"), URL);
        }
        return None;
    };
    let from = reader.text("messages.sms_webhook_from");
    let Some(secret) = secret(reader, "messages.sms_webhook_secret") else {
        reader.refuse("messages.sms_webhook_secret", "is missing: without it the receiver cannot tell who posts");
        return None;
    };
    Some(Webhook { url, secret, from })
}

/// Stands where a secret could not be read, and has been refused: long enough for nothing else to be said about it.
const UNREAD: &str = "a secret that could not be read";

pub(super) fn refuse_without(reader: &mut Reader, name: &str, other: &str) {
    if reader.has(name) {
        reader.refuse(name, format!("means nothing without {other}"));
    }
}

/// `name`, or the file under `name` and `_file`; both at once are refused.
pub(super) fn secret(reader: &mut Reader, name: &str) -> Option<Zeroizing<String>> {
    let file_name = format!("{name}_file");
    secret_in_an_open_file(reader, name);
    let text = reader.secret(name);
    let Some(path) = reader.path(&file_name) else { return text };
    if text.is_some() {
        reader.refuse(&file_name, format!("is given together with {name}; one of them must go"));
    }
    match read_file(&path) {
        Ok(secret) => Some(secret),
        Err(reason) => {
            reader.refuse(&file_name, reason);
            Some(Zeroizing::new(UNREAD.into()))
        }
    }
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, String> {
    let secret = private_file::read(path).map_err(|reason| format!("{} {reason}", path.display()))?;
    if secret.is_empty() { Err(format!("{} is empty", path.display())) } else { Ok(secret) }
}
