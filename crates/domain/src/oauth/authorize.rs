//! What an authorization request asks for. The checks stand in the order in which they are made (section 4.3); each refusal
//! goes to a target that is proved.

use std::time::Duration;

use cognate_wire::idp::OAuthFlowType;
use serde::{Deserialize, Serialize};
use url::Url;

use super::error::{OAuthCode, OAuthResult};
use super::grant::OPENID;
use super::params::Params;
use super::pkce::Challenge;
use crate::client::Client;
use crate::pool::{Extension, PoolConfig, Profile};

/// AWS: no `id_token`, no hybrids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseKind {
    Code,
    Token,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prompt {
    /// A session that is good answers at once; without one the person is asked.
    #[default]
    IfNeeded,
    /// Nothing is shown: without a session the answer is `login_required`.
    Never,
    /// The person is asked again. The old session stays good until the new one is there.
    Again,
    /// Whoever is signed in says whether they go on. AWS: only passed on to other providers.
    Choose,
}

/// Everything that was checked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub kind: ResponseKind,
    /// Those granted, in the client's order.
    pub scopes: Vec<String>,
    pub challenge: Option<Challenge>,
    pub nonce: Option<String>,
    /// What the access token is for (RFC 8707): one, or none.
    pub resource: Option<String>,
    pub prompt: Prompt,
    /// The thumbprint of the key by whose holder alone the code is redeemed (RFC 9449, section 10).
    pub key: Option<String>,
    /// A session in which the person was asked longer ago than this is not good enough.
    pub max_age: Option<Duration>,
}

/// Of what travels with a code and is kept: longer ones are refused.
const LONGEST_NONCE: usize = 1024;
const LONGEST_RESOURCE: usize = 1024;
/// Of a SHA-256 in base64url.
const LONGEST_THUMBPRINT: usize = 43;

#[rustfmt::skip] // the order is the point
pub fn check(client: &Client, params: &Params, config: &PoolConfig) -> OAuthResult<Asked> {
    let profile   = config.profile();
    no_request_object(params, profile)?;
    read_elsewhere(params)?;
    let kind      = ResponseKind::of(params)?;
    client_may_ask(client, kind)?;
    let challenge = Challenge::of(params)?;
    let scopes    = scopes(client, params)?;
    let resource  = resource(params)?;
    let nonce     = nonce(params)?;
    let prompt    = Prompt::of(params, profile)?;
    let max_age   = max_age(params)?;
    let key       = key(params, config)?;
    Ok(Asked { kind, scopes, challenge, nonce, resource, prompt, key, max_age })
}

/// A request that says something else in an object is not to be taken for what its parameters say (OpenID Connect Core, 6). AWS:
/// ignored like any parameter that it does not know.
fn no_request_object(params: &Params, profile: Profile) -> OAuthResult<()> {
    for (name, code) in
        [("request", OAuthCode::RequestNotSupported), ("request_uri", OAuthCode::RequestUriNotSupported)]
    {
        if profile.is_oidc() && params.get(name)?.is_some() {
            return Err(code.into());
        }
    }
    Ok(())
}

/// What others go by: one that comes twice counts for them as one that is not there.
fn read_elsewhere(params: &Params) -> OAuthResult<()> {
    ["state", "login_hint", "identity_provider", "idp_identifier", "lang", "id_token_hint"]
        .iter()
        .try_for_each(|name| params.get(name).map(drop))
}

/// Where there are no proofs it is a parameter that nobody knows.
fn key(params: &Params, config: &PoolConfig) -> OAuthResult<Option<String>> {
    if !config.has(Extension::Dpop) {
        return Ok(None);
    }
    let thumbprint = params.get("dpop_jkt")?;
    if thumbprint.is_some_and(|thumbprint| thumbprint.len() > LONGEST_THUMBPRINT) {
        return Err(OAuthCode::InvalidRequest.into());
    }
    Ok(thumbprint.map(str::to_owned))
}

fn max_age(params: &Params) -> OAuthResult<Option<Duration>> {
    let seconds = params.get("max_age")?.map(str::parse).transpose().map_err(|_| OAuthCode::InvalidRequest)?;
    Ok(seconds.map(|seconds: u32| Duration::from_secs(seconds.into())))
}

impl ResponseKind {
    pub(super) fn of(params: &Params) -> OAuthResult<Self> {
        match params.get("response_type")? {
            Some("code") => Ok(Self::Code),
            Some("token") => Ok(Self::Token),
            _ => Err(OAuthCode::InvalidRequest.into()),
        }
    }
}

/// Whether a client may be answered in this way at all.
pub fn client_may_ask(client: &Client, kind: ResponseKind) -> OAuthResult<()> {
    let flow = match kind {
        ResponseKind::Code => OAuthFlowType::Code,
        ResponseKind::Token => OAuthFlowType::Implicit,
    };
    if client.allows_grant(flow) { Ok(()) } else { Err(OAuthCode::UnauthorizedClient.into()) }
}

/// They say what `openid` tells (section 9.1).
const ABOUT_PEOPLE: [&str; 3] = ["email", "phone", "profile"];

/// All of the client's if none is asked for; one that it does not have refuses the request (CHOICE in 4.3).
pub(super) fn scopes(client: &Client, params: &Params) -> OAuthResult<Vec<String>> {
    let has = client.oauth_scopes();
    let Some(asked) = params.get("scope")? else { return Ok(has.to_vec()) };
    let asked: Vec<&str> = asked.split(' ').filter(|scope| !scope.is_empty()).collect();
    if asked.is_empty() || asked.iter().any(|asked| !has.iter().any(|scope| scope == asked)) {
        return Err(OAuthCode::InvalidScope.into());
    }
    if !asked.contains(&OPENID) && asked.iter().any(|scope| ABOUT_PEOPLE.contains(scope)) {
        return Err(OAuthCode::InvalidScope.into());
    }
    Ok(has.iter().filter(|scope| asked.contains(&scope.as_str())).cloned().collect())
}

/// A URL that is https, this machine's, or an app's own.
pub(super) fn resource(params: &Params) -> OAuthResult<Option<String>> {
    let Some(resource) = params.get("resource")? else { return Ok(None) };
    let sound = Url::parse(resource).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => url.host_str() == Some("localhost"),
        scheme => resource.get(scheme.len()..).is_some_and(|rest| rest.starts_with("://")),
    });
    if !sound || resource.len() > LONGEST_RESOURCE || resource.contains('#') {
        return Err(OAuthCode::InvalidTarget.into());
    }
    Ok(Some(resource.to_owned()))
}

fn nonce(params: &Params) -> OAuthResult<Option<String>> {
    let nonce = params.get("nonce")?;
    if nonce.is_some_and(|nonce| nonce.len() > LONGEST_NONCE) {
        return Err(OAuthCode::InvalidRequest.into());
    }
    Ok(nonce.map(str::to_owned))
}

impl Prompt {
    /// A list. `select_account` and `consent` are other providers' business, and `none` stands alone (OpenID Connect Core, 3.1.2.1).
    fn of(params: &Params, profile: Profile) -> OAuthResult<Self> {
        let prompts: Vec<&str> =
            params.get("prompt")?.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).collect();
        match prompts.as_slice() {
            ["none"] => Ok(Self::Never),
            all if all.contains(&"none") => Err(OAuthCode::InvalidRequest.into()),
            all if all.contains(&"login") => Ok(Self::Again),
            all if profile.is_oidc() && all.contains(&"select_account") => Ok(Self::Choose),
            _ => Ok(Self::IfNeeded),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::tests::configured;

    const CHALLENGE: &str = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    fn client(flows: &[&str]) -> Client {
        configured(&json!({
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": flows,
            "AllowedOAuthScopes": ["openid", "email", "orders/read"],
        }))
    }

    fn asked(query: &str) -> OAuthResult<Asked> {
        check(&client(&["code"]), &Params::parse(query.as_bytes()), &config(""))
    }

    fn asked_strictly(query: &str) -> OAuthResult<Asked> {
        let strict = PoolConfig::create(
            serde_json::from_value(json!({ "PoolName": "p", "UserPoolTags": { "cognate:profile": "oidc" } })).unwrap(),
        );
        check(&client(&["code"]), &Params::parse(query.as_bytes()), &strict.unwrap())
    }

    fn config(extensions: &str) -> PoolConfig {
        let tags = json!({ "cognate:extensions": extensions });
        PoolConfig::create(serde_json::from_value(json!({ "PoolName": "p", "UserPoolTags": tags })).unwrap()).unwrap()
    }

    #[test]
    fn what_others_read_comes_once() {
        let name = |name: &str| asked(&format!("response_type=code&scope=openid&{name}=a&{name}=b")).map(drop);
        for twice in ["state", "login_hint", "identity_provider", "idp_identifier", "lang", "id_token_hint"] {
            assert_eq!(name(twice).unwrap_err().code, OAuthCode::InvalidRequest, "{twice}");
        }
        assert!(name("nobody_knows_it").is_ok());
    }

    #[test]
    fn a_key_is_named_where_keys_are_proved() {
        let asked = |query: String, extensions: &str| {
            let found = check(&client(&["code"]), &Params::parse(query.as_bytes()), &config(extensions));
            found.map(|asked| asked.key)
        };
        let query = |length: usize| format!("response_type=code&dpop_jkt={}", "x".repeat(length));
        assert_eq!(asked(query(43), "dpop").unwrap(), Some("x".repeat(43)));
        assert_eq!(asked(query(44), "dpop").unwrap_err().code, OAuthCode::InvalidRequest);
        for length in [43, 44] {
            assert_eq!(asked(query(length), "par iss").unwrap(), None);
        }
    }

    /// In the order of the checks: whatever else is wrong, the first of them is told.
    #[test]
    fn each_demand_has_its_refusal_and_the_first_is_told() {
        use OAuthCode::{InvalidRequest, InvalidScope, InvalidTarget, UnauthorizedClient};
        for (query, code) in [
            ("scope=other", InvalidRequest),
            ("response_type=", InvalidRequest),
            ("response_type=id_token&scope=other", InvalidRequest),
            ("response_type=code+token", InvalidRequest),
            ("response_type=code&response_type=code", InvalidRequest),
            ("response_type=token&code_challenge=x", UnauthorizedClient),
            ("response_type=code&code_challenge=x&scope=other", InvalidRequest),
            ("response_type=code&scope=other&resource=x", InvalidScope),
            ("response_type=code&scope=openid+other", InvalidScope),
            ("response_type=code&scope=OPENID", InvalidScope),
            ("response_type=code&scope=email", InvalidScope),
            ("response_type=code&scope=orders/read+email", InvalidScope),
            ("response_type=code&scope=+", InvalidScope),
            ("response_type=code&resource=orders", InvalidTarget),
            ("response_type=code&resource=http://api.example.com", InvalidTarget),
            ("response_type=code&resource=https://api.example.com%23a", InvalidTarget),
            ("response_type=code&prompt=none+login", InvalidRequest),
            ("response_type=code&max_age=soon", InvalidRequest),
            ("response_type=code&max_age=-1", InvalidRequest),
        ] {
            assert_eq!(asked(query).unwrap_err().code, code, "{query}");
        }
        let nonce = |length: usize| asked(&format!("response_type=code&nonce={}", "n".repeat(length)));
        assert_eq!(nonce(1025).unwrap_err().code, InvalidRequest);
        assert_eq!(nonce(1024).unwrap().nonce.unwrap().len(), 1024);
        let resource =
            |length: usize| asked(&format!("response_type=code&resource=https://{}", "a".repeat(length - 8)));
        assert_eq!(resource(1025).unwrap_err().code, InvalidTarget);
        assert!(resource(1024).is_ok());
    }

    #[test]
    fn what_is_asked_is_granted_in_the_clients_order() {
        let all =
            asked(&format!("response_type=code&scope=orders/read++openid&nonce=n&{CHALLENGE}&unknown=1")).unwrap();
        assert_eq!((all.kind, all.scopes.join(" ").as_str()), (ResponseKind::Code, "openid orders/read"));
        assert_eq!((all.nonce.as_deref(), all.resource, all.prompt), (Some("n"), None, Prompt::IfNeeded));
        assert!(all.challenge.is_some());
        assert_eq!(asked("response_type=code").unwrap().scopes, ["openid", "email", "orders/read"]);
        assert_eq!(asked("response_type=code&scope=email+openid").unwrap().scopes, ["openid", "email"]);
        assert_eq!(asked("response_type=code&scope=orders/read").unwrap().scopes, ["orders/read"]);
        let implicit = check(&client(&["implicit"]), &Params::parse(b"response_type=token"), &config("")).unwrap();
        assert_eq!(implicit.kind, ResponseKind::Token);
    }

    #[test]
    fn a_resource_is_a_place_of_the_web_of_this_machine_or_of_an_app() {
        for resource in ["https://api.example.com", "http://localhost:3000/a", "myapp://orders"] {
            assert_eq!(
                asked(&format!("response_type=code&resource={resource}")).unwrap().resource.as_deref(),
                Some(resource)
            );
        }
    }

    #[test]
    fn a_prompt_says_whether_a_session_is_enough() {
        for (prompt, means) in [
            ("", Prompt::IfNeeded),
            ("none", Prompt::Never),
            ("login", Prompt::Again),
            ("login consent", Prompt::Again),
            ("select_account", Prompt::IfNeeded),
            ("unheard-of", Prompt::IfNeeded),
        ] {
            assert_eq!(asked(&format!("response_type=code&prompt={prompt}")).unwrap().prompt, means, "{prompt}");
        }
    }

    #[test]
    fn what_only_the_strict_profile_knows_is_ignored_by_cognitos() {
        for (query, code) in [
            ("response_type=code&request=e30.e30.", OAuthCode::RequestNotSupported),
            ("response_type=code&request_uri=https://a.example/r", OAuthCode::RequestUriNotSupported),
        ] {
            assert!(asked(query).is_ok(), "{query}");
            assert_eq!(asked_strictly(query).unwrap_err().code, code, "{query}");
        }
        let choice = "response_type=code&prompt=select_account";
        assert_eq!(asked(choice).unwrap().prompt, Prompt::IfNeeded);
        assert_eq!(asked_strictly(choice).unwrap().prompt, Prompt::Choose);
        assert_eq!(asked_strictly("response_type=code&prompt=login+select_account").unwrap().prompt, Prompt::Again);
    }

    #[test]
    fn an_age_is_a_number_of_seconds() {
        assert_eq!(asked("response_type=code&max_age=60").unwrap().max_age, Some(Duration::from_mins(1)));
        assert_eq!(asked("response_type=code&max_age=0").unwrap().max_age, Some(Duration::ZERO));
        assert_eq!(asked("response_type=code").unwrap().max_age, None);
    }
}
