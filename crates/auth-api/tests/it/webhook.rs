//! A provider's events: signed, of now, once.

use std::time::Duration;

use axum::body::Body;
use cognate_domain::Clock as _;
use cognate_store::subjects;
use cognate_testkit::{TestApp, both_engines};
use data_encoding::BASE64;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::kit::{Answer, Product, WEBHOOK_SECRET};

/// As Amazon documents the trigger's event, with what is not looked at.
fn event(product: &Product, sub: &str, email: &str) -> Value {
    json!({
        "version": "1", "region": "us-east-1", "userPoolId": product.pool, "userName": sub,
        "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": product.client },
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "request": { "userAttributes": { "sub": sub, "email_verified": "true", "email": email, "name": "Ann" } },
        "response": {},
    })
}

struct Sent<'a> {
    id: &'a str,
    seconds: i64,
    body: String,
}

impl Sent<'_> {
    fn signature(&self) -> String {
        let key = BASE64.decode(WEBHOOK_SECRET.trim_start_matches("whsec_").as_bytes()).unwrap();
        let seconds = self.seconds.to_string();
        let parts = [self.id.as_bytes(), b".", seconds.as_bytes(), b".", self.body.as_bytes()];
        format!("v1,{}", BASE64.encode(&cognate_jose::hmac_sha256(&key, &parts)))
    }

    async fn to(&self, product: &Product, signature: &str) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/v1/auth/webhook")
            .header("content-type", "application/json")
            .header("webhook-id", self.id)
            .header("webhook-timestamp", self.seconds)
            .header("webhook-signature", signature)
            .body(Body::from(self.body.clone()));
        product.send(request.unwrap()).await
    }
}

async fn known(product: &Product, email: &str) -> Vec<String> {
    let mut tx = product.app.app.db.read().await.unwrap();
    let found = subjects::list_by_email(&mut tx, email, "", 10).await.unwrap();
    found.into_iter().map(|subject| subject.known_as.id).collect()
}

both_engines! {
    async fn a_confirmed_person_is_known_before_they_call(app: TestApp) {
        let product = Product::open(app).await;
        let sub = product.person("ann@example.com").await;
        let now = product.app.clock.now().seconds();
        let sent = Sent { id: "msg_1", seconds: now, body: event(&product, &sub, "ann@example.com").to_string() };
        for _ in 0..2 {
            assert_eq!(sent.to(&product, &sent.signature()).await.status, 204);
        }
        assert_eq!(known(&product, "ann@example.com").await, std::slice::from_ref(&sub));
        let session = product.signed_in("ann@example.com").await;
        let me = product.call(Method::GET, "/v1/me", Some(&session.access), None).await.good();
        assert_eq!((me.text("/providerSubject"), me.text("/name")), (sub, "Ann".to_owned()));

        // While the secret changes, a sender signs with both.
        let rotating = Sent { id: "msg_2", seconds: now, body: event(&product, "sub-2", "bob@example.com").to_string() };
        let both = format!("v1,{} {}", BASE64.encode(&[7; 32]), rotating.signature());
        assert_eq!(rotating.to(&product, &both).await.status, 204);
        assert_eq!(known(&product, "bob@example.com").await, ["sub-2"]);
    }

    async fn an_event_told_again_changes_nothing_even_with_another_body(app: TestApp) {
        let product = Product::open(app).await;
        let now = product.app.clock.now().seconds();
        let of = |email: &str| Sent { id: "msg_1", seconds: now, body: event(&product, email, email).to_string() };
        for email in ["ann@example.com", "eve@example.com"] {
            let sent = of(email);
            assert_eq!(sent.to(&product, &sent.signature()).await.status, 204);
        }
        assert_eq!(known(&product, "eve@example.com").await, Vec::<String>::new());
    }

    async fn what_is_not_signed_or_not_of_now_is_refused(app: TestApp) {
        let product = Product::open(app).await;
        let now = product.app.clock.now().seconds();
        let body = event(&product, "sub-1", "ann@example.com").to_string();
        let good = Sent { id: "msg_1", seconds: now, body: body.clone() };
        let signature = good.signature();
        for (sent, signature) in [
            (Sent { id: "msg_2", seconds: now, body: body.clone() }, signature.clone()),
            (Sent { id: "msg_1", seconds: now + 1, body: body.clone() }, signature.clone()),
            (Sent { id: "msg_1", seconds: now, body: body.replace("sub-1", "sub-2") }, signature.clone()),
            (Sent { id: "msg_1", seconds: now, body: body.clone() }, signature.replace("v1,", "v0,")),
            (Sent { id: "msg_1", seconds: now, body: body.clone() }, "v1,".to_owned()),
            (Sent { id: "msg_1", seconds: now, body: body.clone() }, String::new()),
        ] {
            assert_eq!(sent.to(&product, &signature).await.problem(), (401, "unauthenticated"));
        }
        for seconds in [now - 301, now + 301, i64::MAX] {
            let late = Sent { id: "msg_3", seconds, body: body.clone() };
            assert_eq!(late.to(&product, &late.signature()).await.problem(), (401, "unauthenticated"), "{seconds}");
        }
        assert_eq!(known(&product, "ann@example.com").await, Vec::<String>::new());
        product.app.clock.advance(Duration::from_mins(5));
        assert_eq!(good.to(&product, &signature).await.status, 204);
    }

    async fn an_event_of_another_pool_or_of_another_kind_is_refused(app: TestApp) {
        let product = Product::open(app).await;
        let now = product.app.clock.now().seconds();
        for (at, member, value, field) in [
            (0, "userPoolId", json!("us-east-1_Elsewhere"), "/userPoolId"),
            (1, "triggerSource", json!("PreSignUp_SignUp"), "/triggerSource"),
            (2, "request", json!({ "userAttributes": {} }), "/request/userAttributes/sub"),
        ] {
            let mut body = event(&product, "sub-1", "ann@example.com");
            body[member] = value;
            let sent = Sent { id: ["a", "b", "c"][at], seconds: now, body: body.to_string() };
            let refused = sent.to(&product, &sent.signature()).await;
            assert_eq!((refused.problem(), refused.text("/errors/0/field")), ((400, "validation_failed"), field.to_owned()));
        }
        assert_eq!(known(&product, "ann@example.com").await, Vec::<String>::new());
    }
}
