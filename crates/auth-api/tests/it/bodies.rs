//! What does not fit its contract, at every address.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::kit::{Product, both_providers};

const POSTED: [&str; 16] = [
    "/v1/auth/sign-in",
    "/v1/auth/challenges/new-password",
    "/v1/auth/challenges/software-token",
    "/v1/auth/challenges/sms-code",
    "/v1/auth/challenges/email-code",
    "/v1/auth/challenges/select",
    "/v1/auth/challenges/custom",
    "/v1/auth/token/refresh",
    "/v1/auth/sign-out",
    "/v1/auth/sign-up",
    "/v1/auth/sign-up/confirm",
    "/v1/auth/sign-up/resend-confirmation",
    "/v1/auth/password-resets",
    "/v1/auth/password-resets/confirm",
    "/v1/auth/password-verifications",
    "/v1/auth/identifier-reminders",
];

fn raw(path: &str, kind: &str, body: Vec<u8>) -> Request<Body> {
    Request::post(path).header("content-type", kind).body(Body::from(body)).unwrap()
}

both_providers! {
    async fn a_body_that_does_not_fit_is_refused_everywhere(product: Product) {
        for path in POSTED {
            let unknown = product.post(path, json!({ "userId": "somebody else" })).await;
            assert_eq!(unknown.problem(), (400, "validation_failed"), "{path}");
            assert_eq!(unknown.body["errors"], json!([{ "field": "/userId", "message": "`userId` is not known here." }]), "{path}");
            for body in [&b"{"[..], b"[]", b"null", b"\"x\"", b"{} {}", b"{\"identifier\":\xff}"] {
                let answer = product.send(raw(path, "application/json", body.to_vec())).await;
                assert_eq!(answer.problem(), (400, "validation_failed"), "{path} {body:?}");
            }
            let long = product.send(raw(path, "application/json", vec![b' '; 70_000])).await;
            assert_eq!(long.problem(), (413, "body_too_large"), "{path}");
            let form = product.send(raw(path, "application/x-www-form-urlencoded", b"a=b".to_vec())).await;
            assert_eq!(form.problem(), (415, "unsupported_media_type"), "{path}");
        }
    }

    async fn what_is_not_there_and_other_methods_are_said_in_the_same_words(product: Product) {
        assert_eq!(product.post("/v1/auth/nothing", json!({})).await.problem(), (404, "not_found"));
        assert_eq!(product.call(Method::GET, "/v1", None, None).await.status, 404);
        for path in POSTED {
            assert_eq!(product.call(Method::GET, path, None, None).await.problem(), (405, "method_not_allowed"), "{path}");
        }
    }

    async fn fields_have_bounds_and_each_flaw_is_named(product: Product) {
        let account = json!({
            "email": "no address", "password": "", "name": "\u{7}", "phone": "1".repeat(33),
            "attributes": { "sub": "x", "custom:team": "y".repeat(2049), "a b": "z" },
        });
        let refused = product.post("/v1/auth/sign-up", account).await;
        assert_eq!(refused.problem(), (400, "validation_failed"));
        let fields: Vec<&str> =
            refused.body["errors"].as_array().unwrap().iter().filter_map(|flaw| flaw["field"].as_str()).collect();
        let expected =
            ["/email", "/password", "/name", "/phone", "/attributes", "/attributes/custom:team", "/attributes/sub"];
        assert_eq!(fields, expected);
        assert!(!refused.body.to_string().contains("no address"), "what was sent is not repeated");
        assert_eq!(product.app.rows("users").await, 0);
    }

    async fn a_trace_goes_on_and_a_wrong_one_begins_anew(product: Product) {
        let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let mut sent = raw("/v1/auth/sign-in", "application/json", b"{}".to_vec());
        sent.headers_mut().insert("traceparent", format!("00-{trace}-{span}-01").parse().unwrap());
        let answer = product.send(sent).await;
        assert_eq!(answer.body["traceId"], trace);
        let parent = answer.header("traceparent").to_owned();
        assert!(parent.starts_with(&format!("00-{trace}-")) && parent.ends_with("-01") && !parent.contains(span), "{parent}");

        let mut sent = raw("/v1/auth/sign-in", "application/json", b"{}".to_vec());
        sent.headers_mut().insert("traceparent", "00-0-0-00".parse().unwrap());
        let answer = product.send(sent).await;
        assert_eq!(answer.body["traceId"].as_str().unwrap().len(), 32);
        assert_ne!(answer.body["traceId"], Value::from(trace));
    }
}
