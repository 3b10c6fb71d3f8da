//! What strangers may ask for: only so often, and the same for everybody.

use std::net::IpAddr;
use std::time::Duration;

use cognate_auth_api::ClientAddress;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, Product, request};

async fn from(product: &Product, address: &str, path: &str, body: Value) -> Answer {
    let mut asked = request(Method::POST, path, None, Some(body));
    asked.extensions_mut().insert(ClientAddress(address.parse::<IpAddr>().unwrap()));
    product.send(asked).await
}

both_engines! {
    async fn what_sends_mail_or_tries_a_code_is_limited_alike_for_those_who_are_there_and_for_nobody(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let account = json!({ "email": "new@example.com", "password": cognate_testkit::app::PASSWORD });
        product.post("/v1/auth/sign-up", account).await.good();
        let code = |identifier: &str| json!({ "identifier": identifier, "code": "000000" });
        let reset = |identifier: &str| json!({ "identifier": identifier, "code": "000000", "newPassword": "Another-Horse-8" });

        for (path, most) in [
            ("/v1/auth/sign-up/confirm", 10),
            ("/v1/auth/sign-up/resend-confirmation", 5),
            ("/v1/auth/password-resets", 5),
            ("/v1/auth/password-resets/confirm", 5),
            ("/v1/auth/identifier-reminders", 3),
        ] {
            let mut told = Vec::new();
            for who in ["new@example.com", "ann@example.com", "nobody@example.com"] {
                let body = match path {
                    "/v1/auth/sign-up/confirm" => code(who),
                    "/v1/auth/password-resets/confirm" => reset(who),
                    "/v1/auth/identifier-reminders" => json!({ "email": who }),
                    _ => json!({ "identifier": who }),
                };
                let mut answers = Vec::new();
                for _ in 0..most {
                    answers.push(product.post(path, body.clone()).await.status);
                }
                let refused = product.post(path, body).await;
                assert_eq!(refused.problem(), (429, "rate_limited"), "{path} {who}");
                assert_eq!(refused.header("retry-after"), "3600", "{path} {who}");
                assert!(!answers.contains(&429), "{path} {who} {answers:?}");
                told.push(answers);
            }
            assert_eq!(told[0], told[1], "{path}");
            assert_eq!(told[0], told[2], "{path}");
        }
        // Of another spelling of the same address they are the same.
        let spelled = json!({ "email": "NEW@example.com" });
        assert_eq!(product.post("/v1/auth/identifier-reminders", spelled.clone()).await.problem().0, 429);
        product.app.clock.advance(Duration::from_hours(1));
        product.post("/v1/auth/identifier-reminders", spelled).await.good();
    }

    async fn one_address_may_not_ask_about_everybody(app: TestApp) {
        let product = Product::open(app).await;
        let path = "/v1/auth/identifier-reminders";
        for at in 0..20 {
            from(&product, "192.0.2.7", path, json!({ "email": format!("n{at}@example.com") })).await.good();
        }
        let more = || json!({ "email": "more@example.com" });
        assert_eq!(from(&product, "192.0.2.7", path, more()).await.problem(), (429, "rate_limited"));
        assert_eq!(from(&product, "192.0.2.7", "/v1/auth/password-resets", json!({ "identifier": "ann" })).await.status, 429);
        from(&product, "192.0.2.8", path, more()).await.good();
    }
}
