//! Access tokens in RFC 9068's form: they say what they are and for whom.

use cognate_testkit::app::claims;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::setting::{ADMIN, app_of, by_code, code, header, open, proved, switch, website};
use crate::kit::Shop;

const REQUIRED: [&str; 7] = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]; // RFC 9068, 2.2

#[track_caller]
fn assert_at_jwt(shop: &Shop, token: &str) -> Value {
    let (header, claims) = (header(token), claims(token));
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("RS256")));
    for name in REQUIRED {
        assert!(claims.get(name).is_some(), "{name}: {claims}");
    }
    assert_eq!(claims["iss"], format!("https://id.example.com/{}", shop.pool));
    claims
}

both_engines! {
    async fn a_persons_token_says_what_it_is(app: TestApp) {
        let shop = open(app, "jwt-access-tokens introspection").await;
        let client = website(&shop, json!({})).await;
        let sub = shop.app.idp("AdminGetUser", json!({ "UserPoolId": shop.pool, "Username": "ann" })).await.good();
        let sub =
            sub["UserAttributes"].as_array().unwrap().iter().find(|one| one["Name"] == "sub").unwrap()["Value"].clone();
        let code = code(&shop, &client.id, &[]).await;
        let tokens = proved(&shop, &client, "/oauth2/token", &by_code(&code)).await;
        let access = tokens.text("access_token");

        let said = assert_at_jwt(&shop, &access);

        assert_eq!((&said["sub"], &said["client_id"]), (&sub, &json!(client.id)));
        assert_eq!(said["aud"], said["iss"], "without a resource it is this server's own");
        assert_eq!(said["scope"], format!("openid email {ADMIN}"));
        assert!(said["auth_time"].is_i64());
        assert_eq!(header(&tokens.text("id_token")).get("typ"), None, "an ID token is none");
        assert_eq!(shop.userinfo(&access).await.status, 200);
        shop.app.get_user(&access).await.assert_good();
        let worth = proved(&shop, &client, "/oauth2/introspect", &[("token", &access)]).await;
        assert_eq!((&worth.body["active"], &worth.body["aud"]), (&json!(true), &said["aud"]));

        let refreshed = super::setting::by_refresh(tokens.body["refresh_token"].as_str().unwrap());
        let next = proved(&shop, &client, "/oauth2/token", &refreshed).await.text("access_token");
        assert_ne!(assert_at_jwt(&shop, &next)["jti"], said["jti"]);
    }

    async fn the_resource_that_was_asked_for_is_its_audience(app: TestApp) {
        let shop = open(app, "jwt-access-tokens").await;
        let client = app_of(&shop, json!({ "AllowedOAuthFlows": ["code", "implicit"] })).await;
        let code = code(&shop, &client, &[("resource", "https://api.example.com")]).await;
        let tokens = shop.redeem(&client, &code, &[]).await;
        for answer in [&tokens, &shop.refresh(&client, &tokens.text("refresh_token")).await] {
            assert_eq!(assert_at_jwt(&shop, &answer.text("access_token"))["aud"], "https://api.example.com");
        }
        let asked = [("response_type", "token")];
        let page = shop.browser().sign_in(&Shop::authorize(&client, &asked), "ann").await;
        assert_at_jwt(&shop, &page.answer("access_token").unwrap());
    }

    async fn a_machines_token_says_so_too(app: TestApp) {
        let shop = open(app, "jwt-access-tokens").await;
        let machine = shop.machine().await;
        let tokens = proved(&shop, &machine, "/oauth2/token", &[("grant_type", "client_credentials")]).await;
        let said = assert_at_jwt(&shop, &tokens.text("access_token"));
        assert_eq!((&said["sub"], &said["client_id"]), (&json!(machine.id), &json!(machine.id)));
        assert_eq!((&said["aud"], &said["scope"]), (&said["iss"], &json!("orders/read orders/write")));
    }

    /// Cognito's own: those of the API always, and all of them where it is off.
    async fn other_tokens_stay_as_they_are(app: TestApp) {
        let shop = open(app, "jwt-access-tokens").await;
        let client = app_of(&shop, json!({})).await;
        let of_api = shop.app.tokens(&client, "ann").await;
        switch(&shop, "").await;
        let machine = shop.machine().await;
        let of_machine = proved(&shop, &machine, "/oauth2/token", &[("grant_type", "client_credentials")]).await;
        let code = code(&shop, &client, &[]).await;
        let of_login = shop.redeem(&client, &code, &[]).await;
        for token in [of_api.access, of_machine.text("access_token"), of_login.text("access_token")] {
            assert_eq!((header(&token).get("typ"), claims(&token).get("aud")), (None, None));
        }
    }
}
