//! What was granted: to whoever redeems a code (section 6), and then for as long as its sign-in lives.

use serde::{Deserialize, Serialize};

use super::authorize::Asked;
use super::error::{OAuthCode, OAuthError, OAuthResult};
use super::params::Params;
use super::pkce::{Challenge, Verifier};
use super::target::Target;
use crate::attributes::Permissions;
use crate::pool::Profile;

/// Without it there is no ID token and no userInfo (OpenID Connect Core, 3.1.2.1).
pub const OPENID: &str = "openid";

/// Kept with a code, judged when it comes back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeGrant {
    redirect_uri: String,
    /// Whether the request named it: only then must the exchange name it again.
    redirect_uri_named: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    challenge: Option<Challenge>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    pub scopes: Vec<String>,
    /// The thumbprint of the key that must be proved with the code (RFC 9449, section 10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default)]
    pub lasting: OAuthGrant,
}

/// What every token of such a sign-in is issued by, beside its scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthGrant {
    /// The audience of its access tokens (RFC 8707).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The thumbprint of the key whose holder alone may use its refresh tokens (RFC 9449, section 5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl CodeGrant {
    pub fn of(target: &Target, asked: &Asked) -> Self {
        Self {
            redirect_uri: target.redirect_uri.clone(),
            redirect_uri_named: target.named,
            challenge: asked.challenge.clone(),
            nonce: asked.nonce.clone(),
            scopes: asked.scopes.clone(),
            key: asked.key.clone(),
            lasting: OAuthGrant { resource: asked.resource.clone(), key: None },
        }
    }

    /// Whether what comes with a code shows that it comes from whoever asked for it.
    pub fn check(&self, params: &Params, profile: Profile) -> OAuthResult<()> {
        match params.get("redirect_uri")? {
            Some(uri) if uri == self.redirect_uri => {}
            Some(_) if profile.is_oidc() => return Err(OAuthCode::InvalidGrant.into()),
            // AWS: RFC 6749 would have `invalid_grant`.
            Some(_) => return Err(OAuthError::new(OAuthCode::UnauthorizedClient).saying("invalid_redirect")),
            None if self.redirect_uri_named => return Err(OAuthCode::InvalidRequest.into()),
            None => {}
        }
        let verifier = params.get("code_verifier")?;
        let met = match (&self.challenge, verifier) {
            (Some(challenge), Some(verifier)) => {
                Verifier::parse(verifier).is_some_and(|verifier| challenge.is_met_by(&verifier))
            }
            (None, None) => true,
            // A verifier where there was no challenge: somebody has stripped it from the request (RFC 9700, section 4.8.2).
            (Some(_), None) | (None, Some(_)) => false,
        };
        if met { Ok(()) } else { Err(OAuthCode::InvalidGrant.into()) }
    }
}

/// Which claims a scope is about (section 9.1).
const EMAIL: (&str, [&str; 2]) = ("email", ["email", "email_verified"]);
const PHONE: (&str, [&str; 2]) = ("phone", ["phone_number", "phone_number_verified"]);
const PROFILE: &str = "profile";

/// AWS: a client that may not read both claims of a scope's pair gets no tokens for that scope.
pub fn may_read_what_it_asks(permissions: &Permissions, scopes: &[String]) -> OAuthResult<()> {
    let mut asked = [EMAIL, PHONE].into_iter().filter(|(scope, _)| has(scopes, scope)).flat_map(|(_, pair)| pair);
    if asked.all(|name| permissions.may_read(name)) { Ok(()) } else { Err(OAuthCode::InvalidGrant.into()) }
}

fn has(scopes: &[String], scope: &str) -> bool {
    scopes.iter().any(|has| has == scope)
}

/// Where claims about a person are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// AWS: `profile` is all that the client may read.
    InIdToken,
    /// AWS: `profile` is all of it but what the scopes `email` and `phone` are about.
    InUserInfo,
}

/// Whether scopes cover an attribute that the client may read. AWS: `openid` alone covers all of them.
pub fn covers(scopes: &[String], attribute: &str, shown: Shown, rules: Profile) -> bool {
    let [email, phone, profile] = [EMAIL.0, PHONE.0, PROFILE].map(|scope| has(scopes, scope));
    let cognito = !rules.is_oidc();
    if attribute == "sub" || (cognito && !(email || phone || profile)) {
        return true;
    }
    let all = cognito && profile && shown == Shown::InIdToken;
    if EMAIL.1.contains(&attribute) {
        return email || all;
    }
    if PHONE.1.contains(&attribute) {
        return phone || all;
    }
    profile
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    fn grant(named: bool, challenge: bool) -> CodeGrant {
        let query = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        let asked = if challenge { query } else { "" };
        CodeGrant {
            redirect_uri: "https://app/cb".to_owned(),
            redirect_uri_named: named,
            challenge: Challenge::of(&Params::parse(asked.as_bytes())).unwrap(),
            nonce: None,
            scopes: Vec::new(),
            key: None,
            lasting: OAuthGrant::default(),
        }
    }

    #[test]
    fn a_code_is_for_whoever_knows_the_address_and_the_verifier_of_the_request() {
        use OAuthCode::{InvalidGrant, InvalidRequest, UnauthorizedClient};
        let right = format!("code_verifier={VERIFIER}");
        let wrong = format!("code_verifier={}", VERIFIER.replace('d', "e"));
        let there = "redirect_uri=https://app/cb";
        for (named, challenge, query, expected) in [
            (true, true, format!("{there}&{right}"), None),
            (true, false, there.to_owned(), None),
            (false, false, String::new(), None),
            (false, true, right.clone(), None),
            (true, true, right.clone(), Some(InvalidRequest)),
            (false, false, "redirect_uri=https://app/cb/".to_owned(), Some(UnauthorizedClient)),
            (true, true, format!("redirect_uri=https://evil&{right}"), Some(UnauthorizedClient)),
            (true, true, there.to_owned(), Some(InvalidGrant)),
            (true, true, format!("{there}&{wrong}"), Some(InvalidGrant)),
            (true, true, format!("{there}&code_verifier=short"), Some(InvalidGrant)),
            (true, false, format!("{there}&{right}"), Some(InvalidGrant)),
            (true, true, format!("{there}&{right}&{right}"), Some(InvalidRequest)),
        ] {
            let refused = grant(named, challenge).check(&Params::parse(query.as_bytes()), Profile::Cognito).err();
            assert_eq!(refused.map(|error| error.code), expected, "{named} {challenge} {query}");
        }
        let evil = Params::parse(b"redirect_uri=https://evil");
        let elsewhere = grant(true, false).check(&evil, Profile::Cognito).unwrap_err();
        assert_eq!(elsewhere.description.as_deref(), Some("invalid_redirect"));
        assert_eq!(grant(true, false).check(&evil, Profile::Oidc).unwrap_err().code, InvalidGrant);
    }

    #[test]
    fn what_is_kept_comes_back() {
        let mut kept = grant(true, true);
        kept.nonce = Some("n".to_owned());
        kept.scopes = vec!["openid".to_owned()];
        kept.lasting.resource = Some("https://api".to_owned());
        let text = serde_json::to_string(&kept).unwrap();
        let back: CodeGrant = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
        assert_eq!((back.lasting, back.challenge.is_some()), (kept.lasting, true));
    }

    #[test]
    fn a_scope_covers_its_claims_and_openid_alone_all_of_them() {
        use Shown::{InIdToken, InUserInfo};
        for (scopes, attribute, shown, covered) in [
            ("openid", "email", InIdToken, true),
            ("openid", "custom:plan", InUserInfo, true),
            ("openid aws.cognito.signin.user.admin orders/read", "email", InIdToken, true),
            ("openid email", "email", InIdToken, true),
            ("openid email", "email_verified", InUserInfo, true),
            ("openid email", "phone_number", InIdToken, false),
            ("openid email", "name", InIdToken, false),
            ("openid email", "sub", InUserInfo, true),
            ("openid phone", "phone_number_verified", InUserInfo, true),
            ("openid phone", "email", InUserInfo, false),
            ("openid profile", "name", InIdToken, true),
            ("openid profile", "custom:plan", InUserInfo, true),
            ("openid profile", "email", InIdToken, true),
            ("openid profile", "email", InUserInfo, false),
            ("openid profile", "phone_number", InIdToken, true),
            ("openid profile", "phone_number", InUserInfo, false),
            ("openid profile email", "email", InUserInfo, true),
        ] {
            let scopes: Vec<String> = scopes.split(' ').map(str::to_owned).collect();
            assert_eq!(
                covers(&scopes, attribute, shown, Profile::Cognito),
                covered,
                "{scopes:?} {attribute} {shown:?}"
            );
        }
    }

    #[test]
    fn by_the_strict_rules_a_scope_covers_what_openid_connect_says() {
        for (scopes, attribute, covered) in [
            ("openid", "email", false),
            ("openid", "sub", true),
            ("openid email", "email", true),
            ("openid profile", "email", false),
            ("openid profile", "name", true),
            ("openid phone", "phone_number", true),
        ] {
            let scopes: Vec<String> = scopes.split(' ').map(str::to_owned).collect();
            for shown in [Shown::InIdToken, Shown::InUserInfo] {
                assert_eq!(
                    covers(&scopes, attribute, shown, Profile::Oidc),
                    covered,
                    "{scopes:?} {attribute} {shown:?}"
                );
            }
        }
    }

    #[test]
    fn half_a_scope_is_none() {
        let reads = |names: &[&str]| Permissions {
            read: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            write: None,
        };
        let allowed = |permissions: &Permissions, scope: &str| {
            may_read_what_it_asks(permissions, &["openid".to_owned(), scope.to_owned()]).is_ok()
        };
        assert!(allowed(&Permissions { read: None, write: None }, "email"));
        assert!(allowed(&reads(&["email", "email_verified"]), "email"));
        assert!(!allowed(&reads(&["email"]), "email"));
        assert!(!allowed(&reads(&["name"]), "email"));
        assert!(allowed(&reads(&["email"]), "profile"));
        assert!(!allowed(&reads(&["phone_number_verified"]), "phone"));
    }
}
