//! The layers and the extractors, as a router has them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::routing::get;
use cognate_authorizer::{AuthContext, AuthLayer, Authorizer, Refusal, RequireAuth, RequireGroup, RequireScope, Rule};
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::kit::{NOW, Signer, access, pool, trusting};

fn request(path: &str, token: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().uri(path);
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(Body::empty()).unwrap()
}

/// Status, challenge and body.
async fn told(response: Response<Body>) -> (u16, String, String) {
    let challenge = response.headers().get(WWW_AUTHENTICATE).map(|value| value.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1024).await.unwrap();
    (status, challenge.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
}

async fn ask(routes: &Router, path: &str, token: Option<&str>) -> (u16, String, String) {
    told(routes.clone().oneshot(request(path, token)).await.unwrap()).await
}

fn is(status: u16, challenge: &str, body: &str) -> (u16, String, String) {
    (status, challenge.to_owned(), body.to_owned())
}

async fn name(RequireAuth(who): RequireAuth) -> String {
    who.subject
}

async fn name_behind_a_layer(who: AuthContext) -> String {
    who.subject
}

fn layered(authorizer: &Authorizer) -> Router {
    Router::new()
        .route("/any", get(name_behind_a_layer))
        .route("/all", get(name_behind_a_layer).layer(RequireScope::all(["orders/read", "orders/write"])))
        .route("/one", get(name_behind_a_layer).layer(RequireScope::any(["orders/read", "orders/write"])))
        .route("/admin", get(name_behind_a_layer).layer(RequireGroup::any(["admins"])))
        .layer(AuthLayer::new(authorizer.clone()))
}

#[tokio::test]
async fn a_layer_lets_good_tokens_through_and_answers_the_others() {
    let signer = Signer::new("k");
    let routes = layered(&trusting(pool(&signer)));
    let token = |changes: Value| signer.sign(&access(changes));

    assert_eq!(ask(&routes, "/any", Some(&token(json!({})))).await, is(200, "", "ann"));
    assert_eq!(ask(&routes, "/any", None).await, is(401, "Bearer", ""));
    let invalid = is(401, r#"Bearer error="invalid_token""#, "");
    assert_eq!(ask(&routes, "/any", Some(&token(json!({ "exp": NOW })))).await, invalid);
    assert_eq!(ask(&routes, "/any", Some(&Signer::new("k").sign(&access(json!({}))))).await, invalid);
}

#[tokio::test]
async fn routes_ask_for_scopes_and_groups_of_their_own() {
    let signer = Signer::new("k");
    let routes = layered(&trusting(pool(&signer)));
    let reads = signer.sign(&access(json!({ "scope": "orders/read" })));
    let writes = signer.sign(&access(json!({ "scope": "orders/read orders/write", "cognito:groups": ["admins"] })));
    let refused = is(403, r#"Bearer error="insufficient_scope""#, "");
    for (path, reader, writer) in [
        ("/all", refused.clone(), is(200, "", "ann")),
        ("/one", is(200, "", "ann"), is(200, "", "ann")),
        ("/admin", refused, is(200, "", "ann")),
    ] {
        assert_eq!(ask(&routes, path, Some(&reads)).await, reader, "{path}");
        assert_eq!(ask(&routes, path, Some(&writes)).await, writer, "{path}");
        assert_eq!(ask(&routes, path, None).await, is(401, "Bearer", ""), "{path}");
    }
}

#[tokio::test]
async fn without_the_layer_that_verifies_nobody_gets_anywhere() {
    let signer = Signer::new("k");
    let token = signer.sign(&access(json!({ "cognito:groups": ["admins"] })));
    let routes = Router::new()
        .route("/extracted", get(name_behind_a_layer))
        .route("/required", get(async || "in").layer(RequireGroup::any(["admins"])));
    let json = r#"{"message":"Unauthorized"}"#;
    assert_eq!(ask(&routes, "/extracted", Some(&token)).await, is(401, "Bearer", json));
    assert_eq!(ask(&routes, "/required", Some(&token)).await, is(401, "Bearer", ""));
}

#[tokio::test]
async fn an_extractor_verifies_by_the_authorizer_of_the_state() {
    let signer = Signer::new("k");
    let routes = Router::new().route("/", get(name)).with_state(trusting(pool(&signer)));
    assert_eq!(ask(&routes, "/", Some(&signer.sign(&access(json!({}))))).await, is(200, "", "ann"));
    let unauthorized = r#"{"message":"Unauthorized"}"#;
    assert_eq!(ask(&routes, "/", None).await, is(401, "Bearer", unauthorized));
    let expired = signer.sign(&access(json!({ "exp": NOW })));
    assert_eq!(ask(&routes, "/", Some(&expired)).await, is(401, r#"Bearer error="invalid_token""#, unauthorized));

    let response = routes.oneshot(request("/", None)).await.unwrap();
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
}

#[tokio::test]
async fn a_handler_may_hold_who_it_is_against_a_rule() {
    async fn of_acme(RequireAuth(who): RequireAuth) -> Result<String, Refusal> {
        Rule::authenticated().check("of acme", |who| who.claims.get("tenant") == Some(&json!("acme"))).allows(&who)?;
        Ok(who.subject)
    }

    let signer = Signer::new("k");
    let routes = Router::new().route("/", get(of_acme)).with_state(trusting(pool(&signer)));
    let token = |tenant: &str| signer.sign(&access(json!({ "tenant": tenant })));
    assert_eq!(ask(&routes, "/", Some(&token("acme"))).await.0, 200);
    let refused = ask(&routes, "/", Some(&token("other"))).await;
    assert_eq!(refused, is(403, r#"Bearer error="insufficient_scope""#, r#"{"message":"Forbidden"}"#));
}

/// The log is somebody else's to write; the client gets nothing of it.
#[tokio::test]
async fn a_refused_request_never_arrives_and_its_answer_carries_why_for_the_log() {
    let signer = Signer::new("k");
    let arrived = Arc::new(AtomicUsize::new(0));
    let service =
        AuthLayer::new(trusting(pool(&signer))).rule(Rule::authenticated().scope("admin")).layer(service_fn({
            let arrived = Arc::clone(&arrived);
            move |_: Request<Body>| {
                arrived.fetch_add(1, Ordering::Relaxed);
                std::future::ready(Ok::<_, std::convert::Infallible>(Response::new(Body::empty())))
            }
        }));

    let token = signer.sign(&access(json!({})));
    let response = service.clone().oneshot(request("/", Some(&token))).await.unwrap();
    let why = response.extensions().get::<Refusal>().unwrap().to_string();
    assert_eq!(why, "the scopes are orders/read openid, expected admin");
    assert_eq!((response.status(), response.headers().len()), (StatusCode::FORBIDDEN, 1));
    assert_eq!(arrived.load(Ordering::Relaxed), 0);

    let admin = signer.sign(&access(json!({ "scope": "admin" })));
    assert_eq!(service.oneshot(request("/", Some(&admin))).await.unwrap().status(), StatusCode::OK);
    assert_eq!(arrived.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_context_that_stands_there_already_is_replaced_by_that_of_the_token() {
    let (signer, other) = (Signer::new("k"), Signer::new("k"));
    let stranger = json!({ "sub": "eve", "cognito:groups": ["admins"] });
    let planted = trusting(pool(&other)).verify_now(&other.sign(&access(stranger)), &Rule::authenticated()).unwrap();
    let mut request = request("/admin", Some(&signer.sign(&access(json!({})))));
    request.extensions_mut().insert(planted);
    let response = layered(&trusting(pool(&signer))).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}
