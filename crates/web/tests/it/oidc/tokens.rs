//! The code, what it is exchanged for, and by whom.

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::party::{NONCE, Suite};
use crate::kit::{CALLBACK, CHALLENGE, VERIFIER};

both_engines! {
    /// The happy flow with `client_secret_basic`: a code for the browser, tokens for the client, and an ID token that a
    /// client can verify and that carries its nonce.
    async fn oidcc_server(app: TestApp) {
        let suite = Suite::open(app).await;
        let tokens = suite.tokens(&[]).await;
        assert_eq!(tokens.id["nonce"], NONCE);
        assert!(tokens.id["sub"].as_str().unwrap().is_ascii() && tokens.id["sub"].as_str().unwrap().len() <= 255);
        assert_eq!(suite.userinfo(&tokens).await["sub"], suite.sub);
    }

    /// The same flow, with the secret in the form.
    async fn oidcc_server_client_secret_post(app: TestApp) {
        let suite = Suite::open(app).await;
        let form = |code, secret| {
            [
                ("grant_type", "authorization_code"),
                ("redirect_uri", CALLBACK),
                ("code", code),
                ("client_id", suite.client.id.as_str()),
                ("client_secret", secret),
            ]
        };
        let code = suite.signed_in(&[]).await.code();
        let refused = suite.shop.post("/oauth2/token", &form(&code, &suite.client2.secret)).await;
        assert_eq!(refused.error(), (401, "invalid_client"));
        assert_eq!(refused.header("www-authenticate"), "", "no header was used");
        let answer = suite.shop.post("/oauth2/token", &form(&code, &suite.client.secret)).await;
        assert_eq!(suite.checked(answer).await.id["nonce"], NONCE);
    }

    /// RFC 6749, 5.2: a client that used the header and failed is told so by it.
    async fn a_client_that_fails_in_the_header_is_challenged(app: TestApp) {
        let suite = Suite::open(app).await;
        let proof = crate::kit::basic(&suite.client.id, "another-secret");
        for path in ["/oauth2/token", "/oauth2/revoke"] {
            let form =
                [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", CALLBACK), ("token", "x")];
            let refused = suite.shop.post_with(path, &form, &[("authorization", &proof)]).await;
            assert_eq!(refused.error(), (401, "invalid_client"), "{path}");
            assert!(refused.header("www-authenticate").starts_with("Basic"), "{path}: {:?}", refused.headers);
        }
    }

    /// A nonce is optional in the code flow: a request without one succeeds, and the ID token has none.
    async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(app: TestApp) {
        let suite = Suite::open(app).await;
        assert_eq!(suite.tokens(&[("nonce", "")]).await.id.get("nonce"), None);
    }

    /// A code is good once: the second use is an `invalid_grant`.
    async fn oidcc_codereuse(app: TestApp) {
        let suite = Suite::open(app).await;
        let code = suite.signed_in(&[]).await.code();
        suite.exchange(&code, &[]).await;
        assert_eq!(suite.redeem(&code, &[]).await.error(), (400, "invalid_grant"));
        suite.shop.app.clock.tick();
        assert_eq!(suite.redeem(&code, &[]).await.error(), (400, "invalid_grant"));
    }

    /// Thirty seconds later too, and then the tokens that it was exchanged for are revoked (RFC 6749, 4.1.2).
    async fn oidcc_codereuse_30seconds(app: TestApp) {
        let suite = Suite::open(app).await;
        let code = suite.signed_in(&[]).await.code();
        let tokens = suite.exchange(&code, &[]).await;
        suite.userinfo(&tokens).await;
        suite.shop.app.clock.advance(Duration::from_secs(30));
        assert_eq!(suite.redeem(&code, &[]).await.error(), (400, "invalid_grant"));
        let refused = suite.shop.userinfo(&tokens.access).await;
        assert_eq!(refused.error(), (401, "invalid_token"));
        assert_eq!(suite.refreshed(&suite.client, &tokens.refresh).await.error(), (400, "invalid_grant"));
    }

    /// A refresh token gives a further access token, and an ID token of the same issuer, person, audience and sign-in,
    /// with a new `iat` and no new nonce (OpenID Connect Core, 12.2); of another client it is none.
    async fn oidcc_refresh_token(app: TestApp) {
        let suite = Suite::open(app).await;
        let tokens = suite.tokens(&[]).await;
        assert!(tokens.refresh.bytes().all(|byte| matches!(byte, 0x20..=0x7e)), "RFC 6749, A.17");
        let foreign = suite.refreshed(&suite.client2, &tokens.refresh).await;
        assert_eq!(foreign.error(), (400, "invalid_grant"));

        suite.shop.app.clock.advance(Duration::from_secs(2));
        let answer = suite.refreshed(&suite.client, &tokens.refresh).await;
        let next = suite.checked(answer).await;

        for name in ["iss", "sub", "aud", "auth_time"] {
            assert_eq!(next.id[name], tokens.id[name], "{name}");
        }
        assert_eq!(next.id["iat"].as_i64(), tokens.id["iat"].as_i64().map(|iat| iat + 2));
        assert!([None, Some(&json!(NONCE))].contains(&next.id.get("nonce")));
        assert_ne!(next.access, tokens.access);
        suite.userinfo(&next).await;
        suite.userinfo(&tokens).await;
    }

    /// PKCE is optional: a request with it succeeds, whatever unreserved characters and however many (43 to 128) its
    /// verifier has.
    async fn oidcc_ensure_request_with_valid_pkce_succeeds(app: TestApp) {
        let suite = Suite::open(app).await;
        let longest = "aZ09-._~".repeat(16);
        let challenge =
            |verifier: &str| data_encoding::BASE64URL_NOPAD.encode(&cognate_jose::sha256(verifier.as_bytes()));
        assert_eq!(challenge(VERIFIER), CHALLENGE);
        for verifier in [VERIFIER, &longest] {
            let challenge = challenge(verifier);
            let asked = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
            let code = suite.signed_in(&asked).await.code();
            assert_eq!(suite.redeem(&code, &[("code_verifier", &longest[..43])]).await.error(), (400, "invalid_grant"));
            suite.exchange(&code, &[("code_verifier", verifier)]).await;
        }
    }

    /// RFC 6749, 5.2: where the code was sent is part of the grant.
    async fn a_code_is_not_exchanged_at_another_address(app: TestApp) {
        let suite = Suite::open(app).await;
        let code = suite.signed_in(&[]).await.code();
        let proof = crate::kit::basic(&suite.client.id, &suite.client.secret);
        let form =
            [("grant_type", "authorization_code"), ("redirect_uri", "https://shop.example.com/other"), ("code", &code)];
        let refused = suite.shop.post_with("/oauth2/token", &form, &[("authorization", &proof)]).await;
        assert_eq!((refused.error(), refused.body.get("error_description")), ((400, "invalid_grant"), None::<&Value>));
        suite.exchange(&code, &[]).await;
    }
}
