//! Tokens of the mock, as others verify them, and machines that ask for theirs.

use axum::body::Body;
use cognate_auth_api::provider::TokenUses as Uses;
use cognate_authorizer::{Authorizer, Clock, Issuer, KeySet, Refusal, Rule, TokenUse, TokenUses};
use cognate_testkit::app::claims;
use cognate_testkit::{TestApp, both_engines};
use data_encoding::BASE64;
use http::{Method, Request};
use serde_json::json;

use crate::kit::{Answer, Product, request};

const SCRIPT: &str = r#"
    [[users]]
    email = "ann@example.com"
    password = "Correct-Horse-9"
    name = "Ann"
    sub = "ann"
    groups = ["staff", "editors"]

    [[machines]]
    client_id = "nightly"
    client_secret = "secret-of-nightly"
    scopes = ["orders/read", "orders/write"]
    kind = "job"
"#;
const ISSUER: &str = "https://id.example.com/dev/mock";

struct Standing(i64);

impl Clock for Standing {
    fn now(&self) -> i64 {
        self.0
    }
}

/// Whoever trusts the mock, with the keys that it shows.
async fn authorizer(product: &Product, uses: TokenUses) -> Authorizer {
    let keys = product.dev(request(Method::GET, "/dev/mock/.well-known/jwks.json", None, None)).await.good();
    let keys = KeySet::from_json(keys.body.to_string().as_bytes()).unwrap();
    let issuer = Issuer::cognito(ISSUER).token_use(uses).clients(["mock", "nightly"]).keys(keys);
    Authorizer::builder().issuer(issuer).clock(Standing(product.app.cx().now.seconds())).build().unwrap()
}

fn form(basic: Option<&str>, body: &str) -> Request<Body> {
    let mut request =
        Request::post("/dev/mock/oauth2/token").header("content-type", "application/x-www-form-urlencoded");
    if let Some(basic) = basic {
        request = request.header("authorization", format!("Basic {}", BASE64.encode(basic.as_bytes())));
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

const ASK: &str = "grant_type=client_credentials";

async fn ask(product: &Product, basic: Option<&str>, body: &str) -> Answer {
    product.dev(form(basic, body)).await
}

both_engines! {
    async fn tokens_are_cognitos_in_form_and_verify_by_the_jwks(app: TestApp) {
        let product = Product::mock_of(app, SCRIPT).await;
        let session = product.signed_in("ann@example.com").await;
        let who = authorizer(&product, TokenUses::Either).await;
        let access = who.verify_now(&session.access, &Rule::authenticated().only(TokenUse::Access)).unwrap();
        assert!(access.in_group("staff") && access.has_scope("aws.cognito.signin.user.admin"));
        who.verify_now(&session.id, &Rule::authenticated().only(TokenUse::Id)).unwrap();

        let (access, id) = (claims(&session.access), claims(&session.id));
        let now = product.app.cx().now.seconds();
        let shared = |claims: &serde_json::Value| {
            json!([claims["sub"], claims["iss"], claims["iat"], claims["exp"], claims["auth_time"], claims["cognito:groups"]])
        };
        assert_eq!(shared(&access), json!(["ann", ISSUER, now, now + 3600, now, ["staff", "editors"]]));
        assert_eq!(shared(&access), shared(&id));
        assert_eq!((&access["client_id"], &access["username"], &access["token_use"]), (&json!("mock"), &json!("ann"), &json!("access")));
        assert_eq!((&id["aud"], &id["cognito:username"], &id["token_use"]), (&json!("mock"), &json!("ann"), &json!("id")));
        assert_eq!((&id["email"], &id["email_verified"], &id["name"]), (&json!("ann@example.com"), &json!(true), &json!("Ann")));
        assert_eq!(access["origin_jti"], id["origin_jti"]);
        assert_ne!(access["jti"], id["jti"]);

        let other = Product::mock_of(product.app.another_node().await, SCRIPT).await;
        let theirs = other.signed_in("ann@example.com").await.access;
        assert!(matches!(who.verify_now(&theirs, &Rule::authenticated()), Err(Refusal::UnknownKey { .. })));
        assert_eq!(product.post_as(&theirs, "/v1/auth/sign-out", json!({})).await.problem(), (401, "unauthenticated"));
    }

    async fn the_issuers_document_leads_to_keys_and_tokens(app: TestApp) {
        let product = Product::mock_of(app, SCRIPT).await;
        let document = product.dev(request(Method::GET, "/dev/mock/.well-known/openid-configuration", None, None)).await.good();
        assert_eq!(document.text("/issuer"), ISSUER);
        assert_eq!(document.text("/jwks_uri"), format!("{ISSUER}/.well-known/jwks.json"));
        assert_eq!(document.text("/token_endpoint"), format!("{ISSUER}/oauth2/token"));
        assert_eq!(document.body["id_token_signing_alg_values_supported"], json!(["ES256"]));
    }

    async fn a_machine_gets_a_token_for_its_secret_and_is_one(app: TestApp) {
        let product = Product::mock_of(app, SCRIPT).await;
        let basic = Some("nightly:secret-of-nightly");
        let in_body = format!("{ASK}&client_id=nightly&client_secret=secret-of-nightly");
        for (basic, body, scope) in [
            (basic, ASK.to_owned(), "orders/read orders/write"),
            (None, in_body, "orders/read orders/write"),
            (basic, format!("{ASK}&scope=orders/write"), "orders/write"),
        ] {
            let given = ask(&product, basic, &body).await.good();
            assert_eq!((given.text("/token_type"), given.body["expires_in"].as_u64()), ("Bearer".to_owned(), Some(3600)));
            assert_eq!(given.header("cache-control"), "no-store");
            let token = given.text("/access_token");
            let who = authorizer(&product, TokenUses::Access).await;
            assert_eq!(who.verify_now(&token, &Rule::authenticated()).unwrap().scopes.join(" "), scope);
            let proved = product.provider.prove(&product.app.cx(), &token, Uses { id: false }).await.unwrap();
            assert!(proved.is_machine && proved.username.is_none());
            assert_eq!((proved.subject.provider.as_str(), proved.subject.id.as_str()), ("mock", "nightly"));
            assert_eq!((proved.client_id.as_str(), proved.scopes.join(" ").as_str()), ("nightly", scope));
            assert_eq!(product.post_as(&token, "/v1/auth/sign-out", json!({})).await.problem(), (403, "forbidden"));
        }
    }

    async fn who_proves_no_machine_gets_nothing(app: TestApp) {
        let product = Product::mock_of(app, SCRIPT).await;
        let right = Some("nightly:secret-of-nightly");
        for (basic, body, status, error) in [
            (Some("nightly:secret-of-nobody"), ASK, 401, "invalid_client"),
            (Some("daily:secret-of-nightly"), ASK, 401, "invalid_client"),
            (Some("mock:"), ASK, 401, "invalid_client"),
            (Some("nightly"), ASK, 401, "invalid_client"),
            (None, ASK, 401, "invalid_client"),
            (None, "grant_type=client_credentials&client_id=nightly&client_secret=", 401, "invalid_client"),
            (right, "grant_type=client_credentials&client_secret=secret-of-nightly", 400, "invalid_request"),
            (right, "grant_type=client_credentials&client_id=daily", 401, "invalid_client"),
            (right, "", 400, "invalid_request"),
            (right, "grant_type=password", 400, "unsupported_grant_type"),
            (right, "grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
            (right, "grant_type=client_credentials&scope=orders/delete", 400, "invalid_scope"),
            (right, "grant_type=client_credentials&scope=openid", 400, "invalid_scope"),
        ] {
            let refused = ask(&product, basic, body).await;
            assert_eq!((refused.status, refused.text("/error").as_str()), (status, error), "{basic:?} {body}");
        }
        let mut json = form(right, "{}");
        json.headers_mut().insert("content-type", "application/json".parse().unwrap());
        assert_eq!(product.dev(json).await.text("/error"), "invalid_request");
        let long = format!("{ASK}&scope={}", "x".repeat(20_000));
        assert_eq!(ask(&product, right, &long).await.text("/error"), "invalid_request");

        let fault = json!({ "faults": [{ "operation": "token", "code": "provider_timeout" }] });
        product.dev(request(Method::PUT, "/dev/mock/faults", None, Some(fault))).await.good();
        let failed = ask(&product, right, ASK).await;
        assert_eq!((failed.status, failed.text("/error").as_str()), (504, "server_error"));
    }
}
