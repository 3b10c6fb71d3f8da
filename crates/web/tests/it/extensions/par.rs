//! Pushed authorization requests (RFC 9126): what a client may push, and what is kept of it.

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::setting::{app_of, by_code, code, discovery, open, proved, switch, website};
use crate::kit::key::{Key, address};
use crate::kit::{Answer, CALLBACK, CHALLENGE, HOST, Machine, Shop, VERIFIER, basic};

pub(super) const PATH: &str = "/oauth2/par";

/// A request that is good; a parameter of `more` takes the place of ours, and one without a value is left out.
pub(super) fn request<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let ours = [
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "pushed"),
        ("nonce", "pushed"),
    ];
    let ours = ours.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    ours.chain(more.iter().copied()).filter(|(_, value)| !value.is_empty()).collect()
}

/// The reference to a request that a client with a secret has pushed.
pub(super) async fn push(shop: &Shop, client: &Machine, more: &[(&str, &str)]) -> String {
    let answer = proved(shop, client, PATH, &request(more)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.text("request_uri")
}

/// What the browser carries.
pub(super) fn by_reference(client: &str, reference: &str, more: &[(&str, &str)]) -> String {
    let nothing = [("response_type", ""), ("redirect_uri", ""), ("state", "")];
    let nothing = nothing.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let all: Vec<_> = nothing.chain([("request_uri", reference)]).chain(more.iter().copied()).collect();
    Shop::authorize(client, &all)
}

/// All that is kept of requests.
async fn kept(shop: &Shop) -> Vec<String> {
    let mut tx = shop.app.app.db.read().await.unwrap();
    tx.query("SELECT params FROM pushed_requests").all(|row| row.text(0)).await.unwrap()
}

#[track_caller]
fn assert_refused(answer: &Answer, error: &str) {
    let status = if error == "invalid_client" { 401 } else { 400 }; // AWS has no such endpoint, RFC 6749, 5.2, does
    assert_eq!(answer.error(), (status, error), "{}", answer.body);
}

both_engines! {
    async fn a_pushed_request_is_answered_as_it_was_pushed(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let answer =
            proved(&shop, &client, PATH, &request(&[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]))
                .await;

        assert_eq!((answer.status, &answer.body["expires_in"]), (201, &json!(60)), "{}", answer.body);
        assert!(answer.header("cache-control").contains("no-store"));
        let reference = answer.text("request_uri");
        let secret = reference.strip_prefix("urn:ietf:params:oauth:request_uri:").unwrap();
        assert!(secret.len() >= 43, "256 bits that nobody guesses");
        assert_ne!(push(&shop, &client, &[]).await, reference);

        let page = shop.browser().sign_in(&by_reference(&client.id, &reference, &[]), "ann").await;
        assert!(page.location().starts_with(&format!("{CALLBACK}?code=")), "{}", page.location());
        assert_eq!(page.answer("state").as_deref(), Some("pushed"));
        let code = page.code();
        let form = by_code(&code);
        assert_refused(&proved(&shop, &client, "/oauth2/token", &form).await, "invalid_grant");
        let tokens =
            proved(&shop, &client, "/oauth2/token", &[&form[..], &[("code_verifier", VERIFIER)]].concat()).await;
        let claims = cognate_testkit::app::claims(&tokens.text("id_token"));
        assert_eq!((&claims["nonce"], &claims["aud"]), (&json!("pushed"), &json!(client.id)));
    }

    async fn discovery_says_where_and_whether_it_must_be(app: TestApp) {
        let shop = open(app, "par").await;
        let document = discovery(&shop).await;
        assert_eq!(document["pushed_authorization_request_endpoint"], format!("https://{HOST}{PATH}"));
        assert_eq!(document["require_pushed_authorization_requests"], false);
        switch(&shop, "par require-par").await;
        assert_eq!(discovery(&shop).await["require_pushed_authorization_requests"], true);
    }

    async fn a_public_client_pushes_by_its_name(app: TestApp) {
        let shop = open(app, "par").await;
        let client = app_of(&shop, json!({})).await;
        let answer = shop.post(PATH, &[&request(&[])[..], &[("client_id", &client)]].concat()).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let page = shop.browser().sign_in(&by_reference(&client, &answer.text("request_uri"), &[]), "ann").await;
        assert_eq!(shop.redeem(&client, &page.code(), &[]).await.status, 200);
    }

    /// RFC 9126, section 2.3: the client learns of its mistakes before anybody's browser is in it.
    async fn a_bad_request_is_refused_when_it_is_pushed(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        for (more, error) in [
            (vec![("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request"),
            (vec![("request_uri", "https://shop.example.com/request.jwt")], "invalid_request"),
            (vec![("redirect_uri", "https://evil.example.com/cb")], "invalid_request"),
            (vec![("redirect_uri", &format!("{CALLBACK}/"))], "invalid_request"),
            (vec![("response_type", "")], "invalid_request"),
            (vec![("response_type", "token")], "unauthorized_client"),
            (vec![("scope", "openid nothing")], "invalid_scope"),
            (vec![("code_challenge", CHALLENGE)], "invalid_request"),
            (vec![("code_challenge", CHALLENGE), ("code_challenge_method", "plain")], "invalid_request"),
            (vec![("prompt", "none login")], "invalid_request"),
            (vec![("resource", "nowhere")], "invalid_target"),
            (vec![("state", "a"), ("scope", "openid"), ("scope", "openid")], "invalid_request"),
        ] {
            assert_refused(&proved(&shop, &client, PATH, &request(&more)).await, error);
        }
        assert_eq!(kept(&shop).await, Vec::<String>::new());
    }

    async fn who_cannot_prove_to_be_the_client_pushes_nothing(app: TestApp) {
        let shop = open(app, "par").await;
        let (client, other) = (website(&shop, json!({})).await, website(&shop, json!({})).await);
        let (id, secret) = (("client_id", client.id.as_str()), ("client_secret", client.secret.as_str()));
        for (more, error) in [
            (vec![], "invalid_request"),
            (vec![id], "invalid_client"),
            (vec![id, ("client_secret", &other.secret)], "invalid_client"),
            (vec![("client_id", "nobody"), secret], "invalid_client"),
        ] {
            assert_refused(&shop.post(PATH, &[&request(&[])[..], &more].concat()).await, error);
        }
        let wrong = basic(&client.id, &other.secret);
        assert_refused(&shop.post_with(PATH, &request(&[]), &[("authorization", &wrong)]).await, "invalid_client");
        assert_refused(&proved(&shop, &client, PATH, &request(&[("client_id", &other.id)])).await, "invalid_client");
        assert_refused(&proved(&shop, &client, PATH, &request(&[secret])).await, "invalid_request");
        assert_eq!(kept(&shop).await, Vec::<String>::new());
        assert_eq!(shop.get(PATH, HOST).await.status, 405);
    }

    async fn the_secret_is_not_kept(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let form = [&request(&[])[..], &[("client_id", &client.id), ("client_secret", &client.secret)]].concat();
        assert_eq!(shop.post(PATH, &form).await.status, 201);
        let encoded: String = url::form_urlencoded::byte_serialize(client.secret.as_bytes()).collect();
        let kept = kept(&shop).await;
        assert_eq!(kept.len(), 1);
        for secret in [&client.secret, &encoded, "client_secret"] {
            assert!(!kept[0].contains(secret), "{kept:?}");
        }
        assert!(kept[0].contains("state=pushed"), "{kept:?}");
    }

    async fn a_reference_that_nobody_came_with_is_good_for_a_minute(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let (early, late) = (push(&shop, &client, &[]).await, push(&shop, &client, &[]).await);
        shop.app.clock.almost(Duration::from_mins(1));
        let mut browser = shop.browser();
        browser.sign_in(&by_reference(&client.id, &early, &[]), "ann").await.code();
        shop.app.clock.tick();
        let page = browser.get(&by_reference(&client.id, &late, &[])).await;
        assert_eq!(page.location(), "/error?error=invalid_request&client_id=");
    }

    async fn it_is_not_there_unless_it_is_switched_on(app: TestApp) {
        let shop = open(app, "iss dpop introspection").await;
        let client = website(&shop, json!({})).await;
        assert_eq!(proved(&shop, &client, PATH, &request(&[])).await.status, 404);
        for member in ["pushed_authorization_request_endpoint", "require_pushed_authorization_requests"] {
            assert_eq!(discovery(&shop).await.get(member), None, "{member}");
        }
        let ignored = [("request_uri", "urn:ietf:params:oauth:request_uri:x")];
        code(&shop, &client.id, &ignored).await;
        switch(&shop, "par").await;
        let reference = push(&shop, &client, &[]).await;
        switch(&shop, "").await;
        let page = shop.browser().get(&by_reference(&client.id, &reference, &[])).await;
        assert_eq!((page.answer("code"), page.answer("error").as_deref()), (None, Some("invalid_request")));
    }

    async fn in_the_strict_profile_a_pushed_request_has_no_object_either(app: TestApp) {
        let tags = json!({ "cognate:profile": "oidc", "cognate:extensions": "par" });
        let shop = Shop::open_with(app, json!({ "UserPoolTags": tags })).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = website(&shop, json!({})).await;
        assert_refused(
            &proved(&shop, &client, PATH, &request(&[("request", "e30.e30.")])).await,
            "request_not_supported",
        );
        let reference = push(&shop, &client, &[]).await;
        let page = shop.browser().sign_in(&by_reference(&client.id, &reference, &[]), "ann").await;
        assert_eq!(page.answer("state").as_deref(), Some("pushed"));
        let page = shop
            .browser()
            .get(&Shop::authorize(&client.id, &[("request_uri", "https://shop.example.com/r.jwt")]))
            .await;
        assert_eq!(page.answer("error").as_deref(), Some("request_uri_not_supported"));
    }

    /// RFC 9449, section 10.1: a proof that comes along binds the code, as `dpop_jkt` does; both have to name the same
    /// key.
    async fn a_proof_that_is_pushed_along_binds_the_code(app: TestApp) {
        let shop = open(app, "par dpop").await;
        let (client, key, thief) = (website(&shop, json!({})).await, Key::new(), Key::new());
        let basic = basic(&client.id, &client.secret);
        let at_par = |key: &Key| key.proof_of(&shop, json!({ "htu": address(PATH) }));
        let pushed = async |more: &[(&str, &str)], proof: &str| {
            shop.post_with(PATH, &request(more), &[("authorization", &basic), ("dpop", proof)]).await
        };
        for (more, proof) in [
            (vec![], "garbage".to_owned()),
            (vec![], key.proof(&shop)),
            (vec![("dpop_jkt", thief.thumbprint.as_str())], at_par(&key)),
        ] {
            assert_refused(&pushed(&more, &proof).await, "invalid_dpop_proof");
        }
        for more in [vec![], vec![("dpop_jkt", key.thumbprint.as_str())]] {
            let answer = pushed(&more, &at_par(&key)).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
            let address = by_reference(&client.id, &answer.text("request_uri"), &[]);
            let code = shop.browser().sign_in(&address, "ann").await.code();
            let redeem = async |proof: Option<String>| {
                let headers: Vec<_> = proof
                    .iter()
                    .map(|proof| ("dpop", proof.as_str()))
                    .chain([("authorization", basic.as_str())])
                    .collect();
                shop.post_with("/oauth2/token", &by_code(&code), &headers).await
            };
            assert_refused(&redeem(None).await, "invalid_dpop_proof");
            assert_refused(&redeem(Some(thief.proof(&shop))).await, "invalid_dpop_proof");
            let good = redeem(Some(key.proof(&shop))).await;
            assert_eq!((good.status, good.body.get("token_type")), (200, Some(&Value::from("DPoP"))));
        }
    }
}
