//! The document that says all this.

use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::Value;

use crate::kit::Product;

both_engines! {
    async fn the_document_is_the_one_that_is_checked_in(app: TestApp) {
        let product = Product::open(app).await;
        let served = product.call(Method::GET, "/v1/openapi.json", None, None).await.good();
        let kept: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
        assert_eq!(served.body, kept, "run `cargo run -p cognate-auth-api --example openapi`");
        assert_eq!(served.body["openapi"], "3.1.0");
    }

    async fn every_address_of_the_document_answers(app: TestApp) {
        let product = Product::open(app).await;
        let document = product.call(Method::GET, "/v1/openapi.json", None, None).await.good().body;
        let mut paths = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let answer = product.call(method, path, None, None).await;
                assert!(![404, 405].contains(&answer.status), "{path}: {}", answer.body);
                paths += 1;
            }
        }
        assert!(paths >= 44, "{paths}");
    }
}
