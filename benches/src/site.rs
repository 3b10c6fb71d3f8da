//! What is loaded: an address with a pool of so many users, and how calls to it are written.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use cognate_sigv4::Credentials;
use serde::{Deserialize, Serialize};

use crate::chance::{Chance, now_ms};
use crate::login::Login;

pub(crate) const REGION: &str = "us-east-1";
const TARGET: &str = "AWSCognitoIdentityProviderService";

/// An access key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Key {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

/// The pool, its client, and who may administer it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pool {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) users: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) address: String,
    pub(crate) key: Key,
    pub(crate) pool: Pool,
    /// For the cases of OAuth.
    pub(crate) login: Option<Arc<Login>>,
}

impl Pool {
    /// As SRP hashes it.
    pub(crate) fn srp_name(&self) -> &str {
        self.id.split_once('_').map_or("", |(_, name)| name)
    }
}

impl Site {
    pub(crate) fn login(&self) -> Result<&Login> {
        self.login.as_deref().context("no login domain was made")
    }

    /// A call that carries no signature, with the headers of Amplify.
    pub(crate) fn plain(&self, operation: &str, body: &str) -> Vec<u8> {
        let host = &self.address;
        let headers = [
            ("host", host.as_str()),
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", &format!("{TARGET}.{operation}")),
            ("x-amz-user-agent", "aws-amplify/6.6.3 auth/1 framework/1"),
            ("cache-control", "no-store"),
            ("accept", "*/*"),
        ];
        written("POST /", &headers, body)
    }

    /// A call of the Auth API, with the headers of a browser's fetch.
    pub(crate) fn auth(&self, what: &str, bearer: Option<&str>, body: &str) -> Vec<u8> {
        let bearer = bearer.map(|token| format!("Bearer {token}"));
        let mut headers = vec![
            ("host", self.address.as_str()),
            ("accept", "*/*"),
            ("accept-language", "en-GB,en;q=0.9"),
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
            ),
        ];
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        written(what, &headers, body)
    }

    /// A signed call, with the headers of the AWS SDK for JavaScript 3, which signs the call's own id.
    pub(crate) fn signed(&self, chance: &mut Chance, operation: &str, body: &str) -> Result<Vec<u8>> {
        let (target, id) = (format!("{TARGET}.{operation}"), chance.uuid());
        let mut headers = vec![
            ("host", self.address.as_str()),
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", &target),
            ("x-amz-user-agent", "aws-sdk-js/3.900.0"),
            ("user-agent", "aws-sdk-js/3.900.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#20.20.2 api/cognito-idp#3.900.0"),
            ("amz-sdk-invocation-id", &id),
            ("amz-sdk-request", "attempt=1; max=3"),
        ];
        let to_sign =
            cognate_sigv4::Request { method: "POST", path: "/", query: "", headers: &headers, body: body.as_bytes() };
        let key = Credentials {
            access_key_id: &self.key.access_key_id,
            secret: &self.key.secret_access_key,
            session_token: None,
        };
        let added = cognate_sigv4::sign(&to_sign, &key, REGION, "cognito-idp", now_ms()).context("signing")?;
        headers.extend(added.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Ok(written("POST /", &headers, body))
    }
}

/// `what` is the method and what it is for.
pub(crate) fn written(what: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = String::with_capacity(1024 + what.len() + body.len());
    text.push_str(what);
    text.push_str(" HTTP/1.1\r\n");
    for (name, value) in headers {
        for part in [name, ": ", value, "\r\n"] {
            text.push_str(part);
        }
    }
    if what.starts_with("POST") {
        let _ = write!(text, "content-length: {}\r\n", body.len());
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}
