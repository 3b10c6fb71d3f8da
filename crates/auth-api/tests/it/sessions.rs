//! Signing in, continuing a challenge, refreshing, signing out.

use std::time::Duration;

use cognate_testkit::app::{PASSWORD, claims};
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use crate::kit::{Product, Session, both_providers, request, send};

const NEW: &str = "Another-Horse-8";

both_providers! {
    async fn a_password_brings_a_session(product: Product) {
        let sub = product.person("ann@example.com").await;
        let answer = product.sign_in("ann@example.com").await.good();

        assert_eq!(answer.body["user"], json!({
            "provider": product.provider.name(), "sub": sub, "username": sub, "name": "Ann", "email": "ann@example.com",
        }));
        assert_eq!((answer.text("/tokenType"), answer.body["expiresIn"].as_u64()), ("Bearer".to_owned(), Some(3600)));
        assert_eq!(answer.text("/expiresAt"), "2026-01-02T04:04:05Z");
        assert_eq!(answer.header("cache-control"), "no-store");
        let session = Session::of(&answer);
        assert_eq!(claims(&session.access)["token_use"], "access");
        assert_eq!(claims(&session.id)["token_use"], "id");
        product.assert_stands(&session.access).await;
    }

    async fn nobody_and_a_wrong_password_are_not_told_apart(product: Product) {
        product.person("ann@example.com").await;
        let mut told = Vec::new();
        for (identifier, password) in [("ann@example.com", "Wrong-Horse-1"), ("nobody@example.com", PASSWORD)] {
            let body = json!({ "identifier": identifier, "password": password });
            let mut answer = product.post("/v1/auth/sign-in", body).await;
            assert_eq!(answer.problem(), (401, "invalid_credentials"));
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            answer.body["traceId"] = Value::Null;
            told.push(answer.body);
        }
        assert_eq!(told.first(), told.last());
    }

    async fn guesses_are_slowed_and_say_when_to_come_back(product: Product) {
        product.person("ann@example.com").await;
        for identifier in ["ann@example.com", "nobody@example.com"] {
            let wrong = json!({ "identifier": identifier, "password": "Wrong-Horse-1" });
            for _ in 0..5 {
                assert_eq!(product.post("/v1/auth/sign-in", wrong.clone()).await.problem(), (401, "invalid_credentials"));
            }
            let locked = product.post("/v1/auth/sign-in", wrong).await;
            assert_eq!(locked.problem(), (429, "rate_limited"), "{identifier}");
            assert!(locked.header("retry-after").parse::<u32>().unwrap() >= 1);
        }
    }

    async fn a_challenge_is_answered_where_and_while_it_waits(product: Product) {
        product.invited("invited@example.com").await;
        let session = product.sign_in("invited@example.com").await.good().text("/challenge/session");
        let answer = |session: &str| json!({ "session": session, "newPassword": NEW });

        for (path, body) in [
            ("/v1/auth/challenges/sms-code", json!({ "session": session, "code": "123456" })),
            ("/v1/auth/challenges/select", json!({ "session": session, "code": "PASSWORD" })),
            ("/v1/auth/challenges/new-password", answer(&session.to_lowercase())),
            ("/v1/auth/challenges/new-password", answer("AYABe")),
        ] {
            assert_eq!(product.post(path, body).await.problem(), (401, "challenge_failed"), "{path}");
        }
        product.app.clock.advance(Duration::from_mins(3));
        let late = product.post("/v1/auth/challenges/new-password", answer(&session)).await;
        assert_eq!(late.problem(), (401, "challenge_expired"));
    }

    async fn who_is_unconfirmed_is_told_once_the_password_is_right(product: Product) {
        let account = json!({ "email": "ann@example.com", "password": PASSWORD });
        product.post("/v1/auth/sign-up", account).await.good();
        let wrong = json!({ "identifier": "ann@example.com", "password": "Wrong-Horse-1" });
        assert_eq!(product.post("/v1/auth/sign-in", wrong).await.problem(), (401, "invalid_credentials"));
        assert_eq!(product.sign_in("ann@example.com").await.problem(), (403, "confirmation_required"));
    }

    async fn a_password_that_was_reset_proves_nothing_and_tells_nothing(product: Product) {
        let sub = product.person("ann@example.com").await;
        product.reset_password(&sub).await;
        assert_eq!(product.sign_in("ann@example.com").await.problem(), (401, "invalid_credentials"));
    }

    async fn a_session_is_refreshed(product: Product) {
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        product.app.clock.advance(Duration::from_mins(59));
        let next = product.post("/v1/auth/token/refresh", json!({ "refreshToken": session.refresh })).await.good();
        assert!(next.body.get("refreshToken").is_none(), "the old one stays good");
        assert_eq!(next.text("/user/email"), "ann@example.com");
        assert_ne!(next.text("/accessToken"), session.access);
        product.assert_stands(&next.text("/accessToken")).await;

        for wrong in ["x", &session.access, &session.refresh.to_lowercase()] {
            let refused = product.post("/v1/auth/token/refresh", json!({ "refreshToken": wrong })).await;
            assert_eq!(refused.problem(), (401, "refresh_rejected"));
        }
        product.app.clock.advance(Duration::from_hours(24 * 30));
        let late = product.post("/v1/auth/token/refresh", json!({ "refreshToken": session.refresh })).await;
        assert_eq!(late.problem(), (401, "refresh_rejected"));
    }

    async fn signing_out_ends_everything_or_one_session(product: Product) {
        product.person("ann@example.com").await;
        product.person("eve@example.com").await;
        let (phone, laptop) = (product.signed_in("ann@example.com").await, product.signed_in("ann@example.com").await);
        let eve = product.signed_in("eve@example.com").await;
        let sign_out = "/v1/auth/sign-out";

        let foreign = product.post_as(&eve.access, sign_out, json!({ "refreshToken": phone.refresh })).await;
        assert_eq!(foreign.problem(), (401, "refresh_rejected"), "only one's own");
        let one = product.post_as(&laptop.access, sign_out, json!({ "refreshToken": phone.refresh })).await;
        assert_eq!((one.status, &one.body), (204, &Value::Null));
        assert_eq!(product.post_as(&phone.access, sign_out, json!({})).await.problem(), (401, "unauthenticated"));

        let everywhere = product.call(Method::POST, sign_out, Some(&laptop.access), None).await;
        assert_eq!(everywhere.status, 204, "without a body");
        for token in [&phone.refresh, &laptop.refresh] {
            let refused = product.post("/v1/auth/token/refresh", json!({ "refreshToken": token })).await;
            assert_eq!(refused.problem(), (401, "refresh_rejected"));
        }
        assert_eq!(product.post_as(&laptop.access, sign_out, json!({})).await.problem(), (401, "unauthenticated"));
        product.post_as(&eve.access, sign_out, json!({})).await.good();
    }

    async fn only_an_access_token_in_its_header_is_a_bearer(product: Product) {
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let path = "/v1/auth/password-verifications";
        let body = || Some(json!({ "password": PASSWORD }));
        let (signed, signature) = session.access.rsplit_once('.').unwrap();
        let altered = format!("{signed}.{}", signature.chars().rev().collect::<String>());
        for token in [Some(session.id.as_str()), Some(&session.refresh), Some(&altered), Some(""), None] {
            assert_eq!(product.call(Method::POST, path, token, body()).await.problem(), (401, "unauthenticated"), "{token:?}");
        }
        for (name, value) in [("authorization", format!("Basic {}", session.access)), ("cookie", format!("token={}", session.access))] {
            let mut sent = request(Method::POST, path, None, body());
            sent.headers_mut().insert(name, value.parse().unwrap());
            assert_eq!(product.send(sent).await.problem(), (401, "unauthenticated"), "{name}");
        }
        let mut twice = request(Method::POST, path, Some(&session.access), body());
        twice.headers_mut().append("authorization", format!("Bearer {}", session.access).parse().unwrap());
        assert_eq!(product.send(twice).await.problem(), (401, "unauthenticated"));

        product.app.clock.advance(Duration::from_hours(1));
        assert_eq!(product.call(Method::POST, path, Some(&session.access), body()).await.problem(), (401, "unauthenticated"));
    }

    async fn in_transition_an_id_token_is_a_bearer_for_as_long_as_its_sign_in_stands(product: Product) {
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let in_transition = product.in_transition().await;
        let verify = |token: &str| {
            let body = Some(json!({ "password": PASSWORD }));
            send(in_transition.clone(), request(Method::POST, "/v1/auth/password-verifications", Some(token), body))
        };
        verify(&session.id).await.good();
        verify(&session.access).await.good();
        product.post_as(&session.access, "/v1/auth/sign-out", json!({})).await.good();
        assert_eq!(verify(&session.id).await.problem(), (401, "unauthenticated"));
    }
}

/// Of `nameless@example.com`, where a name must be there.
async fn replace_a_temporary_password(product: Product) {
    let asked = product.sign_in("nameless@example.com").await.good();
    assert_eq!(asked.text("/challenge/type"), "new_password");
    assert_eq!(asked.body["challenge"]["parameters"], json!({ "requiredAttributes": ["name"] }));
    assert_eq!(asked.text("/challenge/expiresAt"), "2026-01-02T03:07:05Z");
    assert!(asked.body.get("accessToken").is_none());
    let session = asked.text("/challenge/session");
    assert!(!session.contains("AYABe"), "the provider's own is sealed");

    let answer = |password: &str, attributes: Value| json!({ "session": session, "newPassword": password, "attributes": attributes });
    let at = "/v1/auth/challenges/new-password";
    let weak = product.post(at, answer("short", json!({ "name": "Ann" }))).await;
    assert_eq!(weak.problem(), (422, "password_rejected"));
    assert!(weak.text("/detail").contains("not long enough"), "{}", weak.text("/detail"));
    let missing = product.post(at, answer(NEW, json!({}))).await;
    assert_eq!(missing.problem(), (400, "validation_failed"));
    let raised = product.post(at, answer(NEW, json!({ "name": "Ann", "email_verified": "true" }))).await;
    assert_eq!(raised.problem(), (400, "validation_failed"), "nobody verifies their own address");

    let done = product.post(at, answer(NEW, json!({ "name": "Ann" }))).await.good();
    assert_eq!(done.text("/user/name"), "Ann");
    let again = product.post(at, answer("Third-Horse-77", json!({ "name": "Eve" }))).await;
    assert_eq!(again.problem(), (401, "challenge_failed"), "a session is good once");
    let signed_in = json!({ "identifier": "nameless@example.com", "password": NEW });
    product.post("/v1/auth/sign-in", signed_in).await.good();
}

both_engines! {
    async fn a_temporary_password_is_replaced(app: TestApp) {
        let product = Product::open_with(app, json!({
            "AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"],
            "Schema": [{ "Name": "name", "Required": true, "AttributeDataType": "String", "Mutable": true }],
        }), json!({})).await;
        product.invited("nameless@example.com").await;
        replace_a_temporary_password(product).await;
    }

    async fn a_temporary_password_of_the_mocks_is_replaced(app: TestApp) {
        replace_a_temporary_password(Product::mock(app).await).await;
    }

    async fn what_another_client_of_the_pool_was_given_is_no_bearer(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let other = product.app.client(&product.pool).await;
        let theirs = product.app.tokens(&other, "ann@example.com").await;
        let refused = product.post_as(&theirs.access, "/v1/auth/sign-out", json!({})).await;
        assert_eq!(refused.problem(), (401, "unauthenticated"));
        let refreshed = product.post("/v1/auth/token/refresh", json!({ "refreshToken": theirs.refresh })).await;
        assert_eq!(refreshed.problem(), (401, "refresh_rejected"));
        product.app.get_user(&theirs.access).await.assert_good();
    }

    async fn where_the_client_rotates_each_refresh_token_is_good_once(app: TestApp) {
        let rotation = json!({ "RefreshTokenRotation": { "Feature": "ENABLED" }, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] });
        let names = json!({ "AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"] });
        let product = Product::open_with(app, names, rotation).await;
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let refresh = |token: String| product.post("/v1/auth/token/refresh", json!({ "refreshToken": token }));
        let next = Session::of(&refresh(session.refresh.clone()).await.good());
        product.app.clock.tick();
        assert_eq!(refresh(session.refresh).await.problem(), (401, "refresh_rejected"));
        assert_eq!(refresh(next.refresh).await.problem(), (401, "refresh_rejected"), "and takes the stolen one along");
    }

    async fn tokens_of_the_providers_own_sdk_work_here(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let own = product.app.tokens(&product.client, "ann@example.com").await;
        let next = product.post("/v1/auth/token/refresh", json!({ "refreshToken": own.refresh })).await.good();
        assert_eq!(next.text("/user/email"), "ann@example.com");
        let verified = json!({ "password": PASSWORD });
        product.post_as(&own.access, "/v1/auth/password-verifications", verified).await.good();
    }
}
