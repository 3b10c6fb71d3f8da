//! Refresh tokens and keys (RFC 9449, section 5): a public client's are its key's holder's alone, a confidential
//! client's are bound by its secret.

use cognate_testkit::app::claims;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::setting::{app_of, by_code, by_refresh, code, open, website};
use crate::kit::key::Key;
use crate::kit::{Answer, Machine, Shop, TOKEN, basic};

fn key_of(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    claims(&answer.text("access_token"))["cnf"]["jkt"].clone()
}

async fn public(shop: &Shop, client: &str, form: &[(&str, &str)], proof: Option<String>) -> Answer {
    let headers: Vec<_> = proof.iter().map(|proof| ("dpop", proof.as_str())).collect();
    shop.post_with(TOKEN, &[form, &[("client_id", client)]].concat(), &headers).await
}

async fn secret(shop: &Shop, client: &Machine, form: &[(&str, &str)], proof: Option<String>) -> Answer {
    let basic = basic(&client.id, &client.secret);
    let headers: Vec<_> =
        proof.iter().map(|proof| ("dpop", proof.as_str())).chain([("authorization", basic.as_str())]).collect();
    shop.post_with(TOKEN, form, &headers).await
}

both_engines! {
    async fn a_public_clients_is_good_with_the_same_key_alone(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (client, key, thief) = (app_of(&shop, json!({})).await, Key::new(), Key::new());
        let code = code(&shop, &client, &[]).await;
        let refresh = public(&shop, &client, &by_code(&code), Some(key.proof(&shop))).await.text("refresh_token");
        for _ in 0..2 {
            for (proof, error) in [
                (None, "invalid_grant"),
                (Some(thief.proof(&shop)), "invalid_grant"),
                (Some(thief.forged(&shop, &key)), "invalid_dpop_proof"),
            ] {
                assert_eq!(public(&shop, &client, &by_refresh(&refresh), proof).await.error(), (400, error));
            }
            let next = public(&shop, &client, &by_refresh(&refresh), Some(key.proof(&shop))).await;
            assert_eq!((key_of(&next), next.text("token_type")), (json!(key.thumbprint), "DPoP".to_owned()));
        }
    }

    /// Who has stolen one cannot even spoil it.
    async fn a_rotating_one_is_not_taken_by_who_lacks_the_key(app: TestApp) {
        let shop = open(app, "dpop").await;
        let rotating = json!({ "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 },
                               "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] });
        let (client, key, thief) = (app_of(&shop, rotating).await, Key::new(), Key::new());
        let code = code(&shop, &client, &[]).await;
        let first = public(&shop, &client, &by_code(&code), Some(key.proof(&shop))).await.text("refresh_token");
        shop.app.clock.tick();
        assert_eq!(
            public(&shop, &client, &by_refresh(&first), Some(thief.proof(&shop))).await.error(),
            (400, "invalid_grant")
        );
        shop.app.clock.tick();
        let second = public(&shop, &client, &by_refresh(&first), Some(key.proof(&shop))).await;
        let second = second.text("refresh_token");
        shop.app.clock.tick();
        assert_eq!(public(&shop, &client, &by_refresh(&first), None).await.error(), (400, "invalid_grant"));
        shop.app.clock.tick();
        assert_eq!(
            public(&shop, &client, &by_refresh(&second), None).await.error(),
            (400, "invalid_grant"),
            "the next one too"
        );
        let third = public(&shop, &client, &by_refresh(&second), Some(key.proof(&shop))).await;
        assert_eq!(key_of(&third), key.thumbprint, "an old one without its key ends nothing");
        let gone = shop
            .app
            .idp(
                "GetTokensFromRefreshToken",
                json!({ "ClientId": client, "RefreshToken": third.text("refresh_token") }),
            )
            .await;
        assert_eq!(gone.error.as_deref(), Some("NotAuthorizedException"), "AWS's API has no place for a proof");
    }

    async fn a_confidential_clients_is_good_with_any_key_or_none(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (client, key, next) = (website(&shop, json!({})).await, Key::new(), Key::new());
        let code = code(&shop, &client.id, &[]).await;
        let first = secret(&shop, &client, &by_code(&code), Some(key.proof(&shop))).await;
        assert_eq!(key_of(&first), key.thumbprint);
        let refresh = first.text("refresh_token");
        for (proof, bound_to) in [
            (Some(key.proof(&shop)), json!(key.thumbprint)),
            (Some(next.proof(&shop)), json!(next.thumbprint)),
            (None, Value::Null),
        ] {
            assert_eq!(key_of(&secret(&shop, &client, &by_refresh(&refresh), proof).await), bound_to);
        }
    }

    /// One that was given without a key is bound to none, though its access tokens may be from now on.
    async fn one_that_was_not_bound_stays_so(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (client, key) = (app_of(&shop, json!({})).await, Key::new());
        let code = code(&shop, &client, &[]).await;
        let refresh = public(&shop, &client, &by_code(&code), None).await.text("refresh_token");
        assert_eq!(
            key_of(&public(&shop, &client, &by_refresh(&refresh), Some(key.proof(&shop))).await),
            key.thumbprint
        );
        assert_eq!(key_of(&public(&shop, &client, &by_refresh(&refresh), None).await), Value::Null);
    }
}
