//! The second pass: AWS's one sentence about everything that is wrong.

use cognate_wire::shape::{Refusal, validate};
use cognate_wire::{Facts, identity, idp};
use serde_json::{Value, json};

fn refusal(operation: &str, body: &Value) -> Option<Refusal> {
    let facts = Facts::find(idp::FACTS, operation).or_else(|| Facts::find(identity::FACTS, operation)).unwrap();
    validate(facts.input, body).err()
}

#[track_caller]
fn says(operation: &str, body: &Value, sentence: &str) {
    assert_eq!(refusal(operation, body), Some(Refusal::Constraint(sentence.to_owned())));
}

#[test]
fn a_missing_member_is_named() {
    says(
        "DeleteUserPool",
        &json!({}),
        "1 validation error detected: Value at 'userPoolId' failed to satisfy constraint: Member must not be null",
    );
    says(
        "GetGroup",
        &json!({ "GroupName": null }),
        "2 validation errors detected: Value at 'groupName' failed to satisfy constraint: Member must not be null; \
         Value at 'userPoolId' failed to satisfy constraint: Member must not be null",
    );
}

#[test]
fn a_value_is_repeated_unless_it_is_secret() {
    says(
        "InitiateAuth",
        &json!({ "ClientId": "c", "AuthFlow": "PLAIN" }),
        "1 validation error detected: Value 'PLAIN' at 'authFlow' failed to satisfy constraint: Member must satisfy enum \
         value set: [USER_SRP_AUTH, REFRESH_TOKEN_AUTH, REFRESH_TOKEN, CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, \
         USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH]",
    );
    says(
        "AdminSetUserPassword",
        &json!({ "UserPoolId": "a_1", "Username": "ann", "Password": "p w" }),
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular \
         expression pattern: [\\S]+",
    );
}

#[test]
fn length_and_pattern_are_two_violations() {
    says(
        "SignUp",
        &json!({ "ClientId": "c", "Username": "" }),
        "2 validation errors detected: Value at 'username' failed to satisfy constraint: Member must have length greater \
         than or equal to 1; Value at 'username' failed to satisfy constraint: Member must satisfy regular expression \
         pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
    );
}

#[test]
fn structures_in_lists_are_counted_from_one() {
    let body = json!({ "PoolName": "p", "Schema": [{ "Name": "phone_number_verified" }, { "Name": "fine" }] });
    says(
        "CreateUserPool",
        &body,
        "1 validation error detected: Value 'phone_number_verified' at 'schema.1.member.name' failed to satisfy \
         constraint: Member must have length less than or equal to 20",
    );
    says(
        "SignUp",
        &json!({ "ClientId": "c", "Username": "ann", "UserAttributes": [{ "Name": "a" }, {}, null] }),
        "2 validation errors detected: Value at 'userAttributes.2.member.name' failed to satisfy constraint: Member must \
         not be null; Value at 'userAttributes.3.member' failed to satisfy constraint: Member must not be null",
    );
}

#[test]
fn a_list_of_strings_fails_as_a_whole() {
    says(
        "CreateUserPool",
        &json!({ "PoolName": "p", "AliasAttributes": ["email", "name"] }),
        "1 validation error detected: Value '[email, name]' at 'aliasAttributes' failed to satisfy constraint: Member \
         must satisfy constraint: [Member must satisfy enum value set: [phone_number, email, preferred_username]]",
    );
    let body = json!({ "UserPoolId": "a_1", "ClientName": "c", "CallbackURLs": [""] });
    says(
        "CreateUserPoolClient",
        &body,
        "1 validation error detected: Value '[]' at 'callbackURLs' failed to satisfy constraint: Member must satisfy \
         constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal \
         to 1, Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+]",
    );
}

#[test]
fn maps_fail_by_their_keys_or_by_their_values() {
    says(
        "TagResource",
        &json!({ "ResourceArn": "arn:aws:cognito-idp:x:1:userpool/a", "Tags": { "": "v" } }),
        "1 validation error detected: Value '{=v}' at 'tags' failed to satisfy constraint: Map keys must satisfy \
         constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal \
         to 1]",
    );
    // A token is secret, so the whole map is not printed.
    says(
        "GetId",
        &json!({ "IdentityPoolId": "us-east-1:0", "Logins": { "a": "" } }),
        "1 validation error detected: Value at 'logins' failed to satisfy constraint: Map value must satisfy constraint: \
         [Member must have length less than or equal to 50000, Member must have length greater than or equal to 1]",
    );
}

#[test]
fn null_is_absent_in_maps_and_wrong_in_lists() {
    let body = json!({ "ClientId": "c", "Username": "ann", "ClientMetadata": { "a": null } });
    assert_eq!(refusal("SignUp", &body), None);
    says(
        "CreateUserPool",
        &json!({ "PoolName": "p", "UsernameAttributes": ["email", null] }),
        "1 validation error detected: Value '[email, null]' at 'usernameAttributes' failed to satisfy constraint: Member \
         must satisfy constraint: [Member must satisfy enum value set: [phone_number, email], Member must not be null]",
    );
}

#[test]
fn numbers_and_list_lengths_have_bounds() {
    let body = json!({ "PoolName": "p", "Policies": { "PasswordPolicy": { "MinimumLength": 3 } } });
    says(
        "CreateUserPool",
        &body,
        "1 validation error detected: Value '3' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: \
         Member must have value greater than or equal to 6",
    );
    says(
        "AddCustomAttributes",
        &json!({ "UserPoolId": "a_1", "CustomAttributes": [] }),
        "1 validation error detected: Value '[]' at 'customAttributes' failed to satisfy constraint: Member must have \
         length greater than or equal to 1",
    );
}

#[test]
fn lengths_count_as_java_counts() {
    let name = |count: usize| json!({ "UserPoolId": "a_1", "GroupName": "😀".repeat(count) });
    assert_eq!(refusal("GetGroup", &name(64)), None);
    assert!(refusal("GetGroup", &name(65)).is_some());
}

#[test]
fn long_values_and_long_lists_of_violations_are_cut() {
    let Some(Refusal::Constraint(sentence)) =
        refusal("GetGroup", &json!({ "UserPoolId": "a_1", "GroupName": "x".repeat(9000) }))
    else {
        panic!("accepted")
    };
    assert!(sentence.len() < 2_200 && sentence.contains("xx...' at 'groupName'"), "{}", sentence.len());

    let many = vec![json!({}); 5_000];
    let Some(Refusal::Constraint(sentence)) =
        refusal("SignUp", &json!({ "ClientId": "c", "Username": "ann", "UserAttributes": many }))
    else {
        panic!("accepted")
    };
    assert!(sentence.starts_with("100 validation errors detected: "), "{sentence}");
}

#[test]
fn a_sound_request_passes() {
    let body = json!({
        "UserPoolId": "us-west-2_aB3dE6gH9", "ClientName": "web app", "GenerateSecret": true, "RefreshTokenValidity": 30,
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "CallbackURLs": ["https://a.example/cb"], "LogoutURLs": null,
    });
    assert_eq!(refusal("CreateUserPoolClient", &body), None);
}
