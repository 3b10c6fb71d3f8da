use serde_json::json;

use super::*;
use crate::client::ClientConfig;
use crate::user::UserStatus;
use crate::username::tests::user;

#[test]
fn a_use_is_judged_by_when_it_began_and_the_grace() {
    let taken_at = 100_000;
    for (grace, began, expected) in [
        (0, 99_999, Use::Parallel),
        (0, 100_000, Use::Parallel),
        (0, 100_001, Use::Reuse),
        (0, 999_999, Use::Reuse),
        (10, 0, Use::Retry),
        (10, 100_000, Use::Retry),
        (10, 109_999, Use::Retry),
        (10, 110_000, Use::Reuse),
        (60, 159_999, Use::Retry),
        (60, 160_000, Use::Reuse),
    ] {
        let found = Use::of(Some(Timestamp(taken_at)), Timestamp(began), Duration::from_secs(grace));
        assert_eq!(found, expected, "grace {grace}, began {began}");
    }
    for grace in [0, 60] {
        assert_eq!(Use::of(None, Timestamp(1), Duration::from_secs(grace)), Use::First);
    }
}

const NOW: Timestamp = Timestamp(1_700_000_000_999);

/// The claims of both tokens that such a client gets for such a user who has signed in through the API.
fn claims(config: &Value, user: &User, groups: &GroupClaims) -> (Value, Value) {
    issued(config, user, groups, (USER_ADMIN_SCOPE, None))
}

/// The same of a sign-in at a login domain with these scopes.
fn issued(config: &Value, user: &User, groups: &GroupClaims, asked: (&str, Option<OAuthGrant>)) -> (Value, Value) {
    let (scope, oauth) = asked;
    let config: ClientConfig = serde_json::from_value(config.clone()).unwrap();
    let client = Client {
        id: "1example23456789".to_owned(),
        pool_id: user.pool_id.clone(),
        version: 1,
        created_at: Timestamp(0),
        modified_at: Timestamp(0),
        secrets: Vec::new(),
        permissions: config.permissions(),
        validity: config.validity().unwrap(),
        revocation: config.revocation(),
        config,
    };
    let family = TokenFamily {
        pool_id: user.pool_id.clone(),
        user_id: user.id.clone(),
        client_id: client.id.clone(),
        origin_jti: "origin".to_owned(),
        event_id: "event".to_owned(),
        scope: scope.to_owned(),
        authenticated_at: Timestamp(1_600_000_000_000),
        expires_at: Timestamp(i64::MAX),
        oauth,
    };
    let scopes: Vec<String> = scope.split(' ').map(str::to_owned).collect();
    let (issuer, family) = ("https://issuer", &family);
    let issue =
        Issue { issuer, client: &client, user, groups, family, scopes: &scopes, rules: Rules::default(), now: NOW };
    let binding = Binding { nonce: family.oauth.as_ref().map(|_| "n"), key: None };
    (issue.id_claims("one", binding).into(), issue.access_claims("two", binding).into())
}

#[test]
fn a_token_says_who_signed_in_where_and_for_how_long() {
    let ann = user("ann", UserStatus::Confirmed, &[("email", "a@b.example"), ("email_verified", "true")]);
    let (id, access) = claims(&json!({ "IdTokenValidity": 2 }), &ann, &GroupClaims::default());
    assert_eq!(
        id,
        json!({
            "sub": ann.id, "email": "a@b.example", "email_verified": true, "iss": "https://issuer",
            "cognito:username": "ann", "origin_jti": "origin", "aud": "1example23456789", "event_id": "event",
            "token_use": "id", "auth_time": 1_600_000_000, "exp": 1_700_007_200, "iat": 1_700_000_000, "jti": "one",
        })
    );
    assert_eq!(
        access,
        json!({
            "sub": ann.id, "iss": "https://issuer", "client_id": "1example23456789", "origin_jti": "origin",
            "event_id": "event", "token_use": "access", "scope": "aws.cognito.signin.user.admin",
            "auth_time": 1_600_000_000, "exp": 1_700_003_600, "iat": 1_700_000_000, "jti": "two", "username": "ann",
        })
    );

    let (id, access) = claims(&json!({ "EnableTokenRevocation": false }), &ann, &GroupClaims::default());
    assert_eq!((&id["origin_jti"], &access["origin_jti"]), (&Value::Null, &Value::Null));
}

#[test]
fn groups_and_roles_are_said_where_there_are_any() {
    let ann = user("ann", UserStatus::Confirmed, &[]);
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (groups, roles, preferred) in
        [(names(&["a", "b"]), names(&["R1", "R2"]), Some("R1")), (names(&["a"]), names(&[]), None)]
    {
        let in_token = GroupClaims { groups, roles, preferred_role: preferred.map(str::to_owned) };
        let (id, access) = claims(&json!({}), &ann, &in_token);
        assert_eq!(
            (&id["cognito:groups"], &access["cognito:groups"]),
            (&json!(in_token.groups), &json!(in_token.groups))
        );
        let roles = if in_token.roles.is_empty() { Value::Null } else { json!(in_token.roles) };
        assert_eq!((&id["cognito:roles"], &access["cognito:roles"]), (&roles, &Value::Null));
        assert_eq!(
            (&id["cognito:preferred_role"], &access["cognito:preferred_role"]),
            (&json!(preferred), &Value::Null)
        );
    }
}

#[test]
fn attributes_that_a_client_reads_stand_in_the_id_token_in_types_of_their_own() {
    let ann = user(
        "ann",
        UserStatus::Confirmed,
        &[
            ("email_verified", "false"),
            ("phone_number_verified", "true"),
            ("updated_at", "1471453471"),
            ("address", "1 Main St"),
            ("custom:age", "7"),
            ("custom:member", "true"),
        ],
    );
    let (id, access) = claims(&json!({}), &ann, &GroupClaims::default());
    for (name, value) in [
        ("email_verified", json!(false)),
        ("phone_number_verified", json!(true)),
        ("updated_at", json!(1_471_453_471)),
        ("address", json!({ "formatted": "1 Main St" })),
        ("custom:age", json!("7")),
        ("custom:member", json!("true")),
    ] {
        assert_eq!((&id[name], &access[name]), (&value, &Value::Null), "{name}");
    }

    let odd = user("ann", UserStatus::Confirmed, &[("updated_at", "long ago"), ("name", "Ann")]);
    let (id, _) = claims(&json!({ "ReadAttributes": ["updated_at"] }), &odd, &GroupClaims::default());
    assert_eq!((&id["updated_at"], &id["name"]), (&json!("long ago"), &Value::Null));
}

#[test]
fn a_sign_in_at_a_login_domain_shows_what_was_asked_for() {
    let ann = user("ann", UserStatus::Confirmed, &[("email", "a@b.example"), ("name", "Ann")]);
    let at_login = |scope: &str, resource: Option<&str>| {
        let oauth = OAuthGrant { resource: resource.map(str::to_owned), key: None };
        issued(&json!({}), &ann, &GroupClaims::default(), (scope, Some(oauth)))
    };
    let (id, access) = at_login("openid email", Some("https://api"));
    assert_eq!((&id["email"], &id["name"], &id["nonce"]), (&json!("a@b.example"), &Value::Null, &json!("n")));
    assert_eq!((&id["aud"], &id["version"]), (&json!("1example23456789"), &Value::Null));
    assert_eq!((&access["aud"], &access["version"]), (&json!("https://api"), &json!(2)));
    assert_eq!(access["scope"], "openid email");

    let (id, access) = at_login("openid orders/read", None);
    assert_eq!((&id["name"], &access["aud"]), (&json!("Ann"), &Value::Null));
    let (id, access) = claims(&json!({}), &ann, &GroupClaims::default());
    assert_eq!((&id["nonce"], &access["version"]), (&Value::Null, &Value::Null));
}

#[test]
fn an_id_token_comes_with_every_sign_in_but_one_that_did_not_ask_for_openid() {
    for (scope, oauth, has) in [
        (USER_ADMIN_SCOPE, None, true),
        (USER_ADMIN_SCOPE, Some(OAuthGrant::default()), false),
        ("email openid", Some(OAuthGrant::default()), true),
        ("orders/openid", Some(OAuthGrant::default()), false),
    ] {
        let family = TokenFamily {
            pool_id: String::new(),
            user_id: String::new(),
            client_id: String::new(),
            origin_jti: String::new(),
            event_id: String::new(),
            scope: scope.to_owned(),
            authenticated_at: Timestamp(0),
            expires_at: Timestamp(0),
            oauth,
        };
        assert_eq!(family.has_id_token(), has, "{scope}");
    }
}
