//! Device authorization (RFC 8628): what a device may ask for, the code that a person types, and how often the device may ask.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::authorize::{ResponseKind, client_may_ask, resource, scopes};
use super::error::{OAuthCode, OAuthResult};
use super::grant::{OAuthGrant, may_read_what_it_asks};
use super::params::Params;
use crate::client::Client;
use crate::{Entropy, Timestamp, ids};

/// The grant's name at the token endpoint.
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Within which a person lets the device in and it fetches its tokens.
pub const LIFE: Duration = Duration::from_mins(10);
/// How long a device waits between two questions (section 3.2).
pub const INTERVAL: Duration = Duration::from_secs(5);
/// What is added to that for a device that asked too soon (section 3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// What a device asks a person for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceGrant {
    pub scopes: Vec<String>,
    #[serde(default)]
    pub lasting: OAuthGrant,
}

impl DeviceGrant {
    /// Of a client that may ask people for codes. What it could not be given in the end is refused before anybody's time is taken.
    pub fn check(client: &Client, params: &Params) -> OAuthResult<Self> {
        client_may_ask(client, ResponseKind::Code)?;
        let scopes = scopes(client, params)?;
        may_read_what_it_asks(&client.permissions, &scopes).map_err(|_| OAuthCode::InvalidScope)?;
        Ok(Self { scopes, lasting: OAuthGrant { resource: resource(params)?, key: None } })
    }
}

/// Of consonants alone, so that chance makes no words (section 6.1); without those that look like others.
const ALPHABET: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
const LETTERS: usize = 8;
/// What somebody types is not looked at beyond this.
const LONGEST_TYPED: usize = 64;

/// What the device shows and a person types: eight letters, 34 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    pub fn new(entropy: &dyn Entropy) -> Self {
        Self((0..LETTERS).map(|_| ids::pick(entropy, ALPHABET)).collect())
    }

    /// As people type it: in either case, with whatever between the letters.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > LONGEST_TYPED {
            return None;
        }
        let letters: String = typed.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
        let is_code = letters.len() == LETTERS && letters.bytes().all(|letter| ALPHABET.contains(&letter));
        is_code.then_some(Self(letters))
    }

    pub fn letters(&self) -> &str {
        &self.0
    }
}

/// `WDJB-MJHT`
impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LETTERS / 2);
        write!(f, "{first}-{second}")
    }
}

/// How often a device asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub interval: Duration,
    pub last: Option<Timestamp>,
}

impl Pace {
    /// What a device is told that asks now, while nobody has decided, and its pace from then on.
    #[must_use]
    pub fn asked(self, now: Timestamp) -> (Self, OAuthCode) {
        let too_soon = self.last.is_some_and(|last| now < last + self.interval);
        let (slower, answer) =
            if too_soon { (SLOWER, OAuthCode::SlowDown) } else { (Duration::ZERO, OAuthCode::AuthorizationPending) };
        (Self { interval: self.interval + slower, last: Some(now) }, answer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::tests::configured;

    struct Bytes(u8);

    impl Entropy for Bytes {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    fn check(config: &serde_json::Value, query: &str) -> OAuthResult<DeviceGrant> {
        let base = json!({
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "email"],
        });
        let mut all = base.as_object().unwrap().clone();
        all.extend(config.as_object().unwrap().clone());
        DeviceGrant::check(&configured(&all.into()), &Params::parse(query.as_bytes()))
    }

    #[test]
    fn a_device_asks_for_what_a_browser_could() {
        let all = check(&json!({}), "").unwrap();
        assert_eq!((all.scopes.join(" ").as_str(), all.lasting), ("openid email", OAuthGrant::default()));
        let some = check(&json!({}), "scope=openid&resource=https://api.example.com").unwrap();
        assert_eq!(some.scopes, ["openid"]);
        assert_eq!(some.lasting.resource.as_deref(), Some("https://api.example.com"));
        let read = |attributes: &[&str]| json!({ "ReadAttributes": attributes });
        for (config, query, code) in [
            (json!({ "AllowedOAuthFlows": ["implicit"] }), "", OAuthCode::UnauthorizedClient),
            (json!({}), "scope=other", OAuthCode::InvalidScope),
            (json!({}), "scope=openid&scope=openid", OAuthCode::InvalidRequest),
            (json!({}), "resource=api", OAuthCode::InvalidTarget),
            (json!({}), "scope=email", OAuthCode::InvalidScope),
            (read(&["name"]), "scope=openid+email", OAuthCode::InvalidScope),
        ] {
            assert_eq!(check(&config, query).unwrap_err().code, code, "{query}");
        }
        assert!(check(&read(&["name"]), "scope=openid").is_ok());
    }

    #[test]
    fn a_code_is_shown_in_two_halves_and_read_however_it_is_typed() {
        let code = UserCode::new(&Bytes(3));
        assert_eq!((code.to_string().as_str(), code.letters()), ("FFFF-FFFF", "FFFFFFFF"));
        let code = UserCode("WDJBMJHT".to_owned());
        for typed in ["WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "W.D.J.B–M.J.H.T"] {
            assert_eq!(UserCode::parse(typed).as_ref(), Some(&code), "{typed}");
        }
        let long = format!("WDJB{}MJHT", "-".repeat(57));
        for typed in ["", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB-MJH1", "WDJB-MJHÄ", &long] {
            assert_eq!(UserCode::parse(typed), None, "{typed}");
        }
        assert!(
            UserCode::parse(long.strip_suffix('T').map(|rest| rest.replacen('-', "", 1) + "T").unwrap().as_str())
                .is_some()
        );
    }

    #[test]
    fn a_device_that_asks_too_soon_has_to_wait_longer_and_longer() {
        let start = Pace { interval: INTERVAL, last: None };
        let (pace, answer) = start.asked(Timestamp(1_000));
        assert_eq!((pace, answer), (Pace { last: Some(Timestamp(1_000)), ..start }, OAuthCode::AuthorizationPending));
        let (slower, answer) = pace.asked(Timestamp(5_999));
        assert_eq!((slower.interval, answer), (Duration::from_secs(10), OAuthCode::SlowDown));
        assert_eq!(slower.last, Some(Timestamp(5_999)), "it counts from the last question");
        assert_eq!(slower.asked(Timestamp(15_998)).0.interval, Duration::from_secs(15));
        let (steady, answer) = slower.asked(Timestamp(15_999));
        assert_eq!((steady.interval, answer), (Duration::from_secs(10), OAuthCode::AuthorizationPending));
        assert_eq!(pace.asked(Timestamp(6_000)).1, OAuthCode::AuthorizationPending);
    }
}
