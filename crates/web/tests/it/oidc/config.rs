//! `oidcc-config-certification-test-plan`: its one module, `oidcc-discovery-endpoint-verification`, demand by demand.

use std::collections::BTreeSet;

use cognate_jose::Jwk;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};
use url::Url;

use super::party::Suite;
use crate::kit::{Answer, Shop};

const HOST_OF_ISSUER: &str = "id.example.com";

async fn discovery(shop: &Shop) -> Answer {
    shop.get(&format!("/{}/.well-known/openid-configuration", shop.pool), HOST_OF_ISSUER).await
}

fn has(document: &Value, member: &str, value: &str) -> bool {
    document[member].as_array().is_some_and(|values| values.contains(&json!(value)))
}

both_engines! {
    /// The document is there, as JSON, for a browser too.
    async fn oidcc_discovery_endpoint_verification_response(app: TestApp) {
        let suite = Suite::open(app).await;
        let answer = discovery(&suite.shop).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.body.is_object());
    }

    /// The issuer is an https URL without query and fragment, and the document stands below it; tokens say the same
    /// name.
    async fn oidcc_discovery_endpoint_verification_issuer(app: TestApp) {
        let suite = Suite::open(app).await;
        let issuer = discovery(&suite.shop).await.text("issuer");
        let url = Url::parse(&issuer).unwrap();
        assert_eq!((url.scheme(), url.query(), url.fragment()), ("https", None, None));
        assert_eq!((url.host_str(), url.path()), (Some(HOST_OF_ISSUER), format!("/{}", suite.shop.pool).as_str()));
        assert_eq!(suite.tokens(&[]).await.id["iss"], issuer);
    }

    /// Every endpoint that is named is an https URL, and those of the code flow are named.
    async fn oidcc_discovery_endpoint_verification_endpoints(app: TestApp) {
        let suite = Suite::open(app).await;
        let document = discovery(&suite.shop).await.body;
        for required in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint"] {
            assert!(document[required].is_string(), "{required}");
        }
        let addresses = document.as_object().unwrap().iter();
        let addresses = addresses.filter(|(name, _)| name.ends_with("_endpoint") || name.ends_with("_uri"));
        for (name, address) in addresses {
            assert_eq!(Url::parse(address.as_str().unwrap()).unwrap().scheme(), "https", "{name}");
        }
        for absent in ["registration_endpoint", "pushed_authorization_request_endpoint", "introspection_endpoint"] {
            assert_eq!(document.get(absent), None, "{absent} is not there, or not switched on");
        }
    }

    /// `jwks_uri` is a set of valid public keys, each with a name of its own.
    async fn oidcc_discovery_endpoint_verification_jwks(app: TestApp) {
        let suite = Suite::open(app).await;
        let address = Url::parse(&discovery(&suite.shop).await.text("jwks_uri")).unwrap();
        let answer = suite.shop.get(address.path(), address.host_str().unwrap()).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
        let keys = answer.body["keys"].as_array().unwrap();
        assert!(!keys.is_empty());
        for key in keys {
            for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
                assert_eq!(key.get(private), None, "{private}");
            }
            assert_eq!((&key["kty"], &key["use"], &key["alg"]), (&json!("RSA"), &json!("sig"), &json!("RS256")));
            let jwk: Jwk = serde_json::from_value(key.clone()).unwrap();
            assert!(cognate_jose::VerifyingKey::from_jwk(&jwk).is_ok(), "{key}");
        }
        let names: BTreeSet<_> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
        assert_eq!(names.len(), keys.len(), "{names:?}");
    }

    /// What is required is there (OpenID Connect Discovery, 3): `code`, RS256, a kind of subject.
    async fn oidcc_discovery_endpoint_verification_required_values(app: TestApp) {
        let suite = Suite::open(app).await;
        let document = discovery(&suite.shop).await.body;
        for (member, value) in [
            ("response_types_supported", "code"),
            ("id_token_signing_alg_values_supported", "RS256"),
            ("subject_types_supported", "public"),
            ("grant_types_supported", "authorization_code"),
            ("grant_types_supported", "refresh_token"),
            ("token_endpoint_auth_methods_supported", "client_secret_basic"),
            ("token_endpoint_auth_methods_supported", "client_secret_post"),
            ("code_challenge_methods_supported", "S256"),
            ("scopes_supported", "openid"),
        ] {
            assert!(has(&document, member, value), "{member} has {value}");
        }
        assert!(!has(&document, "id_token_signing_alg_values_supported", "none"));
    }

    /// Scopes are scope tokens (RFC 6749, 3.3), and each one that is named can be asked for.
    async fn oidcc_discovery_endpoint_verification_scopes(app: TestApp) {
        let suite = Suite::open(app).await;
        let document = discovery(&suite.shop).await.body;
        let scopes: Vec<&str> =
            document["scopes_supported"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        for scope in &scopes {
            assert!(scope.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)), "{scope}");
        }
        suite.tokens(&[("scope", &scopes.join(" "))]).await;
    }

    /// The defaults of what is not supported are `true` for `request_uri`: all three are said.
    async fn oidcc_discovery_endpoint_verification_request_parameters(app: TestApp) {
        let suite = Suite::open(app).await;
        let document = discovery(&suite.shop).await.body;
        for member in ["request_parameter_supported", "request_uri_parameter_supported", "claims_parameter_supported"] {
            assert_eq!(document[member], false, "{member}");
        }
    }

    /// `claims_supported` is recommended, and no claim of a person is given that is not in it.
    async fn oidcc_discovery_endpoint_verification_claims(app: TestApp) {
        let suite = Suite::open(app).await;
        let document = discovery(&suite.shop).await.body;
        assert!(has(&document, "claim_types_supported", "normal"));
        let tokens = suite.tokens(&[("scope", "openid profile email phone")]).await;
        let given = suite.userinfo(&tokens).await;
        let standard = super::party::ABOUT.iter().map(|(name, _)| *name).filter(|name| given.get(*name).is_some());
        let unnamed: Vec<_> = standard.filter(|name| !has(&document, "claims_supported", name)).collect();
        assert!(unnamed.is_empty(), "given and not named: {unnamed:?}");
    }

    /// A pool without a login domain has none of its endpoints.
    async fn a_pool_without_a_login_domain_names_no_endpoint(app: TestApp) {
        let suite = Suite::open(app).await;
        let domain = json!({ "UserPoolId": suite.shop.pool, "Domain": "shop" });
        suite.shop.app.idp("DeleteUserPoolDomain", domain).await.assert_good();
        let document = discovery(&suite.shop).await.body;
        assert!(document.as_object().unwrap().keys().all(|name| !name.ends_with("_endpoint")), "{document}");
    }
}
