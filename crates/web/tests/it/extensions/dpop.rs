//! Tokens that only the holder of a key can use (RFC 9449): how they come about, and where they are good.

use cognate_testkit::app::{PASSWORD, claims, merged};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::setting::{app_of, by_code, code, discovery, open, switch, userinfo, website};
use crate::kit::key::{Key, address, at_userinfo};
use crate::kit::{Answer, Shop, TOKEN, USER_INFO, basic};

async fn with_proof(shop: &Shop, form: &[(&str, &str)], proof: &str) -> Answer {
    shop.post_with(TOKEN, form, &[("dpop", proof)]).await
}

/// A public client's, with a key.
async fn bound(shop: &Shop, client: &str, key: &Key) -> Answer {
    let code = code(shop, client, &[]).await;
    let form = [&by_code(&code)[..], &[("client_id", client)]].concat();
    let answer = with_proof(shop, &form, &key.proof(shop)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

both_engines! {
    async fn a_codes_tokens_are_bound_to_the_key_that_came_with_it(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (client, key) = (app_of(&shop, json!({})).await, Key::new());

        let answer = bound(&shop, &client, &key).await;

        assert_eq!(answer.text("token_type"), "DPoP");
        let access = answer.text("access_token");
        assert_eq!(claims(&access)["cnf"], json!({ "jkt": key.thumbprint }));
        assert_eq!(claims(&answer.text("id_token")).get("cnf"), None);
        let given = userinfo(&shop, &format!("DPoP {access}"), &[&key.proof_with(&shop, &access)]).await;
        assert_eq!((given.status, given.text("username")), (200, "ann".to_owned()));
    }

    /// Discovery says so, and which signatures a proof may have.
    async fn a_client_can_see_that_it_is_there(app: TestApp) {
        let shop = open(app, "dpop").await;
        let document = discovery(&shop).await;
        assert!(document["dpop_signing_alg_values_supported"].as_array().unwrap().contains(&json!("ES256")));
        switch(&shop, "").await;
        assert_eq!(discovery(&shop).await.get("dpop_signing_alg_values_supported"), None);
    }

    async fn a_request_without_a_proof_gets_what_anybody_may_use(app: TestApp) {
        let shop = open(app, "dpop").await;
        let client = app_of(&shop, json!({})).await;
        let code = code(&shop, &client, &[]).await;
        let answer = shop.redeem(&client, &code, &[]).await;
        assert_eq!(
            (answer.text("token_type").as_str(), claims(&answer.text("access_token")).get("cnf")),
            ("Bearer", None)
        );
        assert_eq!(shop.userinfo(&answer.text("access_token")).await.status, 200);
    }

    async fn a_machines_token_is_bound_too(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (machine, key) = (shop.machine().await, Key::new());
        let headers = [("authorization", basic(&machine.id, &machine.secret)), ("dpop", key.proof(&shop))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = shop.post_with(TOKEN, &[("grant_type", "client_credentials")], &headers).await;
        assert_eq!((answer.status, answer.text("token_type").as_str()), (200, "DPoP"), "{}", answer.body);
        assert_eq!(claims(&answer.text("access_token"))["cnf"]["jkt"], key.thumbprint);
    }

    /// RFC 9449, section 7: each way in which somebody without the key may try a token that they have found.
    async fn a_bound_token_is_worth_nothing_without_its_key(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (client, key, thief) = (app_of(&shop, json!({})).await, Key::new(), Key::new());
        let answer = bound(&shop, &client, &key).await;
        let access = answer.text("access_token");
        let (bearer, dpop) = (format!("Bearer {access}"), format!("DPoP {access}"));

        let refused = userinfo(&shop, &bearer, &[]).await;
        assert_eq!(refused.error(), (401, "invalid_token"));
        let with_key = userinfo(&shop, &bearer, &[&key.proof_with(&shop, &access)]).await;
        assert_eq!(with_key.error(), (401, "invalid_token"), "the scheme is part of it");
        assert_eq!(shop.post(USER_INFO, &[("access_token", &access)]).await.error(), (401, "invalid_token"));
        let stolen = userinfo(&shop, &dpop, &[&thief.proof_with(&shop, &access)]).await;
        assert_eq!(stolen.error(), (401, "invalid_token"));

        let other = bound(&shop, &client, &key).await.text("access_token");
        let without_ath = key.proof_of(&shop, json!({ "htm": "GET", "htu": address(USER_INFO) }));
        let for_post = key.proof_of(&shop, merged(at_userinfo(&access), json!({ "htm": "POST" })));
        assert_eq!(userinfo(&shop, &dpop, &[]).await.error(), (401, "invalid_dpop_proof"));
        for proof in
            [key.proof_with(&shop, &other), without_ath, for_post, key.proof(&shop), "x".to_owned(), String::new()]
        {
            let refused = userinfo(&shop, &dpop, &[&proof]).await;
            assert_eq!(refused.error(), (401, "invalid_dpop_proof"), "{proof}");
            assert!(refused.header("www-authenticate").starts_with("DPoP error=\"invalid_dpop_proof\""));
        }
        let once = key.proof_with(&shop, &access);
        assert_eq!(userinfo(&shop, &dpop, &[&once]).await.status, 200);
        assert_eq!(userinfo(&shop, &dpop, &[&once]).await.error(), (401, "invalid_dpop_proof"), "good once");
        let (one, two) = (key.proof_with(&shop, &access), key.proof_with(&shop, &access));
        assert_eq!(userinfo(&shop, &dpop, &[&one, &two]).await.error(), (401, "invalid_dpop_proof"));
    }

    /// Who takes the scheme has to have a token that is bound.
    async fn a_token_that_is_anybodys_is_no_keys(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (client, key) = (app_of(&shop, json!({})).await, Key::new());
        let code = code(&shop, &client, &[]).await;
        let access = shop.redeem(&client, &code, &[]).await.text("access_token");
        let refused = userinfo(&shop, &format!("DPoP {access}"), &[&key.proof_with(&shop, &access)]).await;
        assert_eq!(refused.error(), (401, "invalid_token"));
    }

    /// No operation of AWS's has a place for a proof.
    async fn the_api_refuses_a_bound_token(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (client, key) = (app_of(&shop, json!({})).await, Key::new());
        let answer = bound(&shop, &client, &key).await;
        let (access, refresh) = (answer.text("access_token"), answer.text("refresh_token"));
        let old_and_new =
            json!({ "AccessToken": access, "PreviousPassword": PASSWORD, "ProposedPassword": "Other-Horse-9" });
        let again = |token: &str| {
            let parameters = json!({ "REFRESH_TOKEN": token });
            json!({ "ClientId": client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters })
        };
        let as_admin = |token: &str| merged(again(token), json!({ "UserPoolId": shop.pool }));
        for (operation, input) in [
            ("GetUser", json!({ "AccessToken": access })),
            ("GlobalSignOut", json!({ "AccessToken": access })),
            ("DeleteUser", json!({ "AccessToken": access })),
            ("ChangePassword", old_and_new),
            ("InitiateAuth", again(&refresh)),
            ("AdminInitiateAuth", as_admin(&refresh)),
        ] {
            let refused = shop.app.idp(operation, input).await;
            assert_eq!(refused.error.as_deref(), Some("NotAuthorizedException"), "{operation}: {refused}");
        }
        assert_eq!(userinfo(&shop, &format!("DPoP {access}"), &[&key.proof_with(&shop, &access)]).await.status, 200);

        let code = code(&shop, &client, &[]).await;
        let free = shop.redeem(&client, &code, &[]).await.text("refresh_token");
        shop.app.idp("InitiateAuth", again(&free)).await.assert_good();
        shop.app.idp("AdminInitiateAuth", as_admin(&free)).await.assert_good();
    }

    /// `dpop_jkt` (RFC 9449, section 10): a code that was stolen before it was exchanged is worth nothing either.
    async fn a_code_may_be_bound_to_a_key_beforehand(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (public, secret) = (app_of(&shop, json!({})).await, website(&shop, json!({})).await);
        let (key, thief) = (Key::new(), Key::new());
        for (client, proof) in [(&public, None), (&secret.id, Some(basic(&secret.id, &secret.secret)))] {
            let code = code(&shop, client, &[("dpop_jkt", &key.thumbprint)]).await;
            let form = [&by_code(&code)[..], &[("client_id", client)]].concat();
            let tried = async |dpop: Option<String>| {
                let headers: Vec<_> = [("authorization", proof.clone()), ("dpop", dpop)]
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?)))
                    .collect();
                let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                shop.post_with(TOKEN, &form, &headers).await
            };
            assert_eq!(tried(None).await.error(), (400, "invalid_dpop_proof"));
            assert_eq!(tried(Some(thief.proof(&shop))).await.error(), (400, "invalid_dpop_proof"));
            assert_eq!(tried(Some(thief.forged(&shop, &key))).await.error(), (400, "invalid_dpop_proof"));
            let good = tried(Some(key.proof(&shop))).await;
            assert_eq!(
                (good.status, good.text("token_type").as_str()),
                (200, "DPoP"),
                "the thief has not spent it: {}",
                good.body
            );
        }
        let long = Shop::authorize(&public, &[("dpop_jkt", &"x".repeat(44))]);
        assert_eq!(shop.browser().get(&long).await.answer("error").as_deref(), Some("invalid_request"));
        let twice = format!("{}&dpop_jkt=x&dpop_jkt=y", Shop::authorize(&public, &[]));
        assert_eq!(shop.browser().get(&twice).await.answer("error").as_deref(), Some("invalid_request"));
    }

    async fn without_it_a_proof_and_a_key_are_like_any_parameter_that_nobody_knows(app: TestApp) {
        let shop = open(app, "iss par introspection jwt-access-tokens").await;
        let (client, key) = (app_of(&shop, json!({})).await, Key::new());
        for jkt in [key.thumbprint.clone(), "x".repeat(100)] {
            for proof in [key.proof(&shop), "garbage".to_owned()] {
                let code = code(&shop, &client, &[("dpop_jkt", &jkt)]).await;
                let form = [&by_code(&code)[..], &[("client_id", &client)]].concat();
                let answer = with_proof(&shop, &form, &proof).await;
                assert_eq!((answer.status, answer.text("token_type").as_str()), (200, "Bearer"), "{}", answer.body);
                let access = answer.text("access_token");
                assert_eq!(claims(&access).get("cnf"), None);
                assert_eq!(shop.userinfo(&access).await.status, 200);
                let scheme = userinfo(&shop, &format!("DPoP {access}"), &[&key.proof_with(&shop, &access)]).await;
                assert_eq!(scheme.status, 401, "a scheme that is not there");
            }
        }
    }

    /// What was bound stays bound when no new token is.
    async fn switching_it_off_sets_no_token_free(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (client, key) = (app_of(&shop, json!({})).await, Key::new());
        let answer = bound(&shop, &client, &key).await;
        switch(&shop, "").await;
        assert_eq!(shop.userinfo(&answer.text("access_token")).await.status, 401);
        let refresh =
            [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", &answer.text("refresh_token"))];
        assert_eq!(shop.post(TOKEN, &refresh).await.error(), (400, "invalid_grant"));
    }
}
