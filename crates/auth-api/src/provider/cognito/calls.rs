//! One call of Cognito's API: a document posted to the endpoint, signed where an administrator asks, and what came of it. Bounded in time
//! and length by the outbound client; no redirect is followed and nothing is sent twice.

use std::time::Duration;

use cognate_domain::Timestamp;
use cognate_engine::carriers::outbound::{Answer, Outbound, OutboundError};
use cognate_sigv4::{Credentials as Signer, Request, sign};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::Credentials;

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";
const TARGET: &str = "AWSCognitoIdentityProviderService";
const SERVICE: &str = "cognito-idp";
/// Of the name of an error, and of the sentence beside it.
const LONGEST_KIND: usize = 100;
const LONGEST_SENTENCE: usize = 300;
const LONGEST_WAIT: u64 = 3600;

/// The server that speaks Cognito's API.
pub(super) struct Server {
    pub(super) outbound: Outbound,
    /// Scheme, host and port.
    pub(super) endpoint: Url,
    pub(super) region: String,
}

/// Who signs a call, and when.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub(super) credentials: &'a Credentials,
    pub(super) now: Timestamp,
}

/// Why a call gave nothing.
pub(super) struct Fault {
    pub(super) operation: &'static str,
    pub(super) reason: Reason,
}

pub(super) enum Reason {
    Refused(Refused),
    /// An answer that Cognito does not give: of what status, and what was wrong with it.
    Nonsense(u16, &'static str),
    Unreached(OutboundError),
}

/// An error of Cognito's.
pub(super) struct Refused {
    /// `NotAuthorizedException`, without the prefix or the address that some put around it.
    pub(super) kind: String,
    /// For people who may know it; never for the log, since it may name somebody.
    pub(super) sentence: String,
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
}

/// An answer that says nothing.
#[derive(Deserialize)]
pub(super) struct Nothing {}

#[derive(Deserialize)]
struct ErrorDocument {
    #[serde(rename = "__type", alias = "code")]
    kind: String,
    #[serde(default, alias = "Message")]
    message: String,
}

impl Server {
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        body: &Value,
        by: Option<By<'_>>,
    ) -> Result<T, Fault> {
        let fault = |reason| Fault { operation, reason };
        let body = body.to_string().into_bytes();
        let headers = self.headers(operation, &body, by).map_err(fault)?;
        let sent = self.outbound.send(Method::POST, &self.endpoint, headers, body).await;
        read(&sent.map_err(|error| fault(Reason::Unreached(error)))?).map_err(fault)
    }

    fn headers(&self, operation: &str, body: &[u8], by: Option<By<'_>>) -> Result<HeaderMap, Reason> {
        let (target, host) = (format!("{TARGET}.{operation}"), self.host());
        let mut all = vec![("content-type".to_owned(), CONTENT_TYPE.to_owned()), ("x-amz-target".to_owned(), target)];
        if let Some(By { credentials, now }) = by {
            let mut covered: Vec<(&str, &str)> =
                all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            covered.push(("host", &host));
            let request = Request { method: "POST", path: "/", query: "", headers: &covered, body };
            let signer = Signer {
                access_key_id: &credentials.access_key_id,
                secret: credentials.secret.expose(),
                session_token: credentials.session_token.as_ref().map(cognate_engine::Secret::expose),
            };
            let added = sign(&request, &signer, &self.region, SERVICE, now.0);
            all.extend(added.map_err(|_| Reason::Nonsense(0, "the call cannot be signed"))?);
        }
        let pair = |(name, value): (String, String)| {
            Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
        };
        let headers: Option<HeaderMap> = all.into_iter().map(pair).collect();
        headers.ok_or(Reason::Nonsense(0, "the call cannot be sent: a credential is no header's value"))
    }

    /// As the outbound client writes it.
    fn host(&self) -> String {
        let host = self.endpoint.host_str().unwrap_or_default();
        self.endpoint.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Reason> {
    if answer.status == 200 {
        let body: &[u8] = if answer.body.is_empty() { b"{}" } else { &answer.body };
        return serde_json::from_slice(body).map_err(|_| Reason::Nonsense(200, "the document is not the operation's"));
    }
    let document = if answer.status >= 400 { serde_json::from_slice::<ErrorDocument>(&answer.body).ok() } else { None };
    let Some(ErrorDocument { kind, message }) = document else {
        let what = if (300..400).contains(&answer.status) { "a redirect" } else { "no error of Cognito's" };
        return Err(Reason::Nonsense(answer.status, what));
    };
    let waits = answer.headers.get(http::header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse::<u64>().ok());
    Err(Reason::Refused(Refused {
        kind: bare(&kind),
        sentence: plain(&message),
        status: answer.status,
        retry_after: waits.map(|seconds| Duration::from_secs(seconds.min(LONGEST_WAIT))),
    }))
}

/// `com.amazonaws.cognito#NotAuthorizedException:http://…` is `NotAuthorizedException`.
fn bare(kind: &str) -> String {
    let name = kind.split(':').next().and_then(|kind| kind.rsplit('#').next()).unwrap_or_default();
    name.chars().filter(char::is_ascii_alphanumeric).take(LONGEST_KIND).collect()
}

fn plain(sentence: &str) -> String {
    sentence.chars().filter(|c| !c.is_control()).take(LONGEST_SENTENCE).collect()
}

impl Fault {
    pub(super) const fn nonsense(operation: &'static str, what: &'static str) -> Self {
        Self { operation, reason: Reason::Nonsense(200, what) }
    }

    pub(super) const fn refused(&self) -> Option<&Refused> {
        match &self.reason {
            Reason::Refused(refused) => Some(refused),
            Reason::Nonsense(..) | Reason::Unreached(_) => None,
        }
    }

    pub(super) fn is(&self, kinds: &[&str]) -> bool {
        self.refused().is_some_and(|refused| kinds.contains(&refused.kind.as_str()))
    }

    /// The server has no such operation. Some say so with an error of their own, some only fail.
    pub(super) fn is_unknown_operation(&self) -> bool {
        self.is(&["UnknownOperationException", "InvalidAction", "Unsupported", "UnsupportedOperationException"])
    }

    pub(super) fn is_failure_without_words(&self) -> bool {
        matches!(self.reason, Reason::Nonsense(500.., _))
    }
}

#[cfg(test)]
mod tests {
    use super::{bare, plain};

    #[test]
    fn an_error_has_one_name_in_whatever_dress() {
        for dressed in [
            "NotAuthorizedException",
            "com.amazonaws.cognito#NotAuthorizedException",
            "NotAuthorizedException:http://internal.amazon.com/x/",
        ] {
            assert_eq!(bare(dressed), "NotAuthorizedException");
        }
        assert_eq!(bare("a\nb{c}"), "abc");
        assert_eq!(plain("one\r\ntwo"), "onetwo");
    }
}
