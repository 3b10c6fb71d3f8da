//! What a page leaves for the next one, sealed: who the person said they are, where a code went, what was done. It names; it
//! proves nothing, except by the sign-in that it may hold.

use std::time::Duration;

use cognate_domain::sign_in::SignIn;
use cognate_engine::sealing::Sealed;
use data_encoding::BASE64URL_NOPAD;
use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::browser::Cookie;
use super::visit::Visit;

/// People look for their codes.
const LIFE: Duration = Duration::from_hours(1);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Memo {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) username: Option<String>,
    /// Masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) destination: Option<String>,
    /// A text's key, to be shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) notice: Option<String>,
    /// What a person who has just signed up has proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sign_in: Option<SignIn>,
    /// The code of a device that waits, as the person has typed it: it was right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<String>,
    #[serde(default)]
    pub(crate) until: i64,
}

impl Memo {
    /// What the page before has left.
    pub(crate) fn read(visit: &Visit) -> Self {
        let read = || {
            let sealed = BASE64URL_NOPAD.decode(visit.cookie(Cookie::Memo)?.as_bytes()).ok()?;
            let plain = visit.cx.app.open_from_client(Sealed::PageData, &visit.site.pool.id, &sealed)?;
            let memo: Self = serde_json::from_slice(&plain).ok()?;
            (memo.until > visit.cx.now.0).then_some(memo)
        };
        read().unwrap_or_default()
    }

    pub(crate) fn notice(key: &str) -> Self {
        Self { notice: Some(key.to_owned()), ..Self::default() }
    }

    pub(super) fn cookie(&self, visit: &Visit) -> Option<HeaderValue> {
        if self.username.is_none() && self.notice.is_none() && self.device.is_none() {
            return Cookie::Memo.forget(visit.jar());
        }
        let memo = Self { until: (visit.cx.now + LIFE).0, ..self.clone() };
        let plain = serde_json::to_vec(&memo).ok()?;
        let sealed = visit.cx.app.seal(Sealed::PageData, &visit.site.pool.id, &plain).ok()?;
        Cookie::Memo.set(visit.jar(), &BASE64URL_NOPAD.encode(&sealed), Some(LIFE))
    }
}
