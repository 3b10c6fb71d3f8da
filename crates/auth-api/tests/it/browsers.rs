//! Which pages may call from a browser.

use axum::body::Body;
use cognate_testkit::{TestApp, both_engines};
use http::Request;

use crate::kit::{ORIGIN, Product};

fn asks(origin: &str) -> Request<Body> {
    Request::options("/v1/auth/sign-in")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .body(Body::empty())
        .unwrap()
}

both_engines! {
    async fn only_pages_of_named_origins_may_call(app: TestApp) {
        let product = Product::open(app).await;
        let known = product.send(asks(ORIGIN)).await;
        assert_eq!((known.status, known.header("access-control-allow-origin")), (204, ORIGIN));
        assert!(known.header("access-control-allow-methods").contains("POST"));
        assert!(known.header("access-control-allow-headers").contains("content-type"));
        assert_eq!(known.header("access-control-allow-credentials"), "", "no cookie is ever asked for");
        for origin in ["https://evil.example.com", "null", "https://shop.example.com.evil.com", "http://shop.example.com"] {
            let foreign = product.send(asks(origin)).await;
            assert_eq!(foreign.header("access-control-allow-origin"), "", "{origin}");
        }

        let mut called = Request::post("/v1/auth/sign-in").header("origin", ORIGIN).body(Body::from("{}")).unwrap();
        called.headers_mut().insert("content-type", "application/json".parse().unwrap());
        let answer = product.send(called).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (400, ORIGIN));
        assert_eq!(answer.header("vary"), "origin");
    }
}
