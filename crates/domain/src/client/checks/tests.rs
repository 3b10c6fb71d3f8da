use serde_json::{Value, json};

use crate::client::ClientConfig;
use crate::error::Error;
use crate::pool::tests::pool;

/// What a pool with these settings says to a client with those.
fn refusal(of_pool: &Value, client: &Value) -> Option<String> {
    let mut asked = json!({ "UserPoolId": "us-east-1_AbCdEf123", "ClientName": "app" });
    asked.as_object_mut().unwrap().extend(client.as_object().unwrap().clone());
    let made = ClientConfig::create(serde_json::from_value(asked).unwrap(), &pool(of_pool));
    made.err().map(|error| error.to_string())
}

#[expect(clippy::unnecessary_wraps, reason = "stands where others are None")]
fn said(sentence: &'static str) -> Option<String> {
    Some(Error::invalid_parameter(sentence).to_string())
}

#[test]
fn flows_are_all_old_or_all_new_and_fit_the_rest() {
    let mixed = said("Cannot mix legacy and ALLOW_ auth flows in ExplicitAuthFlows.");
    let tier = Some(Error::feature_unavailable_in_tier("Choice-Based Sign-In", "LITE").to_string());
    let rotating = said("ALLOW_REFRESH_TOKEN_AUTH can not be selected when refresh token rotation is enabled.");
    let flows = |named: &[&str]| json!({ "ExplicitAuthFlows": named });
    let rotation = |feature: &str, named: &[&str]| json!({ "ExplicitAuthFlows": named, "RefreshTokenRotation": { "Feature": feature } });
    let (plain, lite) = (json!({}), json!({ "UserPoolTier": "LITE" }));
    for (pool, asked, expected) in [
        (&plain, flows(&[]), None),
        (&plain, flows(&["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH", "CUSTOM_AUTH_FLOW_ONLY"]), None),
        (&plain, flows(&["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]), None),
        (&plain, flows(&["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"]), mixed.clone()),
        (&plain, flows(&["ALLOW_USER_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY"]), mixed.clone()),
        (&plain, flows(&["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]), mixed),
        (&plain, flows(&["ALLOW_USER_AUTH"]), None),
        (&lite, flows(&["ALLOW_USER_SRP_AUTH"]), None),
        (&lite, flows(&["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"]), tier),
        (&plain, rotation("ENABLED", &["ALLOW_USER_SRP_AUTH"]), None),
        (&plain, rotation("DISABLED", &["ALLOW_REFRESH_TOKEN_AUTH"]), None),
        (&plain, rotation("ENABLED", &["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]), rotating),
    ] {
        assert_eq!(refusal(pool, &asked), expected, "{pool} {asked}");
    }
}

#[test]
fn a_client_reads_and_writes_what_the_pool_has_and_leaves_out_nothing_required() {
    let (read, write) = ("read", "write");
    let invalid = |which: &str| Some(Error::invalid_client_attributes(which).to_string());
    let plain = json!({ "Schema": [{ "Name": "team", "AttributeDataType": "String" },
        { "Name": "cost", "AttributeDataType": "String", "DeveloperOnlyAttribute": true }] });
    let named = json!({ "Schema": [{ "Name": "name", "Required": true }] });
    for (pool, which, attributes, sound) in [
        (&plain, read, vec![], true),
        (&plain, read, vec!["sub", "email_verified", "custom:team", "dev:cost"], true),
        (&plain, read, vec!["custom:other"], false),
        (&plain, read, vec!["email", "team"], false),
        (&plain, write, vec![], true),
        (&plain, write, vec!["email", "custom:team"], true),
        (&plain, write, vec!["email", "custom:other"], false),
        (&plain, write, vec!["sub"], false),
        (&plain, write, vec!["email_verified"], false),
        (&plain, write, vec!["dev:cost"], false),
        (&named, write, vec![], true),
        (&named, write, vec!["name"], true),
        (&named, write, vec!["email"], false),
        (&named, read, vec!["email"], true),
    ] {
        let member = if which == read { "ReadAttributes" } else { "WriteAttributes" };
        let expected = if sound { None } else { invalid(which) };
        assert_eq!(refusal(pool, &json!({ member: attributes })), expected, "{which} {attributes:?}");
    }
}

#[test]
fn a_client_signs_in_with_providers_that_exist_and_tells_the_service_more_only_with_a_secret() {
    let unknown = Error::provider_not_in_pool("Google", "us-east-1_AbCdEf123").to_string();
    let secret = said("EnablePropagateAdditionalUserContextData can only be enabled for a client with a secret.");
    for (asked, expected) in [
        (json!({ "SupportedIdentityProviders": ["COGNITO"] }), None),
        (json!({ "SupportedIdentityProviders": ["COGNITO", "Google"] }), Some(unknown)),
        (json!({ "EnablePropagateAdditionalUserContextData": false }), None),
        (json!({ "EnablePropagateAdditionalUserContextData": true, "GenerateSecret": true }), None),
        (json!({ "EnablePropagateAdditionalUserContextData": true }), secret),
    ] {
        assert_eq!(refusal(&json!({}), &asked), expected, "{asked}");
    }
}

#[test]
fn oauth_is_switched_on_with_flows_and_scopes_or_not_at_all() {
    let off =
        said("AllowedOAuthFlowsUserPoolClient must be true when AllowedOAuthFlows or AllowedOAuthScopes are given.");
    let half = said(
        "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
    );
    let alone = "client_credentials flow can not be selected along with code flow or implicit flow.";
    let public = "client_credentials flow can not be selected if client does not have a client secret.";
    let flow_error = |sentence| Some(Error::invalid_oauth_flow(sentence).to_string());
    for (on, flows, scopes, has_secret, expected) in [
        (false, vec![], vec![], false, None),
        (true, vec!["code"], vec!["openid"], false, None),
        (true, vec!["code", "implicit"], vec!["openid"], false, None),
        (false, vec!["code"], vec![], false, off.clone()),
        (false, vec![], vec!["openid"], false, off),
        (true, vec![], vec![], false, half.clone()),
        (true, vec!["code"], vec![], false, half.clone()),
        (true, vec![], vec!["openid"], false, half),
        (true, vec!["client_credentials"], vec!["photos/read"], true, None),
        (true, vec!["client_credentials"], vec!["photos/read"], false, flow_error(public)),
        (true, vec!["client_credentials", "code"], vec!["photos/read"], true, flow_error(alone)),
    ] {
        let asked = json!({ "AllowedOAuthFlowsUserPoolClient": on, "AllowedOAuthFlows": flows,
            "AllowedOAuthScopes": scopes, "GenerateSecret": has_secret });
        assert_eq!(refusal(&json!({}), &asked), expected, "{asked}");
    }
}

#[test]
fn browsers_are_sent_to_sound_urls_and_by_default_to_a_listed_one() {
    let unsound = "ftp.example is not a valid redirect URL: it must be absolute, without a fragment, and https unless it \
        is local or of a custom scheme.";
    let unlisted = said("DefaultRedirectURI must be in the list of CallbackURLs.");
    let (good, other) = ("https://a.example/cb", "https://b.example/cb");
    for (asked, expected) in [
        (json!({ "CallbackURLs": [good], "LogoutURLs": [other] }), None),
        (json!({ "CallbackURLs": [good, "ftp.example"] }), said(unsound)),
        (json!({ "CallbackURLs": [good], "LogoutURLs": ["ftp.example"] }), said(unsound)),
        (json!({ "CallbackURLs": [good, other], "DefaultRedirectURI": other }), None),
        (json!({ "CallbackURLs": [good], "DefaultRedirectURI": other }), unlisted.clone()),
        (json!({ "LogoutURLs": [good], "DefaultRedirectURI": good }), unlisted),
    ] {
        assert_eq!(refusal(&json!({}), &asked), expected, "{asked}");
    }
}
