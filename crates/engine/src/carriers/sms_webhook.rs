//! SMS by an HTTP webhook: `POST {to, body, from?, poolId, trigger}` as JSON to one configured URL, signed so that the
//! receiver can tell it from anyone else's. `Cognate-Signature: t=<seconds>,v1=<hex>`, where `v1` is the HMAC-SHA256 of
//! `<seconds>.<body>` under the shared secret; the receiver refuses an old `t`. Any 2xx means taken over.

use std::sync::Arc;

use aws_lc_rs::hmac;
use cognate_domain::Clock;
use data_encoding::HEXLOWER;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use url::Url;
use zeroize::Zeroizing;

use super::outbound::{Outbound, OutboundError};
use super::{Carrier, Delivery, DeliveryError, Outgoing, SetupError};

const SIGNATURE: HeaderName = HeaderName::from_static("cognate-signature");
const MIN_SECRET: usize = 16;

/// Without `Debug`: it holds a secret.
pub struct SmsWebhookSettings {
    pub url: String,
    pub secret: Zeroizing<String>,
    /// The sender of messages that name none.
    pub from: Option<String>,
}

pub struct SmsWebhook {
    outbound: Outbound,
    url: Url,
    key: hmac::Key,
    from: Option<String>,
    clock: Arc<dyn Clock>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    to: &'a str,
    body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    pool_id: &'a str,
    trigger: &'a str,
}

impl SmsWebhook {
    pub fn new(settings: SmsWebhookSettings, outbound: Outbound, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let refuse = |setting, reason| SetupError { setting, reason };
        let url = Url::parse(&settings.url).map_err(|_| refuse("url", "is no URL"))?;
        match outbound.check(&url) {
            Ok(()) => {}
            Err(OutboundError::Forbidden(reason)) => return Err(refuse("url", reason)),
            Err(_) => return Err(refuse("url", "cannot be used")),
        }
        if settings.secret.len() < MIN_SECRET {
            return Err(refuse("secret", "is shorter than 16 characters"));
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, settings.secret.as_bytes());
        Ok(Self { outbound, url, key, from: settings.from, clock })
    }

    async fn send(&self, message: &Outgoing) -> Result<(), DeliveryError> {
        const FORM: DeliveryError = DeliveryError::Message("it has no valid form");
        let payload = Payload {
            to: &message.to,
            body: &message.body,
            from: message.from.as_deref().or(self.from.as_deref()),
            pool_id: &message.pool_id,
            trigger: message.trigger,
        };
        let body = serde_json::to_vec(&payload).map_err(|_| FORM)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(SIGNATURE, HeaderValue::try_from(self.signature(&body)).map_err(|_| FORM)?);

        let answer = self.outbound.send(Method::POST, &self.url, headers, body).await;
        match answer {
            Ok(answer) if answer.is_success() => Ok(()),
            Ok(answer) if matches!(answer.status, 408 | 429 | 500..) => {
                Err(DeliveryError::Unavailable("the webhook asks to come later"))
            }
            Ok(answer) => Err(DeliveryError::Refused(answer.status)),
            Err(OutboundError::Forbidden(reason)) => Err(DeliveryError::Unavailable(reason)),
            Err(OutboundError::Timeout) => Err(DeliveryError::Unavailable("the webhook is too slow")),
            Err(OutboundError::Unreachable) => Err(DeliveryError::Unavailable("the webhook cannot be reached")),
            Err(OutboundError::TooLong) => Err(DeliveryError::Unavailable("the webhook's answer is too long")),
        }
    }

    fn signature(&self, body: &[u8]) -> String {
        let seconds = self.clock.now().seconds();
        let mut context = hmac::Context::with_key(&self.key);
        context.update(format!("{seconds}.").as_bytes());
        context.update(body);
        format!("t={seconds},v1={}", HEXLOWER.encode(context.sign().as_ref()))
    }
}

impl Carrier for SmsWebhook {
    fn deliver<'a>(&'a self, message: &'a Outgoing) -> Delivery<'a> {
        Box::pin(self.send(message))
    }
}
