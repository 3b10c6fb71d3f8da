//! The issuer's two documents: discovery and the keys that verify its tokens. Anybody may read them, from any origin.
//!
//! Discovery has Cognito's members; those of a login domain appear when the pool has one (OpenID Connect Discovery 1.0).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use cognate_domain::Result;
use cognate_domain::oauth::device;
use cognate_domain::pool::{Extension, PoolConfig};
use cognate_engine::App;
use cognate_jose::{Jwk, JwkSet, PROOF_ALGORITHMS};
use cognate_store::{pools, signing_keys};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::answer;
use crate::site::Site;

/// AWS: the issuer's documents are nowhere at a login domain, whose host is another one.
type AtLogin = std::result::Result<Site, Response>;

/// Verifiers fetch keys again when they meet an unknown one; a short life helps those that do not.
const LIFE: &str = "public, max-age=300";

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/{pool_id}/.well-known/openid-configuration", get(discovery).options(preflight))
        .route("/{pool_id}/.well-known/jwks.json", get(jwks).options(preflight))
}

async fn discovery(State(app): State<Arc<App>>, at: AtLogin, Path(pool_id): Path<String>) -> Response {
    if at.is_ok() {
        return document(Ok(None), &pool_id);
    }
    document(describe(&app, &pool_id).await, &pool_id)
}

async fn describe(app: &App, pool_id: &str) -> Result<Option<Value>> {
    let Some(pool) = app.pool(pool_id).await? else { return Ok(None) };
    // The owner's own name is shown where there is one; it comes last.
    let domain = pool.config.domains().last().map(|domain| app.settings.login_url(domain));
    let mut members = configuration(&app.settings.issuer(pool_id), domain.as_deref(), &pool.config);
    if let Some(members) = members.as_object_mut() {
        let alg = app.keys(pool_id).await?.alg().as_str();
        members.insert("id_token_signing_alg_values_supported".to_owned(), json!([alg]));
    }
    Ok(Some(members))
}

/// `domain`: the address of the pool's login domain.
fn configuration(issuer: &str, domain: Option<&str>, config: &PoolConfig) -> Value {
    let mut members = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
    });
    if let (Some(domain), Some(members)) = (domain, members.as_object_mut()) {
        add_endpoints(members, domain);
        add_what_is_switched_on(members, domain, config);
    }
    members
}

const GRANT_TYPES: [&str; 4] = ["authorization_code", "implicit", "refresh_token", "client_credentials"];

fn add_endpoints(members: &mut Map<String, Value>, domain: &str) {
    for (endpoint, path) in [
        ("authorization_endpoint", "/oauth2/authorize"),
        ("end_session_endpoint", "/logout"),
        ("revocation_endpoint", "/oauth2/revoke"),
        ("token_endpoint", "/oauth2/token"),
        ("userinfo_endpoint", "/oauth2/userInfo"),
    ] {
        members.insert(endpoint.to_owned(), format!("{domain}{path}").into());
    }
    for (name, value) in [
        ("token_endpoint_auth_methods_supported", json!(["client_secret_basic", "client_secret_post"])),
        // Not of Cognito's document: without them a client that asks finds no PKCE (RFC 8414, section 2).
        ("code_challenge_methods_supported", json!(["S256"])),
        ("grant_types_supported", json!(GRANT_TYPES)),
        ("request_uri_parameter_supported", json!(false)),
        ("response_modes_supported", json!(["query", "fragment"])),
    ] {
        members.insert(name.to_owned(), value);
    }
}

/// What the pool has beyond Cognito.
fn add_what_is_switched_on(members: &mut Map<String, Value>, domain: &str, config: &PoolConfig) {
    let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    if config.has(Extension::Iss) {
        put("authorization_response_iss_parameter_supported", true.into());
    }
    if config.has(Extension::Dpop) {
        put("dpop_signing_alg_values_supported", json!(PROOF_ALGORITHMS));
    }
    if config.has(Extension::Par) {
        put("pushed_authorization_request_endpoint", format!("{domain}/oauth2/par").into());
        put("require_pushed_authorization_requests", config.has(Extension::RequirePar).into());
    }
    if config.has(Extension::Introspection) {
        put("introspection_endpoint", format!("{domain}/oauth2/introspect").into());
        put("introspection_endpoint_auth_methods_supported", json!(["client_secret_basic", "client_secret_post"]));
    }
    if config.has(Extension::Device) {
        put("device_authorization_endpoint", format!("{domain}/oauth2/device_authorization").into());
        let all: Vec<&str> = GRANT_TYPES.into_iter().chain([device::GRANT_TYPE]).collect();
        put("grant_types_supported", json!(all));
    }
    if config.profile().is_oidc() {
        put("claim_types_supported", json!(["normal"]));
        put("claims_parameter_supported", false.into());
        put("claims_supported", json!(CLAIMS));
        put("prompt_values_supported", json!(["none", "login", "select_account", "consent"]));
        put("request_parameter_supported", false.into());
        put("token_endpoint_auth_methods_supported", json!(["client_secret_basic", "client_secret_post", "none"]));
    }
}

/// Those of OpenID Connect Core, 5.1, and of its ID tokens.
const CLAIMS: [&str; 27] = [
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "at_hash",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
];

async fn jwks(State(app): State<Arc<App>>, at: AtLogin, Path(pool_id): Path<String>) -> Response {
    if at.is_ok() {
        return document(Ok(None), &pool_id);
    }
    let keys = keys_of(&app, &pool_id).await;
    document(keys.map(|keys| keys.map(|keys| json!(keys))), &pool_id)
}

/// Retired keys too: tokens that they signed are still on their way.
async fn keys_of(app: &App, pool_id: &str) -> Result<Option<JwkSet>> {
    let mut tx = app.db.read().await?;
    if pools::find(&mut tx, pool_id).await?.is_none() {
        return Ok(None);
    }
    let rows = signing_keys::list(&mut tx, pool_id).await?;
    let keys: Result<Vec<Jwk>, _> = rows.iter().map(|row| serde_json::from_str(&row.public_jwk)).collect();
    Ok(Some(JwkSet { keys: keys.map_err(cognate_domain::Error::internal)? }))
}

fn document(found: Result<Option<Value>>, pool_id: &str) -> Response {
    let mut response = match found {
        Ok(Some(document)) => ([(header::CACHE_CONTROL, LIFE)], Json(document)).into_response(),
        Ok(None) => answer::json_error(StatusCode::NOT_FOUND, &format!("User pool {pool_id} does not exist.")),
        Err(error) => answer::failed(&error),
    };
    let open = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, open);
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn preflight() -> impl axum::response::IntoResponse {
    const ALLOWED: [(HeaderName, &str); 4] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, ALLOWED)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{PoolConfig, configuration};

    fn config(tags: &serde_json::Value) -> PoolConfig {
        let asked = json!({ "PoolName": "p", "UserPoolTags": tags });
        PoolConfig::create(serde_json::from_value(asked).unwrap()).unwrap()
    }

    #[test]
    fn discovery_names_what_the_pool_has_beyond_cognito() {
        let shown = |tags| configuration("https://id.example.com/p", Some("https://shop"), &config(&tags));
        let plain = shown(json!({}));
        for name in [
            "authorization_response_iss_parameter_supported",
            "pushed_authorization_request_endpoint",
            "introspection_endpoint",
            "claims_supported",
        ] {
            assert_eq!(plain.get(name), None, "{name}");
        }
        let all = shown(json!({ "cognate:profile": "oidc", "cognate:extensions": "iss par introspection" }));
        assert_eq!(all["authorization_response_iss_parameter_supported"], true);
        assert_eq!(all["pushed_authorization_request_endpoint"], "https://shop/oauth2/par");
        assert_eq!(all["require_pushed_authorization_requests"], false);
        assert_eq!(all["introspection_endpoint"], "https://shop/oauth2/introspect");
        assert_eq!(all["request_parameter_supported"], false);
        assert!(all["claims_supported"].as_array().unwrap().contains(&json!("email_verified")));
    }

    #[test]
    fn discovery_names_the_issuer_and_its_keys_and_no_endpoint_that_is_not_there() {
        let document = configuration("https://id.example.com/eu-west-1_Ab12Cd34E", None, &config(&json!({})));
        assert_eq!(document["issuer"], "https://id.example.com/eu-west-1_Ab12Cd34E");
        assert_eq!(document["jwks_uri"], "https://id.example.com/eu-west-1_Ab12Cd34E/.well-known/jwks.json");
        assert!(document.as_object().unwrap().keys().all(|key| !key.ends_with("_endpoint")));
    }

    #[test]
    fn discovery_names_the_endpoints_of_a_login_domain() {
        let document =
            configuration("https://id.example.com/p", Some("https://shop.auth.id.example.com"), &config(&json!({})));
        assert_eq!(document["token_endpoint"], "https://shop.auth.id.example.com/oauth2/token");
        assert_eq!(document["revocation_endpoint"], "https://shop.auth.id.example.com/oauth2/revoke");
        assert_eq!(document["authorization_endpoint"], "https://shop.auth.id.example.com/oauth2/authorize");
        assert_eq!(document["userinfo_endpoint"], "https://shop.auth.id.example.com/oauth2/userInfo");
        assert_eq!(document["end_session_endpoint"], "https://shop.auth.id.example.com/logout");
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(document["token_endpoint_auth_methods_supported"][0], "client_secret_basic");
    }
}
