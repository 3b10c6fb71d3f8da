//! Opening an account, confirming it, and getting back into it.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use crate::kit::{Product, both_providers};

const NEW: &str = "Another-Horse-8";

fn account(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "name": "Ann" })
}

/// What is sent unseen leaves in a task of its own.
async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..500 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    look().await.unwrap()
}

both_providers! {
    async fn an_account_is_opened_confirmed_and_used(product: Product) {
        let made = product.post("/v1/auth/sign-up", account("ann@example.com")).await;
        assert_eq!(made.status, 201);
        assert_eq!(made.body, json!({
            "requiresConfirmation": true, "canSignIn": false, "delivery": { "channel": "email", "destination": "a***@e***" },
        }));
        let (_, code) = product.message("ann@example.com").await.unwrap();
        let confirm = |code: &str| product.post("/v1/auth/sign-up/confirm", json!({ "identifier": "ann@example.com", "code": code }));
        assert_eq!(confirm("000000").await.problem(), (422, "code_rejected"));
        assert_eq!(confirm(&code.unwrap()).await.status, 204);
        assert_eq!(product.sign_in("ann@example.com").await.good().text("/user/name"), "Ann");
    }

    async fn an_address_that_is_taken_gets_the_same_answer_and_a_mail(product: Product) {
        product.person("ann@example.com").await;
        let taken = product.post("/v1/auth/sign-up", account("ann@example.com")).await;
        let free = product.post("/v1/auth/sign-up", account("amy@example.com")).await;
        assert_eq!((taken.status, &taken.body), (free.status, &free.body));
        let (told, code) = until(async || product.message("ann@example.com").await).await;
        assert!(told.contains("has an account already"), "{told}");
        assert_eq!(code, None);
        product.sign_in("ann@example.com").await.good();
    }

    async fn a_weak_password_opens_nothing(product: Product) {
        let weak = json!({ "email": "ann@example.com", "password": "weak" });
        assert_eq!(product.post("/v1/auth/sign-up", weak).await.problem(), (422, "password_rejected"));
        assert_eq!(product.app.rows("users").await, 0);
    }

    async fn a_confirmation_is_sent_again_and_says_nothing_of_who_is_there(product: Product) {
        product.post("/v1/auth/sign-up", account("ann@example.com")).await.good();
        product.person("amy@example.com").await;
        let mut told = Vec::new();
        for identifier in ["ann@example.com", "amy@example.com", "abe@example.com"] {
            let sent = product.post("/v1/auth/sign-up/resend-confirmation", json!({ "identifier": identifier })).await;
            assert_eq!(sent.status, 202, "{identifier}: {}", sent.body);
            told.push(sent.body);
        }
        assert_eq!(told, vec![json!({ "delivery": { "channel": "email", "destination": "a***@e***" } }); 3]);
        for _ in 0..4 {
            product.post("/v1/auth/sign-up/resend-confirmation", json!({ "identifier": "ann@example.com" })).await.good();
        }
        let again = product.post("/v1/auth/sign-up/resend-confirmation", json!({ "identifier": "ann@example.com" })).await;
        assert_eq!(again.problem(), (429, "rate_limited"));
    }

    async fn a_forgotten_password_is_replaced_by_a_code(product: Product) {
        product.person("ann@example.com").await;
        let begin = |identifier: &str| product.post("/v1/auth/password-resets", json!({ "identifier": identifier }));
        let (here, nobody) = (begin("ann@example.com").await, begin("amy@example.com").await);
        assert_eq!((here.status, &here.body), (202, &json!({ "delivery": { "channel": "email", "destination": "a***@e***" } })));
        assert_eq!((nobody.status, nobody.body), (here.status, here.body));

        let (_, code) = product.message("ann@example.com").await.unwrap();
        let code = code.unwrap();
        let finish = |identifier: &str, code: &str, password: &str| {
            let body = json!({ "identifier": identifier, "code": code, "newPassword": password });
            product.post("/v1/auth/password-resets/confirm", body)
        };
        assert_eq!(finish("ann@example.com", &code, "weak").await.problem(), (422, "password_rejected"));
        assert_eq!(finish("ann@example.com", "000000", NEW).await.problem(), (422, "code_rejected"));
        assert_eq!(finish("amy@example.com", &code, NEW).await.problem(), (422, "code_rejected"));
        assert_eq!(finish("ann@example.com", &code, NEW).await.status, 204);
        assert_eq!(finish("ann@example.com", &code, PASSWORD).await.problem(), (422, "code_rejected"), "good once");
        product.post("/v1/auth/sign-in", json!({ "identifier": "ann@example.com", "password": NEW })).await.good();
    }

    async fn a_password_is_checked_again_and_guesses_count(product: Product) {
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let families = product.app.rows("token_families").await;
        let verify = |password: &str| {
            product.post_as(&session.access, "/v1/auth/password-verifications", json!({ "password": password }))
        };
        assert_eq!(verify(PASSWORD).await.good().body, json!({ "verified": true }));
        for _ in 0..5 {
            assert_eq!(verify("Wrong-Horse-1").await.good().body, json!({ "verified": false }));
        }
        assert_eq!(verify(PASSWORD).await.problem(), (429, "rate_limited"));
        assert_eq!(product.sign_in("ann@example.com").await.problem(), (429, "rate_limited"), "one lock for all doors");
        assert_eq!(product.app.rows("token_families").await, families, "no session comes of it");
    }

    async fn a_password_is_changed(product: Product) {
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let change = |current: &str, new: &str| {
            let body = json!({ "currentPassword": current, "newPassword": new });
            product.call(Method::PATCH, "/v1/auth/password", Some(&session.access), Some(body))
        };
        assert_eq!(change("Wrong-Horse-1", NEW).await.problem(), (403, "forbidden"));
        assert_eq!(change(PASSWORD, "weak").await.problem(), (422, "password_rejected"));
        assert_eq!(change(PASSWORD, NEW).await.status, 204);
        product.post("/v1/auth/sign-in", json!({ "identifier": "ann@example.com", "password": NEW })).await.good();
    }
}

both_engines! {
    async fn where_addresses_are_aliases_people_sign_up_and_in_by_them(app: TestApp) {
        let pool = json!({ "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"] });
        let product = Product::open_with(app, pool, json!({})).await;
        product.post("/v1/auth/sign-up", account("ann@example.com")).await.good();
        let (_, code) = product.message("ann@example.com").await.unwrap();
        // Somebody else with the same address, who never reads its mail.
        product.app.clock.tick();
        product.post("/v1/auth/sign-up", account("ann@example.com")).await.good();

        let confirm = |code: &str| {
            product.post("/v1/auth/sign-up/confirm", json!({ "identifier": "ann@example.com", "code": code }))
        };
        assert_eq!(confirm("000000").await.problem(), (422, "code_rejected"));
        assert_eq!(confirm(&code.unwrap()).await.status, 204);
        assert_eq!(product.sign_in("ann@example.com").await.good().text("/user/email"), "ann@example.com");
        let nobody = json!({ "identifier": "amy@example.com", "code": "000000" });
        assert_eq!(product.post("/v1/auth/sign-up/confirm", nobody).await.problem(), (422, "code_rejected"));
    }

    async fn where_only_administrators_make_accounts_that_is_said(app: TestApp) {
        let pool = json!({ "UsernameAttributes": ["email"], "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true } });
        let product = Product::open_with(app, pool, json!({})).await;
        assert_eq!(product.post("/v1/auth/sign-up", account("ann@example.com")).await.problem(), (403, "sign_up_closed"));
    }

    async fn somebody_is_reminded_of_their_name_by_mail_alone(app: TestApp) {
        let product = Product::open_with(app, json!({ "AutoVerifiedAttributes": ["email"] }), json!({})).await;
        product.app.user(&product.pool, "horse-friend").await;
        let remind = |email: &str| product.post("/v1/auth/identifier-reminders", json!({ "email": email }));
        let (here, nobody) = (remind("horse-friend@example.com").await, remind("nobody@example.com").await);
        assert_eq!((here.status, &here.body), (202, &json!({})));
        assert_eq!((nobody.status, nobody.body), (here.status, here.body));
        let (told, _) = until(async || product.message("horse-friend@example.com").await).await;
        assert!(told.contains("You sign in as horse-friend."), "{told}");
        assert!(product.message("nobody@example.com").await.is_none());
    }
}
