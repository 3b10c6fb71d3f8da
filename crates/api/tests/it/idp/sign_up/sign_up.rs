//! `SignUp`: a refusal keeps nothing.

use cognate_testkit::app::{Answered, PASSWORD, merged};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

const TABLES: [&str; 9] = [
    "users",
    "user_aliases",
    "user_search",
    "user_counts",
    "codes",
    "attempts",
    "inbox",
    "token_families",
    "refresh_tokens",
];

/// How many rows there are, table by table, and how many users are counted.
async fn all_rows(app: &TestApp, pool: &str) -> Vec<(String, Value)> {
    let mut rows = Vec::new();
    for table in TABLES {
        rows.push((table.to_owned(), app.rows(table).await.into()));
    }
    let described = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
    rows.push(("counted".to_owned(), described["UserPool"]["EstimatedNumberOfUsers"].clone()));
    rows
}

async fn sign_up(app: &TestApp, client: &str, name: &str, more: Value) -> Answered {
    let input = json!({ "ClientId": client, "Username": name, "Password": PASSWORD });
    app.idp("SignUp", merged(input, more)).await
}

/// Asserts the refusal and that it kept nothing.
async fn refused_without_trace(app: &TestApp, pool: &str, asked: (&str, &str, Value), error: &str) {
    let (client, name, more) = asked;
    let before = all_rows(app, pool).await;
    let answer = sign_up(app, client, name, more).await;
    assert_eq!(answer.error.as_deref(), Some(error), "{answer}");
    assert_eq!(all_rows(app, pool).await, before, "{answer}");
}

fn attribute(name: &str, value: &str) -> Value {
    json!({ "UserAttributes": [{ "Name": name, "Value": value }] })
}

both_engines! {
    async fn a_refusal_in_a_plain_pool_keeps_nothing(app: TestApp) {
        let most = json!({ "MaxValue": "9" });
        let schema = json!([{ "Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": most }]);
        let pool = app.pool_with(json!({ "AutoVerifiedAttributes": ["email"], "Schema": schema })).await;
        let client = app.client_with(&pool, json!({ "WriteAttributes": ["email", "custom:level"] })).await;
        let secretive = app.client_with(&pool, json!({ "GenerateSecret": true })).await;
        app.sign_up(&client, "ann").await.assert_good();

        for (asked, error) in [
            ((client.as_str(), "ann", json!({})), "UsernameExistsException"),
            (("0123456789abcdefghijklmnop", "bob", json!({})), "ResourceNotFoundException"),
            ((&secretive, "bob", json!({})), "NotAuthorizedException"),
            ((&secretive, "bob", json!({ "SecretHash": "AAAA" })), "NotAuthorizedException"),
            ((&client, "bob", json!({ "SecretHash": "AAAA" })), "NotAuthorizedException"),
            ((&client, "b b", json!({})), "InvalidParameterException"),
            ((&client, "bob", json!({ "Password": "short" })), "InvalidPasswordException"),
            ((&client, "bob", json!({ "Password": "no-capital-9" })), "InvalidPasswordException"),
            ((&client, "bob", json!({ "Password": "" })), "InvalidParameterException"),
            ((&client, "bob", json!({ "Password": null })), "InvalidParameterException"),
            ((&client, "bob", attribute("nickname", "bobby")), "NotAuthorizedException"),
            ((&client, "bob", attribute("custom:unknown", "x")), "InvalidParameterException"),
            ((&client, "bob", attribute("custom:level", "ten")), "InvalidParameterException"),
            ((&client, "bob", attribute("custom:level", "10")), "InvalidParameterException"),
            ((&client, "bob", attribute("email", "no address")), "InvalidParameterException"),
        ] {
            refused_without_trace(&app, &pool, asked, error).await;
        }
    }

    async fn a_refusal_in_a_pool_of_addresses_keeps_nothing(app: TestApp) {
        let pool = app.pool_with(json!({ "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;
        let client = app.client(&pool).await;
        sign_up(&app, &client, "ann@example.com", json!({})).await.assert_good();

        refused_without_trace(&app, &pool, (&client, "ann@example.com", json!({})), "UsernameExistsException").await;
        refused_without_trace(&app, &pool, (&client, "bob", json!({})), "InvalidParameterException").await;
    }

    async fn a_refusal_in_a_pool_of_aliases_keeps_nothing(app: TestApp) {
        let pool = app.pool_with(json!({ "AliasAttributes": ["email", "preferred_username"] })).await;
        let client = app.client(&pool).await;

        let preferred = attribute("preferred_username", "bobby");
        refused_without_trace(&app, &pool, (&client, "bob@example.com", json!({})), "InvalidParameterException").await;
        refused_without_trace(&app, &pool, (&client, "bob", preferred), "InvalidParameterException").await;
    }

    async fn a_pool_of_its_administrators_keeps_nobody_else(app: TestApp) {
        let pool = app.pool_with(json!({ "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true } })).await;
        let client = app.client(&pool).await;

        refused_without_trace(&app, &pool, (&client, "bob", json!({})), "NotAuthorizedException").await;
    }

    async fn one_sign_up_keeps_one_user_one_name_and_one_code(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;

        let answer = app.sign_up(&client, "ann").await;

        let sub = answer.text("/UserSub");
        let details = json!({ "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" });
        assert_eq!(answer.good(), json!({ "UserConfirmed": false, "UserSub": sub, "CodeDeliveryDetails": details }));
        assert_eq!((app.rows("users").await, app.rows("user_aliases").await, app.rows("codes").await), (1, 1, 1));
        let message = app.last_message("ann@example.com").await;
        assert_eq!(message.body, format!("Your verification code is {}.", message.code.unwrap()));
    }
}
