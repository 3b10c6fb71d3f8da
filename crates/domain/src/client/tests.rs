use serde_json::{Value, json};

use super::*;
use crate::pool::tests::pool;

/// A public client without any settings.
pub(crate) fn client() -> Client {
    configured(&json!({}))
}

/// With this of its configuration, in the words of the API.
pub(crate) fn configured(config: &Value) -> Client {
    let config: ClientConfig = serde_json::from_value(config.clone()).unwrap();
    Client {
        id: "1example23456789".to_owned(),
        pool_id: "us-east-1_AbCdEf123".to_owned(),
        version: 1,
        created_at: Timestamp(1_500),
        modified_at: Timestamp(2_250),
        secrets: Vec::new(),
        permissions: config.permissions(),
        validity: config.validity().unwrap(),
        revocation: config.revocation(),
        config,
    }
}

fn merged(mut base: Value, more: &Value) -> Value {
    base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    base
}

fn created(settings: &Value) -> Result<ClientConfig> {
    let asked = merged(json!({ "UserPoolId": "us-east-1_AbCdEf123", "ClientName": "app" }), settings);
    ClientConfig::create(serde_json::from_value(asked).unwrap(), &pool(&json!({})))
}

fn updated(config: ClientConfig, settings: &Value) -> ClientConfig {
    let asked = merged(json!({ "UserPoolId": "us-east-1_AbCdEf123", "ClientId": "1example23456789" }), settings);
    config.update(serde_json::from_value(asked).unwrap(), &pool(&json!({})), true).unwrap()
}

fn described(config: &ClientConfig) -> Value {
    serde_json::to_value(config).unwrap()
}

fn everything() -> Value {
    json!({
        "ClientName": "app",
        "RefreshTokenValidity": 48,
        "AccessTokenValidity": 30,
        "IdTokenValidity": 20,
        "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours" },
        "ReadAttributes": ["email", "name"],
        "WriteAttributes": ["name"],
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://app.example.com/cb", "myapp://cb"],
        "LogoutURLs": ["https://app.example.com/out"],
        "DefaultRedirectURI": "myapp://cb",
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "photos/read"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AnalyticsConfiguration": {
            "ApplicationArn": "arn:aws:mobiletargeting:us-east-1:123456789012:apps/a",
            "RoleArn": "arn:aws:iam::123456789012:role/r",
            "UserDataShared": true,
        },
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": false,
        "EnablePropagateAdditionalUserContextData": true,
        "AuthSessionValidity": 15,
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 10 },
    })
}

fn secret() -> Value {
    json!({ "GenerateSecret": true })
}

#[test]
fn what_is_asked_for_is_described() {
    let config = created(&merged(everything(), &secret())).unwrap();
    assert_eq!(described(&config), everything());
    assert_eq!(config.custom_scopes().collect::<Vec<_>>(), ["photos/read"]);

    let secret = |value: &str| ClientSecret {
        id: "s".to_owned(),
        is_first: true,
        value: value.into(),
        created_at: Timestamp(0),
    };
    let client = Client { secrets: vec![secret("older"), secret("newer")], ..configured(&everything()) };
    let named = json!({
        "UserPoolId": "us-east-1_AbCdEf123",
        "ClientId": "1example23456789",
        "ClientSecret": "older",
        "CreationDate": 1.5,
        "LastModifiedDate": 2.25,
    });
    assert_eq!(serde_json::to_value(client.into_wire()).unwrap(), merged(everything(), &named));
}

#[test]
fn an_update_replaces_everything_but_the_name() {
    let defaults = json!({
        "ClientName": "app",
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {},
        "AllowedOAuthFlowsUserPoolClient": false,
        "EnableTokenRevocation": true,
        "EnablePropagateAdditionalUserContextData": false,
        "AuthSessionValidity": 3,
    });
    let config = created(&merged(everything(), &secret())).unwrap();
    assert_eq!(described(&updated(config.clone(), &json!({}))), defaults);
    assert_eq!(described(&created(&json!({})).unwrap()), defaults);

    let renamed = updated(config, &json!({ "ClientName": "other" }));
    assert_eq!((renamed.name(), described(&renamed)["ClientName"].clone()), ("other", json!("other")));
}

#[test]
fn a_refresh_token_of_no_length_lives_thirty_days_in_its_own_unit() {
    for (asked, told) in [
        (json!({ "RefreshTokenValidity": 0 }), 30),
        (json!({ "RefreshTokenValidity": 1 }), 1),
        (json!({ "TokenValidityUnits": { "RefreshToken": "hours" } }), 720),
        (json!({ "RefreshTokenValidity": 0, "TokenValidityUnits": { "RefreshToken": "minutes" } }), 43_200),
    ] {
        assert_eq!(described(&created(&asked).unwrap())["RefreshTokenValidity"], told, "{asked}");
    }
}

#[test]
fn a_secret_is_made_or_given_and_not_both() {
    let given = json!({ "ClientSecret": "0123456789abcdefghijklmnopqrstuv" });
    let with_secret = json!({ "EnablePropagateAdditionalUserContextData": true });
    for (asked, has_secret) in [
        (json!({}), false),
        (json!({ "GenerateSecret": false }), false),
        (json!({ "GenerateSecret": true }), true),
        (given.clone(), true),
        (merged(json!({ "GenerateSecret": false }), &given), true),
    ] {
        assert!(created(&asked).is_ok(), "{asked}");
        assert_eq!(created(&merged(with_secret.clone(), &asked)).is_ok(), has_secret, "{asked}");
    }
    let both = created(&merged(json!({ "GenerateSecret": true }), &given)).unwrap_err();
    assert_eq!(both.message, "ClientSecret can not be given when GenerateSecret is true.");
}

#[test]
fn analytics_write_as_the_service_where_nobody_else_is_named() {
    let arn = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/a";
    let own = "arn:aws:iam::123456789012:role/aws-service-role/cognito-idp.amazonaws.com/\
        AWSServiceRoleForAmazonCognitoIdp";
    for (asked, told) in [
        (json!({ "ApplicationArn": arn }), json!({ "ApplicationArn": arn, "RoleArn": own })),
        (json!({ "ApplicationArn": arn, "RoleArn": "r" }), json!({ "ApplicationArn": arn, "RoleArn": "r" })),
        (json!({ "ApplicationId": "a" }), json!({ "ApplicationId": "a" })),
        (json!({}), Value::Null),
    ] {
        let config = created(&json!({ "AnalyticsConfiguration": asked })).unwrap();
        assert_eq!(described(&config)["AnalyticsConfiguration"], told, "{asked}");
    }
}

#[test]
fn the_settings_say_what_a_client_may_and_may_not() {
    let (plain, full) = (client(), configured(&everything()));

    assert_eq!((plain.config.name(), full.config.name()), ("", "app"));
    assert_eq!(plain.permissions, Permissions::default());
    assert_eq!(full.permissions.read, Some(vec!["email".to_owned(), "name".to_owned()]));
    assert_eq!(full.permissions.write, Some(vec!["name".to_owned()]));
    assert_eq!((plain.revocation, full.revocation), (true, false));
    assert_eq!((plain.veils(), full.veils()), (false, true));
    assert!(!configured(&json!({ "PreventUserExistenceErrors": "LEGACY" })).veils());
    assert_eq!(plain.session_validity(), Duration::from_mins(3));
    assert_eq!(full.session_validity(), Duration::from_mins(15));
}

#[test]
fn only_a_client_that_rotates_has_a_grace() {
    for (rotation, rotates, grace) in [
        (json!({}), false, 0),
        (json!({ "RefreshTokenRotation": { "Feature": "DISABLED", "RetryGracePeriodSeconds": 10 } }), false, 0),
        (json!({ "RefreshTokenRotation": { "Feature": "ENABLED" } }), true, 0),
        (json!({ "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 10 } }), true, 10),
    ] {
        let client = configured(&rotation);
        assert_eq!((client.rotates(), client.retry_grace().as_secs()), (rotates, grace), "{rotation}");
    }
}

#[test]
fn a_client_allows_the_flows_that_it_names() {
    use Flow::{AdminPassword, Choice, Custom, Password, Refresh, Srp};
    let cases: [(&[&str], &[Flow]); 12] = [
        (&[], &[Srp, Custom, Refresh]),
        (&["ADMIN_NO_SRP_AUTH"], &[Srp, AdminPassword, Refresh]),
        (&["USER_PASSWORD_AUTH"], &[Srp, Password, Refresh]),
        (&["CUSTOM_AUTH_FLOW_ONLY"], &[Custom, Refresh]),
        (&["ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY"], &[AdminPassword, Custom, Refresh]),
        (&["ALLOW_USER_SRP_AUTH"], &[Srp]),
        (&["ALLOW_USER_PASSWORD_AUTH"], &[Password]),
        (&["ALLOW_ADMIN_USER_PASSWORD_AUTH"], &[AdminPassword]),
        (&["ALLOW_CUSTOM_AUTH"], &[Custom]),
        (&["ALLOW_REFRESH_TOKEN_AUTH"], &[Refresh]),
        (&["ALLOW_USER_AUTH"], &[Choice]),
        (&["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], &[Srp, Refresh]),
    ];
    for (named, allowed) in cases {
        let client = configured(&json!({ "ExplicitAuthFlows": named }));
        for flow in [Srp, Password, AdminPassword, Custom, Refresh, Choice] {
            assert_eq!(client.allows(flow), allowed.contains(&flow), "{named:?}: {flow:?}");
        }
    }
    assert!(client().allows(Srp) && !client().allows(Password), "without a list");
}
