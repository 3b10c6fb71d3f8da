//! Which claims a scope stands for (OpenID Connect Core, 5.4), of what types they are (5.1), and how they are asked for
//! otherwise.

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::party::{STATE, Suite};

/// OpenID Connect Core, 5.4.
const OF_PROFILE: [&str; 14] = [
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
];
const OF_EMAIL: [&str; 2] = ["email", "email_verified"];
const OF_PHONE: [&str; 2] = ["phone_number", "phone_number_verified"];

/// What userInfo says where these scopes were asked for.
async fn given(suite: &Suite, scope: &str) -> Value {
    let tokens = suite.tokens(&[("scope", scope)]).await;
    let given = suite.userinfo(&tokens).await;
    for name in OF_PROFILE.iter().chain(&OF_EMAIL).chain(&OF_PHONE) {
        assert_eq!(given.get(*name), tokens.id.get(*name), "{name}: the ID token says the same");
    }
    given
}

#[track_caller]
fn assert_has(given: &Value, names: &[&str], has: bool) {
    for name in names {
        assert_eq!(given.get(*name).is_some(), has, "{name}: {given}");
    }
}

both_engines! {
    /// `profile` is answered with the fourteen claims that it stands for, each of its type, and with none of another
    /// scope.
    async fn oidcc_scope_profile(app: TestApp) {
        let suite = Suite::open(app).await;
        let given = given(&suite, "openid profile").await;
        assert_has(&given, &OF_PROFILE, true);
        assert_has(&given, &OF_EMAIL, false);
        assert_has(&given, &OF_PHONE, false);
        assert_eq!(given["updated_at"], 1_471_453_471, "a number");
        for name in OF_PROFILE.iter().filter(|name| **name != "updated_at") {
            assert!(given[*name].is_string(), "{name}");
        }
    }

    /// `email` is answered with the address, and with a boolean that says whether it is verified.
    async fn oidcc_scope_email(app: TestApp) {
        let suite = Suite::open(app).await;
        let given = given(&suite, "openid email").await;
        assert_eq!((&given["email"], &given["email_verified"]), (&json!("ann@example.com"), &json!(true)));
        assert_has(&given, &OF_PROFILE, false);
        assert_has(&given, &OF_PHONE, false);

        let unverified =
            json!([{ "Name": "email", "Value": "ann@example.com" }, { "Name": "email_verified", "Value": "false" }]);
        let input = json!({ "UserPoolId": suite.shop.pool, "Username": "ann", "UserAttributes": unverified });
        suite.shop.app.idp("AdminUpdateUserAttributes", input).await.assert_good();
        assert_eq!(self::given(&suite, "openid email").await["email_verified"], false);
    }

    /// `address` is not offered, which skips the module: it is refused, and no other scope answers with a postal
    /// address that is not an object.
    async fn oidcc_scope_address(app: TestApp) {
        let suite = Suite::open(app).await;
        let document =
            suite.shop.get(&format!("/{}/.well-known/openid-configuration", suite.shop.pool), "id.example.com").await;
        assert!(!document.body["scopes_supported"].as_array().unwrap().contains(&json!("address")));
        let page = suite.shop.browser().get(&suite.request(&[("scope", "openid address")])).await;
        assert_eq!(
            (page.answer("error").as_deref(), page.answer("state").as_deref()),
            (Some("invalid_scope"), Some(STATE))
        );
        let given = given(&suite, "openid profile").await;
        assert_eq!(given["address"]["formatted"], "1 Main St");
    }

    /// `phone` is answered with the number, and with a boolean that says whether it is verified.
    async fn oidcc_scope_phone(app: TestApp) {
        let suite = Suite::open(app).await;
        let given = given(&suite, "openid phone").await;
        assert_eq!((&given["phone_number"], &given["phone_number_verified"]), (&json!("+15555550100"), &json!(true)));
        assert_has(&given, &OF_PROFILE, false);
        assert_has(&given, &OF_EMAIL, false);
    }

    /// All scopes at once are answered with the claims of all of them; `openid` alone with none but `sub`.
    async fn oidcc_scope_all(app: TestApp) {
        let suite = Suite::open(app).await;
        let all = given(&suite, "openid profile email phone").await;
        for names in [&OF_PROFILE[..], &OF_EMAIL, &OF_PHONE] {
            assert_has(&all, names, true);
        }
        let least = given(&suite, "openid").await;
        for names in [&OF_PROFILE[..], &OF_EMAIL, &OF_PHONE, &["address"]] {
            assert_has(&least, names, false);
        }
    }

    /// The order of scopes does not matter (RFC 6749, 3.3), nor that of the request's parameters.
    async fn oidcc_alternate_happy_flow(app: TestApp) {
        let suite = Suite::open(app).await;
        let address = suite.request(&[("scope", "email openid")]);
        let (path, query) = address.split_once('?').unwrap();
        let reversed: Vec<&str> = query.split('&').rev().collect();
        let page = suite.shop.browser().sign_in(&format!("{path}?{}", reversed.join("&")), "ann").await;
        Suite::assert_answers(&page);
        let tokens = suite.exchange(&page.code(), &[]).await;
        assert_has(&suite.userinfo(&tokens).await, &OF_EMAIL, true);
    }

    /// A claim that is asked for as essential in `claims` is no reason to fail; where the parameter is not supported,
    /// as discovery says, the scopes decide.
    async fn oidcc_claims_essential(app: TestApp) {
        let suite = Suite::open(app).await;
        let claims = json!({ "userinfo": { "name": { "essential": true } } }).to_string();
        let tokens = suite.tokens(&[("claims", &claims)]).await;
        assert_has(&suite.userinfo(&tokens).await, &["name"], false);
        let tokens = suite.tokens(&[("claims", &claims), ("scope", "openid profile")]).await;
        assert_eq!(suite.userinfo(&tokens).await["name"], "Ann Example");
    }

    /// Languages that are wished for claims are no reason to fail (OpenID Connect Core, 15.1).
    async fn oidcc_claims_locales(app: TestApp) {
        let suite = Suite::open(app).await;
        let tokens = suite.tokens(&[("claims_locales", "se"), ("scope", "openid profile")]).await;
        assert_eq!(suite.userinfo(&tokens).await["name"], "Ann Example");
    }
}
