//! `POST /oauth2/token`.

use axum::body::Body;
use cognate_testkit::app::claims;
use cognate_testkit::{TestApp, both_engines};
use http::Request;
use serde_json::{Value, json};

use crate::kit::{HOST, Shop, basic};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

both_engines! {
    async fn a_machine_gets_a_token_of_its_own(app: TestApp) {
        let shop = Shop::open(app).await;
        let machine = shop.machine().await;

        let answer = shop.post_with("/oauth2/token", &[GRANT], &[("authorization", &basic(&machine.id, &machine.secret))]).await;

        assert_eq!(answer.status, 200, "{}", answer.body);
        let names: Vec<_> = answer.body.as_object().unwrap().keys().collect();
        assert_eq!(names, ["access_token", "expires_in", "token_type"]);
        assert_eq!((&answer.body["expires_in"], &answer.body["token_type"]), (&json!(3600), &json!("Bearer")));
        let claims = claims(&answer.text("access_token"));
        assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(machine.id), &json!(machine.id)));
        assert_eq!(claims["scope"], "orders/read orders/write");
        assert_eq!(claims["iss"], format!("https://id.example.com/{}", shop.pool));
        for (name, value) in [
            ("content-type", "application/json;charset=UTF-8"),
            ("access-control-allow-origin", "*"),
            ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
            ("pragma", "no-cache"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("x-xss-protection", "1; mode=block"),
            ("strict-transport-security", "max-age=31536000 ; includeSubDomains"),
        ] {
            assert_eq!(answer.headers[name], value, "{name}");
        }
        assert!(answer.headers.contains_key("x-amz-cognito-request-id"));

        let nobody = shop.app.get_user(&answer.text("access_token")).await;
        assert_eq!(nobody.error.as_deref(), Some("NotAuthorizedException"), "a machine is no user: {nobody}");
    }

    async fn a_client_proves_itself_in_the_header_or_in_the_form(app: TestApp) {
        let shop = Shop::open(app).await;
        let (machine, other) = (shop.machine().await, shop.machine().await);
        let (id, secret) = (machine.id.as_str(), machine.secret.as_str());
        let good = basic(id, secret);
        let at = |form: Vec<(&'static str, String)>, header: Option<String>| {
            let shop = &shop;
            async move {
                let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).chain([GRANT]).collect();
                let headers: Vec<_> = header.iter().map(|value| ("authorization", value.as_str())).collect();
                let answer = shop.post_with("/oauth2/token", &form, &headers).await;
                (answer.status, answer.text("error"))
            }
        };
        let form = |id: &str, secret: &str| vec![("client_id", id.to_owned()), ("client_secret", secret.to_owned())];
        let only = |id: &str| vec![("client_id", id.to_owned())];

        for (sent, header) in [
            (form(id, secret), None),
            (Vec::new(), Some(good.clone())),
            (only(id), Some(good.clone())),
            (Vec::new(), Some(good.replacen("Basic", "basic", 1))),
        ] {
            assert_eq!(at(sent, header).await, (200, String::new()));
        }
        let longer = format!("{secret}x");
        for (sent, header, error) in [
            (Vec::new(), None, "invalid_request"),
            (form(id, secret), Some(good.clone()), "invalid_request"),
            (only(id), None, "invalid_client"),
            (form(id, &other.secret), None, "invalid_client"),
            (form(id, &longer), None, "invalid_client"),
            (form("unknown", secret), None, "invalid_client"),
            (only(&other.id), Some(good.clone()), "invalid_client"),
            (Vec::new(), Some(basic(id, &other.secret)), "invalid_client"),
            (Vec::new(), Some(basic(id, "")), "invalid_client"),
            (Vec::new(), Some(basic("", secret)), "invalid_client"),
            (Vec::new(), Some(basic("a\0b", secret)), "invalid_client"),
            (only(&"a".repeat(129)), None, "invalid_client"),
            (only("a\0b"), None, "invalid_request"),
            (Vec::new(), Some("Basic !".to_owned()), "invalid_client"),
            (Vec::new(), Some("Bearer x".to_owned()), "invalid_client"),
        ] {
            let tried = format!("{sent:?} {header:?}");
            assert_eq!(at(sent, header).await, (400, error.to_owned()), "{tried}");
        }
    }

    async fn a_secret_may_come_as_it_is_or_encoded_and_either_of_two_is_good(app: TestApp) {
        let shop = Shop::open(app).await;
        let machine = shop.machine().await;
        let chosen = "chosen+by+an+administrator";
        let added = json!({ "UserPoolId": shop.pool, "ClientId": machine.id, "ClientSecret": chosen });
        shop.app.idp("AddUserPoolClientSecret", added).await.assert_good();

        for secret in [&machine.secret, chosen] {
            let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            for sent in [secret, &encoded] {
                let header = basic(&machine.id, sent);
                let answer = shop.post_with("/oauth2/token", &[GRANT], &[("authorization", &header)]).await;
                assert_eq!(answer.status, 200, "{sent}: {}", answer.body);
            }
        }
    }

    async fn a_scope_is_asked_for_and_still_there(app: TestApp) {
        let shop = Shop::open(app).await;
        let machine = shop.machine().await;
        let granted = async |scope: &str| {
            let form = [GRANT, ("client_id", &machine.id), ("client_secret", &machine.secret), ("scope", scope)];
            let answer = shop.post("/oauth2/token", &form).await;
            if answer.status == 200 { claims(&answer.text("access_token"))["scope"].clone() } else { json!(answer.error().1) }
        };
        assert_eq!(granted("orders/write").await, "orders/write");
        for foreign in ["orders/delete", "openid", "orders", "orders/read openid"] {
            assert_eq!(granted(foreign).await, "invalid_scope", "{foreign}");
        }

        let only = json!({ "UserPoolId": shop.pool, "Identifier": "orders", "Name": "orders",
                           "Scopes": [{ "ScopeName": "read", "ScopeDescription": "read" }] });
        shop.app.idp("UpdateResourceServer", only).await.assert_good();
        assert_eq!(granted("").await, "orders/read", "the client keeps a scope that is gone, its tokens do not");
    }

    async fn what_a_client_may_not_do_and_what_is_no_request_is_refused(app: TestApp) {
        let shop = Shop::open(app).await;
        let machine = shop.machine().await;
        let page = shop.page(json!({})).await;
        let plain = shop.app.client(&shop.pool).await;
        let (id, secret) = (("client_id", machine.id.as_str()), ("client_secret", machine.secret.as_str()));
        for (form, error) in [
            (vec![id, secret], "invalid_request"),
            (vec![("grant_type", ""), id, secret], "invalid_request"),
            (vec![GRANT, GRANT, id, secret], "invalid_request"),
            (vec![("grant_type", "password"), id, secret], "unsupported_grant_type"),
            (vec![("grant_type", "refresh_token"), id, secret], "invalid_request"),
            (vec![GRANT, ("client_id", &page)], "unauthorized_client"),
            (vec![GRANT, ("client_id", &plain)], "invalid_client"),
            (vec![("grant_type", "authorization_code"), ("code", "x"), id, secret], "unauthorized_client"),
        ] {
            let answer = shop.post("/oauth2/token", &form).await;
            assert_eq!(answer.error(), (400, error), "{form:?}");
        }

        let good = format!("grant_type=client_credentials&client_id={}&client_secret={}", machine.id, machine.secret);
        for (kind, body) in [
            ("application/json", good.clone()),
            ("text/plain", good.clone()),
            ("application/x-www-form-urlencoded", format!("{good}&x={}", "x".repeat(70_000))),
        ] {
            let request = Request::post("/oauth2/token").header("host", HOST).header("content-type", kind);
            let answer = shop.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.error(), (400, "invalid_request"), "{kind}");
        }
    }

    async fn the_domain_says_which_pool_is_meant(app: TestApp) {
        let shop = Shop::open(app).await;
        let machine = shop.machine().await;
        let elsewhere = shop.app.pool().await;
        let other = json!({ "UserPoolId": elsewhere, "Domain": "bakery" });
        shop.app.idp("CreateUserPoolDomain", other).await.assert_good();
        let form = [GRANT, ("client_id", &machine.id), ("client_secret", &machine.secret)];
        let at = async |path: &str, host: &str| shop.post_with(path, &form, &[("host", host)]).await.status;

        assert_eq!(at("/oauth2/token", "SHOP.auth.id.example.com:443").await, 200);
        assert_eq!(at("/domains/shop/oauth2/token", "id.example.com").await, 200);
        assert_eq!(at("/oauth2/token", "bakery.auth.id.example.com").await, 400, "another pool's client is unknown");
        for host in ["id.example.com", "nobody.auth.id.example.com", "shop.id.example.com", "shop", "x.shop.auth.id.example.com"] {
            assert_eq!(at("/oauth2/token", host).await, 404, "{host}");
        }
        for nobody in ["nobody", "%00", "..", "shop%20", &"s".repeat(300)] {
            assert_eq!(at(&format!("/domains/{nobody}/oauth2/token"), HOST).await, 404, "{nobody}");
        }

        let gone = json!({ "UserPoolId": shop.pool, "Domain": "shop" });
        shop.app.idp("DeleteUserPoolDomain", gone).await.assert_good();
        assert_eq!(at("/oauth2/token", HOST).await, 404);
    }

    async fn a_refresh_token_of_a_sign_in_is_refreshed_here_too(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let (client, other) = (shop.page(json!({})).await, shop.page(json!({})).await);
        let tokens = shop.app.tokens(&client, "ann").await;
        let refresh = async |client: &str, token: &str| {
            let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
            shop.post("/oauth2/token", &form).await
        };

        let answer = refresh(&client, &tokens.refresh).await;

        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body.get("refresh_token"), None, "the old one stays");
        shop.app.get_user(&answer.text("access_token")).await.assert_good();
        assert_eq!(claims(&answer.text("id_token"))["cognito:username"], "ann");
        for (client, token) in [(&other, tokens.refresh.as_str()), (&client, "a.b.c.d.e"), (&client, &tokens.access)] {
            assert_eq!(refresh(client, token).await.error(), (400, "invalid_grant"));
        }

        let arn = "arn:aws:lambda:us-east-1:123456789012:function:claims";
        let trigger = json!({ "UserPoolId": shop.pool, "LambdaConfig": { "PreTokenGeneration": arn } });
        shop.app.idp("UpdateUserPool", trigger).await.assert_good();
        let cannot = refresh(&client, &tokens.refresh).await;
        assert_eq!(cannot.error(), (500, "server_error"), "a trigger that is not built says nothing of the token");
        shop.app.idp("UpdateUserPool", json!({ "UserPoolId": shop.pool })).await.assert_good();
        assert_eq!(refresh(&client, &tokens.refresh).await.status, 200);

        shop.app.idp("AdminDisableUser", json!({ "UserPoolId": shop.pool, "Username": "ann" })).await.assert_good();
        assert_eq!(refresh(&client, &tokens.refresh).await.error(), (400, "invalid_grant"));
    }

    async fn a_rotating_token_is_exchanged_once(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({
            "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 },
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        })).await;
        let first = shop.app.tokens(&client, "ann").await.refresh;
        let refresh = async |token: &str| {
            let form = [("grant_type", "refresh_token"), ("client_id", client.as_str()), ("refresh_token", token)];
            shop.post("/oauth2/token", &form).await
        };

        let second = refresh(&first).await.text("refresh_token");
        assert_ne!((second.as_str(), second.len() > 100), (first.as_str(), false));
        shop.app.clock.tick();
        assert_eq!(refresh(&first).await.error(), (400, "invalid_grant"));
        assert_eq!(refresh(&second).await.error(), (400, "invalid_grant"), "the thief's use ended the sign-in");
    }

    async fn a_browser_may_ask_from_any_origin(app: TestApp) {
        let shop = Shop::open(app).await;
        let asked = Request::options("/oauth2/token").header("host", HOST).header("origin", "https://shop.example.com");
        let asked = asked.header("access-control-request-headers", "authorization,x-amz-user-agent");
        let answer = shop.send(asked.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.body), (204, Value::Null));
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert_eq!(answer.headers["access-control-allow-headers"], "authorization,x-amz-user-agent");
        let got = shop.send(Request::get("/oauth2/token").header("host", HOST).body(Body::empty()).unwrap()).await;
        assert_eq!(got.status, 405);
    }
}
