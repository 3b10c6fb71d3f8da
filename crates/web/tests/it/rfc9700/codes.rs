//! Sections 2.1.1, 4.3, 4.5 and 4.8: a code is good once, soon, for who asked for it.

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::{PROOF, Scene, WITH_PKCE};
use crate::kit::{CHALLENGE, Shop, VERIFIER};

const NO_GRANT: (u16, &str) = (400, "invalid_grant");

both_engines! {
    /// 2.1.1 and 4.5: who has seen the answer does not know the verifier.
    async fn a_stolen_code_is_not_redeemed_without_its_verifier(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let code = scene.code(&WITH_PKCE).await;
        let other = VERIFIER.replacen('d', "e", 1);
        for verifier in ["", CHALLENGE, other.as_str(), &VERIFIER[..42], &format!("{VERIFIER}a"), "plain"] {
            let answer = scene.shop.redeem(&scene.client, &code, &[("code_verifier", verifier)]).await;
            assert_eq!(answer.error(), NO_GRANT, "{verifier}");
        }
        assert_eq!(scene.shop.redeem(&scene.client, &code, &[PROOF]).await.status, 200, "who asked gets their tokens");
    }

    /// 2.1.1: a challenge that says the verifier itself is none.
    async fn a_challenge_in_plain_text_is_refused(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let mut browser = scene.shop.browser();
        for challenge in [
            &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")][..],
            &[("code_challenge", VERIFIER)],
            &[("code_challenge", CHALLENGE)],
            &[("code_challenge", CHALLENGE), ("code_challenge_method", "s256")],
            &[("code_challenge_method", "S256")],
        ] {
            let page = browser.get(&Shop::authorize(&scene.client, challenge)).await;
            assert_eq!(page.answer("error").as_deref(), Some("invalid_request"), "{challenge:?}");
        }
    }

    /// 4.8: somebody strips the challenge from the request; the client still sends its verifier, which gives it away.
    async fn a_request_whose_challenge_was_stripped_brings_no_tokens(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let code = scene.code(&[]).await;
        assert_eq!(scene.shop.redeem(&scene.client, &code, &[PROOF]).await.error(), NO_GRANT);
        let confidential = scene
            .shop
            .confidential(json!({
                "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "CallbackURLs": [crate::kit::CALLBACK],
                "SupportedIdentityProviders": ["COGNITO"],
            }))
            .await;
        let code = scene.shop.browser().sign_in(&Shop::authorize(&confidential.id, &[]), "ann").await.code();
        let proof = [PROOF, ("client_secret", confidential.secret.as_str())];
        assert_eq!(scene.shop.redeem(&confidential.id, &code, &proof).await.error(), NO_GRANT);
    }

    /// 4.5: into another client, which would take it for its own.
    async fn a_code_is_not_redeemed_by_another_client(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let other = scene.shop.page(json!({})).await;
        let code = scene.code(&[]).await;
        assert_eq!(scene.shop.redeem(&other, &code, &[]).await.error(), NO_GRANT);
        assert_eq!(scene.shop.redeem(&scene.client, &code, &[]).await.status, 200, "nor is it lost by that");
    }

    /// 4.5: into a request of the same client that went somewhere else.
    async fn a_code_is_not_redeemed_for_another_address(app: TestApp) {
        let second = "https://shop.example.com/other";
        let scene = Scene::set(app, json!({ "CallbackURLs": [crate::kit::CALLBACK, second] })).await;
        let code = scene.code(&WITH_PKCE).await;
        for (uri, error) in [
            (second, "unauthorized_client"),
            ("https://evil.example.com/cb", "unauthorized_client"),
            ("", "invalid_request"),
        ] {
            let answer = scene.shop.redeem(&scene.client, &code, &[PROOF, ("redirect_uri", uri)]).await;
            assert_eq!(answer.error(), (400, error), "{uri}");
        }
    }

    /// 4.3 and 4.5 (RFC 6749, section 4.1.2): out of a history or a log it comes too late, and tells of the theft.
    async fn a_code_that_is_replayed_ends_what_it_has_begun(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let code = scene.code(&WITH_PKCE).await;
        let first = scene.shop.redeem(&scene.client, &code, &[PROOF]).await;
        let access = first.text("access_token");
        scene.shop.app.clock.advance(Duration::from_secs(30));
        assert_eq!(scene.userinfo(&access).await, 200);
        assert_eq!(scene.shop.redeem(&scene.client, &code, &[]).await.error(), NO_GRANT);
        assert_eq!(scene.userinfo(&access).await, 200, "who does not know the verifier ends nothing");

        assert_eq!(scene.shop.redeem(&scene.client, &code, &[PROOF]).await.error(), NO_GRANT);

        assert_eq!(scene.userinfo(&access).await, 401);
        assert_eq!(scene.shop.refresh(&scene.client, &first.text("refresh_token")).await.error(), NO_GRANT);
    }

    async fn of_codes_that_are_redeemed_at_once_one_is_good(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        for _ in 0..3 {
            let code = scene.code(&[]).await;
            let redeem = || scene.shop.redeem(&scene.client, &code, &[]);
            let (a, b, c, d) = tokio::join!(redeem(), redeem(), redeem(), redeem());
            let all = [a, b, c, d];
            let good: Vec<_> = all.iter().filter(|answer| answer.status == 200).collect();
            assert_eq!(good.len(), 1);
            assert!(all.iter().all(|answer| answer.status == 200 || answer.error() == NO_GRANT));
            assert_eq!(scene.userinfo(&good[0].text("access_token")).await, 200, "nobody has lost anything by it");
        }
    }

    async fn a_code_that_was_kept_for_later_is_too_old(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let code = scene.code(&[]).await;
        scene.shop.app.clock.advance(Duration::from_mins(5));
        assert_eq!(scene.shop.redeem(&scene.client, &code, &[]).await.error(), NO_GRANT);
    }

    /// A person signs out everywhere because something was stolen: what was on its way is gone too.
    async fn a_code_does_not_outlive_a_sign_out_everywhere(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let code = scene.code(&[]).await;
        let who = json!({ "UserPoolId": scene.shop.pool, "Username": "ann" });
        scene.shop.app.clock.tick();
        scene.shop.app.idp("AdminUserGlobalSignOut", who).await.assert_good();
        assert_eq!(scene.shop.redeem(&scene.client, &code, &[]).await.error(), NO_GRANT);
    }
}
