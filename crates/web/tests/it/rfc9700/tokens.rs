//! Sections 2.2, 2.3, 4.6, 4.9, 4.10 and 4.14: what tokens are good for, and for how long.

use std::time::Duration;

use axum::body::Body;
use cognate_testkit::app::claims;
use cognate_testkit::{TestApp, both_engines};
use http::Request;
use serde_json::json;

use super::{PROOF, Scene, WITH_PKCE};
use crate::kit::key::Key;
use crate::kit::{CALLBACK, HOST, Shop, TOKEN, USER_INFO};

const API: &str = "https://api.example.com";
const NO_GRANT: (u16, &str) = (400, "invalid_grant");

both_engines! {
    /// 2.2.1 and 4.10.1: where a pool has DPoP (RFC 9449), a thief of tokens lacks the key that they are bound to.
    /// Whether a client binds its tokens is its own choice.
    async fn a_stolen_token_that_is_bound_to_a_key_is_worth_nothing(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let (shop, client) = (&scene.shop, scene.client.as_str());
        shop.tag(json!({ "cognate:extensions": "dpop" })).await;
        let (owner, thief) = (Key::new(), Key::new());
        let code = scene.code(&WITH_PKCE).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("redirect_uri", CALLBACK),
            ("code", &code),
            PROOF,
        ];
        let tokens = shop.post_with(TOKEN, &form, &[("dpop", &owner.proof(shop))]).await;
        let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));

        assert_eq!(shop.userinfo(&access).await.status, 401, "as if it were anybody's");
        for proof in [thief.proof_with(shop, &access), thief.forged(shop, &owner), owner.proof_with(shop, "another")] {
            assert_eq!(by_proof(shop, &access, &proof).await, 401);
        }
        let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", &refresh)];
        assert_eq!(shop.post(TOKEN, &form).await.error(), NO_GRANT);
        assert_eq!(shop.post_with(TOKEN, &form, &[("dpop", &thief.proof(shop))]).await.error(), NO_GRANT);

        assert_eq!(by_proof(shop, &access, &owner.proof_with(shop, &access)).await, 200);
        assert_eq!(shop.post_with(TOKEN, &form, &[("dpop", &owner.proof(shop))]).await.status, 200);
    }

    /// 2.2.2 and 4.14.2: the thief and the client cannot both go on.
    /// AWS: only where the client has rotation, also if it is public; RFC 9700 demands it of all public clients.
    async fn a_stolen_refresh_token_ends_the_sign_in_when_both_use_it(app: TestApp) {
        let rotation = json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 });
        let scene = Scene::set(app, json!({ "RefreshTokenRotation": rotation })).await;
        let first = scene.tokens().await.text("refresh_token");
        let second = scene.shop.refresh(&scene.client, &first).await;
        let third = scene.shop.refresh(&scene.client, &second.text("refresh_token")).await;
        scene.shop.app.clock.tick();
        assert_eq!(scene.userinfo(&third.text("access_token")).await, 200);

        assert_eq!(scene.shop.refresh(&scene.client, &first).await.error(), NO_GRANT);

        assert_eq!(scene.shop.refresh(&scene.client, &third.text("refresh_token")).await.error(), NO_GRANT);
        assert_eq!(scene.userinfo(&third.text("access_token")).await, 401);
    }

    /// 4.14.2: bound to the client that it was given to.
    async fn a_refresh_token_is_not_used_by_another_client(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let other = scene.shop.page(json!({})).await;
        let token = scene.tokens().await.text("refresh_token");
        assert_eq!(scene.shop.refresh(&other, &token).await.error(), NO_GRANT);
        assert_eq!(scene.shop.refresh(&scene.client, &token).await.status, 200);
    }

    /// 4.14.2: it ends with the sign-in, however often it was used.
    async fn a_refresh_token_does_not_live_for_ever(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let token = scene.tokens().await.text("refresh_token");
        for _ in 0..2 {
            scene.shop.app.clock.advance(Duration::from_hours(14 * 24));
            assert_eq!(scene.shop.refresh(&scene.client, &token).await.status, 200);
        }
        scene.shop.app.clock.advance(Duration::from_hours(2 * 24));
        assert_eq!(scene.shop.refresh(&scene.client, &token).await.error(), NO_GRANT);
    }

    /// 4.14.2: what it brings is no more than what was granted.
    async fn a_refresh_token_does_not_widen_what_was_granted(app: TestApp) {
        let scene =
            Scene::set(app, json!({ "AllowedOAuthScopes": ["openid", "email", "orders/read", "orders/write"] })).await;
        let code = scene.code(&[("scope", "openid orders/read"), ("resource", API)]).await;
        let token = scene.shop.redeem(&scene.client, &code, &[("scope", "orders/write")]).await;
        assert_eq!(claims(&token.text("access_token"))["scope"], "openid orders/read");
        let refresh = token.text("refresh_token");
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", scene.client.as_str()),
            ("refresh_token", &refresh),
            ("scope", "openid orders/write"),
            ("resource", "https://other.example.com"),
        ];
        let next = claims(&scene.shop.post("/oauth2/token", &form).await.text("access_token"));
        assert_eq!((&next["scope"], &next["aud"]), (&json!("openid orders/read"), &json!(API)));
    }

    /// 2.3 and 4.9.1: one that a counterfeit resource server was given says for whom it was.
    async fn a_token_for_a_counterfeit_resource_names_it(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let counterfeit = "https://api.evil.example.com";
        let code = scene.code(&[("resource", counterfeit)]).await;
        let tokens = scene.shop.redeem(&scene.client, &code, &[]).await;
        assert_eq!(claims(&tokens.text("access_token"))["aud"], counterfeit);
        for resource in ["api", "http://api.example.com", "https://api.example.com#x", "javascript:x"] {
            let page = scene.shop.browser().get(&Shop::authorize(&scene.client, &[("resource", resource)])).await;
            assert_eq!(page.answer("error").as_deref(), Some("invalid_target"), "{resource}");
        }
        let two = format!("{}&resource=https://b.example.com", Shop::authorize(&scene.client, &[("resource", API)]));
        assert_eq!(scene.shop.browser().get(&two).await.answer("error").as_deref(), Some("invalid_request"));
    }

    /// 2.3: no more rights than were asked for.
    async fn a_token_opens_only_what_its_scopes_say(app: TestApp) {
        let scopes = ["openid", "email", "orders/read", "aws.cognito.signin.user.admin"];
        let scene = Scene::set(app, json!({ "AllowedOAuthScopes": scopes })).await;
        for (scope, userinfo, api) in [
            ("openid", 200, 400),
            ("orders/read", 401, 400),
            ("aws.cognito.signin.user.admin", 401, 200),
            ("openid aws.cognito.signin.user.admin", 200, 200),
        ] {
            let code = scene.code(&[("scope", scope)]).await;
            let access = scene.shop.redeem(&scene.client, &code, &[]).await.text("access_token");
            let seen = (scene.userinfo(&access).await, scene.shop.app.get_user(&access).await.status);
            assert_eq!(seen, (userinfo, api), "{scope}");
        }
        let code = scene.code(&[("scope", "openid email")]).await;
        let access = scene.shop.redeem(&scene.client, &code, &[]).await.text("access_token");
        let shown = scene.shop.userinfo(&access).await.body;
        assert!(shown.get("email").is_some() && shown.get("name").is_none(), "{shown}");
    }

    /// 2.1.2 and 4.6: nobody gets a token in an address who was not set up for it.
    async fn a_token_is_not_put_into_an_address_for_who_asks(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let mut ann = scene.shop.browser();
        ann.sign_in(&Shop::authorize(&scene.client, &[]), "ann").await.code();
        for (kind, error) in [
            ("token", "unauthorized_client"),
            ("id_token", "invalid_request"),
            ("id_token token", "invalid_request"),
            ("code token", "invalid_request"),
            ("code id_token", "invalid_request"),
            ("none", "invalid_request"),
        ] {
            let page = ann.get(&Shop::authorize(&scene.client, &[("response_type", kind)])).await;
            assert_eq!(page.answer("error").as_deref(), Some(error), "{kind}");
            assert!(!page.location().contains("access_token"), "{}", page.location());
        }
        let both = Shop::authorize(&scene.client, &[("response_mode", "fragment")]);
        assert_eq!(ann.get(&both).await.answer("access_token"), None);
    }

    /// 4.6: a token that is put in another's place does not fit what the ID token says of it.
    async fn an_access_token_that_was_injected_does_not_fit_the_id_token(app: TestApp) {
        let scene = Scene::set(app, json!({ "AllowedOAuthFlows": ["implicit"] })).await;
        let page = scene.answer(&[("response_type", "token"), ("nonce", "n")]).await;
        let other = scene.answer(&[("response_type", "token"), ("nonce", "o")]).await;
        let bound = |token: &str| {
            let digest = sha256(token);
            data_encoding::BASE64URL_NOPAD.encode(&digest[..16])
        };
        let id = claims(&page.answer("id_token").unwrap());
        assert_eq!((&id["at_hash"], &id["nonce"]), (&json!(bound(&page.answer("access_token").unwrap())), &json!("n")));
        assert_ne!(id["at_hash"], bound(&other.answer("access_token").unwrap()));
    }

    /// 4.3.2 (RFC 6750, section 2.3): addresses are kept in histories and logs.
    async fn a_token_in_an_address_is_not_taken(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let access = scene.tokens().await.text("access_token");
        let answer = scene.shop.get(&format!("/oauth2/userInfo?access_token={access}"), HOST).await;
        assert_eq!(answer.status, 400);
        let request = Request::post(format!("/oauth2/userInfo?access_token={access}")).header("host", HOST);
        assert_eq!(scene.shop.send(request.body(Body::empty()).unwrap()).await.status, 400);
        let code = scene.code(&[]).await;
        let query = format!("/oauth2/token?grant_type=authorization_code&client_id={}&code={code}", scene.client);
        let request =
            Request::post(query).header("host", HOST).header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(scene.shop.send(request.body(Body::empty()).unwrap()).await.status, 400);
    }

    /// 4.3 (RFC 6749, section 5.1): nothing on the way keeps a copy.
    async fn no_cache_keeps_an_answer_with_a_secret(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let page = scene.answer(&[]).await;
        let tokens = scene.shop.redeem(&scene.client, &page.code(), &[]).await;
        let userinfo = scene.shop.userinfo(&tokens.text("access_token")).await;
        let refused = scene.shop.redeem(&scene.client, &page.code(), &[]).await;
        for headers in [&page.headers, &tokens.headers, &userinfo.headers, &refused.headers] {
            assert!(headers["cache-control"].to_str().unwrap().contains("no-store"), "{headers:?}");
            assert_eq!(headers["pragma"], "no-cache");
        }
    }

    /// 4.10: it ends with what it came from, and soon by itself.
    async fn a_stolen_access_token_ends_with_its_sign_in(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let (revoked, signed_out, old) = (scene.tokens().await, scene.tokens().await, scene.tokens().await);
        let form = [("client_id", scene.client.as_str()), ("token", &revoked.text("refresh_token"))];
        assert_eq!(scene.shop.post("/oauth2/revoke", &form).await.status, 200);
        assert_eq!(scene.userinfo(&revoked.text("access_token")).await, 401);
        assert_eq!(scene.userinfo(&old.text("access_token")).await, 200);
        scene.shop.app.clock.advance(Duration::from_hours(1));
        assert_eq!(scene.userinfo(&old.text("access_token")).await, 401, "an hour is all");
        let who = json!({ "UserPoolId": scene.shop.pool, "Username": "ann" });
        scene.shop.app.idp("AdminUserGlobalSignOut", who).await.assert_good();
        assert_eq!(scene.shop.refresh(&scene.client, &signed_out.text("refresh_token")).await.error(), NO_GRANT);
    }

    /// 4.9: a token of another pool, another kind or another signer is none.
    async fn a_token_that_was_made_up_or_is_another_is_refused(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let tokens = scene.tokens().await;
        let (access, id) = (tokens.text("access_token"), tokens.text("id_token"));
        let (head, rest) = access.split_once('.').unwrap();
        let (payload, signature) = rest.split_once('.').unwrap();
        let none = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"none"}"#);
        let other = tokens.text("id_token").rsplit('.').next().unwrap().to_owned();
        for token in [
            id,
            tokens.text("refresh_token"),
            format!("{none}.{payload}."),
            format!("{none}.{payload}.{signature}"),
            format!("{head}.{payload}.{other}"),
            format!("{head}.{payload}."),
            "x.y.z".to_owned(),
        ] {
            assert_eq!(scene.userinfo(&token).await, 401, "{token}");
        }
        let shop = &scene.shop;
        let elsewhere = shop.app.pool().await;
        let domain = json!({ "UserPoolId": elsewhere, "Domain": "bakery" });
        shop.app.idp("CreateUserPoolDomain", domain).await.assert_good();
        let request = Request::get("/oauth2/userInfo").header("host", "bakery.auth.id.example.com");
        let request = request.header("authorization", format!("Bearer {access}")).body(Body::empty()).unwrap();
        assert_eq!(shop.send(request).await.status, 401, "at another pool's domain");
    }
}

/// What userInfo answers to a token that comes with this proof.
async fn by_proof(shop: &Shop, access: &str, proof: &str) -> u16 {
    let request = Request::get(USER_INFO).header("host", HOST).header("authorization", format!("DPoP {access}"));
    shop.send(request.header("dpop", proof).body(Body::empty()).unwrap()).await.status
}

fn sha256(text: &str) -> [u8; 32] {
    cognate_jose::sha256(text.as_bytes())
}
