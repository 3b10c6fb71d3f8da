//! Token introspection (RFC 7662): what a token is worth now, for who has a secret to ask with.

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::setting::{ADMIN, app_of, by_code, by_refresh, code, open, proved, switch, website};
use crate::kit::key::Key;
use crate::kit::{Answer, CALLBACK, HOST, Machine, Shop, basic};

const PATH: &str = "/oauth2/introspect";

async fn tokens(shop: &Shop, client: &Machine) -> Answer {
    let code = code(shop, &client.id, &[]).await;
    proved(shop, client, "/oauth2/token", &by_code(&code)).await
}

async fn worth(shop: &Shop, asker: &Machine, token: &str) -> Value {
    let answer = proved(shop, asker, PATH, &[("token", token)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.header("content-type").starts_with("application/json"));
    assert!(answer.header("cache-control").contains("no-store"));
    answer.body
}

/// Nothing else is said of a token that is not active (RFC 7662, 2.2).
fn inactive() -> Value {
    json!({ "active": false })
}

both_engines! {
    async fn an_access_token_is_shown_to_every_client_of_its_pool_that_has_a_secret(app: TestApp) {
        let shop = open(app, "introspection").await;
        let (client, api) = (website(&shop, json!({})).await, shop.machine().await);
        let access = tokens(&shop, &client).await.text("access_token");
        let claims = cognate_testkit::app::claims(&access);
        for asker in [&client, &api] {
            let said = worth(&shop, asker, &access).await;
            assert_eq!((&said["active"], &said["token_type"]), (&json!(true), &json!("Bearer")));
            assert_eq!((&said["username"], &said["client_id"]), (&json!("ann"), &json!(client.id)));
            assert_eq!(said["scope"], format!("openid email {ADMIN}"));
            for name in ["sub", "iss", "exp", "iat", "jti", "auth_time"] {
                assert!(said[name] == claims[name] && !said[name].is_null(), "{name}: {said}");
            }
        }
        let of_api = shop.app.tokens(&app_of(&shop, json!({})).await, "ann").await;
        assert_eq!(worth(&shop, &api, &of_api.access).await["scope"], ADMIN, "the API's tokens too");
    }

    async fn a_refresh_token_is_shown_to_its_own_client_alone(app: TestApp) {
        let shop = open(app, "introspection").await;
        let (client, other) = (website(&shop, json!({})).await, website(&shop, json!({})).await);
        let refresh = tokens(&shop, &client).await.text("refresh_token");
        let said = worth(&shop, &client, &refresh).await;
        assert_eq!(
            (&said["active"], &said["client_id"], &said["username"]),
            (&json!(true), &json!(client.id), &json!("ann"))
        );
        assert_eq!((said.get("token_type"), said["exp"].is_i64()), (None, true));
        assert_eq!(worth(&shop, &other, &refresh).await, inactive());
        let hinted = proved(&shop, &client, PATH, &[("token", &refresh), ("token_type_hint", "access_token")]).await;
        assert_eq!(hinted.body["active"], true, "a hint is a hint");
    }

    async fn a_machines_token_has_nobody_behind_it(app: TestApp) {
        let shop = open(app, "introspection").await;
        let (machine, api) = (shop.machine().await, website(&shop, json!({})).await);
        let token = proved(&shop, &machine, "/oauth2/token", &[("grant_type", "client_credentials")])
            .await
            .text("access_token");
        let said = worth(&shop, &api, &token).await;
        assert_eq!((&said["active"], &said["sub"], said.get("username")), (&json!(true), &json!(machine.id), None));
        assert_eq!(said["scope"], "orders/read orders/write");
        let gone = json!({ "UserPoolId": shop.pool, "ClientId": machine.id });
        shop.app.idp("DeleteUserPoolClient", gone).await.assert_good();
        assert_eq!(worth(&shop, &api, &token).await, inactive());
    }

    async fn a_token_that_was_revoked_is_inactive(app: TestApp) {
        let shop = open(app, "introspection").await;
        let client = website(&shop, json!({})).await;
        let revoked = tokens(&shop, &client).await;
        let out = tokens(&shop, &client).await;
        let (access, refresh) = (revoked.text("access_token"), revoked.text("refresh_token"));
        assert_eq!(proved(&shop, &client, "/oauth2/revoke", &[("token", &refresh)]).await.status, 200);
        assert_eq!(worth(&shop, &client, &access).await, inactive());
        assert_eq!(worth(&shop, &client, &refresh).await, inactive());

        let (access, refresh) = (out.text("access_token"), out.text("refresh_token"));
        assert_eq!(worth(&shop, &client, &access).await["active"], true, "another sign-in stays");
        shop.app.clock.tick();
        shop.app.idp("GlobalSignOut", json!({ "AccessToken": access })).await.assert_good();
        assert_eq!(
            (worth(&shop, &client, &access).await, worth(&shop, &client, &refresh).await),
            (inactive(), inactive())
        );
    }

    async fn a_token_that_has_expired_is_inactive_to_the_millisecond(app: TestApp) {
        let shop = open(app, "introspection").await;
        let units = json!({ "AccessToken": "minutes", "RefreshToken": "minutes", "IdToken": "minutes" });
        let client = website(
            &shop,
            json!({ "AccessTokenValidity": 5, "IdTokenValidity": 5, "RefreshTokenValidity": 60,
                                            "TokenValidityUnits": units }),
        )
        .await;
        let held = tokens(&shop, &client).await;
        for (token, life) in [("access_token", 5), ("refresh_token", 55)] {
            let token = held.text(token);
            shop.app.clock.almost(Duration::from_mins(life));
            assert_eq!(worth(&shop, &client, &token).await["active"], true);
            shop.app.clock.tick();
            assert_eq!(worth(&shop, &client, &token).await, inactive());
        }
    }

    async fn nobodys_tokens_are_active_whose_account_is_closed(app: TestApp) {
        let shop = open(app, "introspection").await;
        let client = website(&shop, json!({})).await;
        for operation in ["AdminDisableUser", "AdminResetUserPassword", "AdminDeleteUser"] {
            let held = tokens(&shop, &client).await;
            let (access, refresh) = (held.text("access_token"), held.text("refresh_token"));
            let verified =
                json!([{ "Name": "email", "Value": "ann@example.com" }, { "Name": "email_verified", "Value": "true" }]);
            let names = json!({ "UserPoolId": shop.pool, "Username": "ann" });
            let with = |more: Value| cognate_testkit::app::merged(names.clone(), more);
            shop.app.idp("AdminUpdateUserAttributes", with(json!({ "UserAttributes": verified }))).await.assert_good();
            assert_eq!(worth(&shop, &client, &access).await["active"], true);
            shop.app.idp(operation, names.clone()).await.assert_good();
            assert_eq!(worth(&shop, &client, &access).await, inactive(), "{operation}");
            assert_eq!(worth(&shop, &client, &refresh).await, inactive(), "{operation}");
            if operation == "AdminDisableUser" {
                shop.app.idp("AdminEnableUser", names.clone()).await.assert_good();
                shop.app.set_password(&shop.pool, "ann").await;
            } else if operation == "AdminResetUserPassword" {
                shop.app.set_password(&shop.pool, "ann").await;
            }
        }
    }

    async fn a_refresh_token_that_was_exchanged_is_inactive(app: TestApp) {
        let shop = open(app, "introspection").await;
        let client = website(
            &shop,
            json!({
                "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 },
                "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
            }),
        )
        .await;
        let first = tokens(&shop, &client).await.text("refresh_token");
        let next = proved(&shop, &client, "/oauth2/token", &by_refresh(&first)).await.text("refresh_token");
        assert_eq!(worth(&shop, &client, &first).await, inactive());
        assert_eq!(worth(&shop, &client, &next).await["active"], true, "to ask is not to use");
        assert_eq!(proved(&shop, &client, "/oauth2/token", &by_refresh(&next)).await.status, 200);
    }

    async fn what_is_no_token_of_this_pool_is_inactive(app: TestApp) {
        let shop = open(app, "introspection").await;
        let client = website(&shop, json!({})).await;
        let held = tokens(&shop, &client).await;
        let (access, id) = (held.text("access_token"), held.text("id_token"));
        let elsewhere = shop.app.pool().await;
        shop.app.user(&elsewhere, "ann").await;
        let theirs = shop.app.tokens(&shop.app.client(&elsewhere).await, "ann").await;
        let code = code(&shop, &client.id, &[]).await;
        let (signed, signature) = access.rsplit_once('.').unwrap();
        let (head, payload) = signed.split_once('.').unwrap();
        let other = data_encoding::BASE64URL_NOPAD
            .encode(&[cognate_testkit::app::claims(&access).to_string().replace("ann", "bob").as_bytes()].concat());
        for bad in [
            id.as_str(),
            &theirs.access,
            &theirs.refresh,
            &theirs.id,
            &code,
            "x",
            ".",
            "..",
            "a.b.c",
            &"x".repeat(20_000),
            &format!("{head}.{other}.{signature}"),
            &format!("{head}.{payload}."),
            &format!("{access}x"),
            &format!("eyJhbGciOiJub25lIn0.{payload}."),
        ] {
            assert_eq!(worth(&shop, &client, bad).await, inactive(), "{bad:.60}");
        }
    }

    async fn who_proves_nothing_learns_nothing(app: TestApp) {
        let shop = open(app, "introspection").await;
        let (client, public) = (website(&shop, json!({})).await, app_of(&shop, json!({})).await);
        let access = tokens(&shop, &client).await.text("access_token");
        let token = ("token", access.as_str());
        for form in [
            vec![token, ("client_id", &public)],
            vec![token, ("client_id", &client.id)],
            vec![token, ("client_id", &client.id), ("client_secret", "another-secret")],
            vec![token, ("client_id", "nobody")],
        ] {
            assert_eq!(shop.post(PATH, &form).await.error(), (401, "invalid_client"), "{form:?}");
        }
        assert_eq!(shop.post(PATH, &[token]).await.error(), (400, "invalid_request"));
        let bearer = format!("Bearer {access}");
        assert_eq!(
            shop.post_with(PATH, &[token], &[("authorization", &bearer)]).await.error(),
            (401, "invalid_client")
        );
        for form in [&[][..], &[("token", "")], &[token, token]] {
            assert_eq!(proved(&shop, &client, PATH, form).await.error(), (400, "invalid_request"), "{form:?}");
        }
        assert_eq!(shop.get(&format!("{PATH}?token={access}"), HOST).await.status, 405);
        assert_eq!(
            shop.post(PATH, &[token, ("client_id", &client.id), ("client_secret", &client.secret)]).await.status,
            200
        );
    }

    async fn in_the_strict_profile_a_wrong_secret_is_challenged(app: TestApp) {
        let tags = json!({ "cognate:extensions": "introspection par", "cognate:profile": "oidc" });
        let shop = Shop::open_with(app, json!({ "UserPoolTags": tags })).await;
        let client = website(&shop, json!({})).await;
        for path in [PATH, "/oauth2/par"] {
            let wrong = basic(&client.id, "another-secret");
            let refused = shop.post_with(path, &[("token", "x")], &[("authorization", &wrong)]).await;
            assert_eq!(refused.error(), (401, "invalid_client"), "{path}");
            assert!(refused.header("www-authenticate").starts_with("Basic"), "{path}");
        }
    }

    async fn a_token_of_a_keys_holder_says_whose(app: TestApp) {
        let shop = open(app, "introspection dpop").await;
        let (client, key) = (website(&shop, json!({})).await, Key::new());
        let code = code(&shop, &client.id, &[]).await;
        let headers = [("authorization", basic(&client.id, &client.secret)), ("dpop", key.proof(&shop))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let access = shop.post_with("/oauth2/token", &by_code(&code), &headers).await.text("access_token");
        let said = worth(&shop, &client, &access).await;
        assert_eq!((&said["active"], &said["token_type"]), (&json!(true), &json!("DPoP")));
        assert_eq!(said["cnf"]["jkt"], key.thumbprint);
    }

    async fn it_is_not_there_unless_it_is_switched_on(app: TestApp) {
        let shop = open(app, "iss par dpop jwt-access-tokens").await;
        let client = website(&shop, json!({ "CallbackURLs": [CALLBACK] })).await;
        assert_eq!(proved(&shop, &client, PATH, &[("token", "x")]).await.status, 404);
        assert_eq!(super::setting::discovery(&shop).await.get("introspection_endpoint"), None);
        switch(&shop, "introspection").await;
        assert_eq!(worth(&shop, &client, "x").await, inactive());
        let document = super::setting::discovery(&shop).await;
        assert_eq!(document["introspection_endpoint"], format!("https://{HOST}{PATH}"));
        switch(&shop, "").await;
        assert_eq!(proved(&shop, &client, PATH, &[("token", "x")]).await.status, 404);
    }
}
