//! The first pass: JSON types.

use cognate_wire::shape::{Refusal, validate};
use cognate_wire::{Facts, idp};
use serde_json::{Value, json};

fn refusal(operation: &str, body: &Value) -> Refusal {
    validate(Facts::find(idp::FACTS, operation).unwrap().input, body).unwrap_err()
}

#[track_caller]
fn says(operation: &str, body: &Value, sentence: &str) {
    assert_eq!(refusal(operation, body), Refusal::Type(sentence.to_owned()));
}

#[test]
fn a_scalar_of_another_type_is_named_as_java_names_it() {
    says("GetGroup", &json!({ "GroupName": 1 }), "class java.lang.Integer can not be converted to an String");
    says(
        "GetGroup",
        &json!({ "GroupName": 3_000_000_000_i64 }),
        "class java.lang.Long can not be converted to an String",
    );
    says("GetGroup", &json!({ "GroupName": u64::MAX }), "class java.math.BigInteger can not be converted to an String");
    says("GetGroup", &json!({ "GroupName": 1.5 }), "class java.lang.Double can not be converted to an String");
    says("GetGroup", &json!({ "GroupName": true }), "class java.lang.Boolean can not be converted to an String");
    says("CreateGroup", &json!({ "Precedence": "1" }), "class java.lang.String can not be converted to an Integer");
    says("RevokeToken", &json!({ "Token": 1 }), "class java.lang.Integer can not be converted to an String");
    says(
        "SignUp",
        &json!({ "UserAttributes": [{ "Name": "age", "Value": 7 }] }),
        "class java.lang.Integer can not be converted to an String",
    );
    says(
        "SignUp",
        &json!({ "ClientMetadata": { "a": 7 } }),
        "class java.lang.Integer can not be converted to an String",
    );
    says(
        "AdminCreateUser",
        &json!({ "ForceAliasCreation": "true" }),
        "class java.lang.String can not be converted to an Boolean",
    );
}

#[test]
fn lists_maps_and_structures_do_not_stand_for_each_other() {
    says("GetGroup", &json!({ "GroupName": ["a"] }), "Start of list found where not expected");
    says("GetGroup", &json!({ "GroupName": {} }), "Start of structure or map found where not expected.");
    says("SignUp", &json!({ "UserAttributes": {} }), "Start of structure or map found where not expected.");
    says("SignUp", &json!({ "UserAttributes": "a" }), "Expected list or null");
    says("SignUp", &json!({ "ClientMetadata": "a" }), "Expected map or null");
    says("SignUp", &json!({ "UserContextData": "a" }), "Expected null");
    says("SignUp", &json!({ "UserContextData": [] }), "Start of list found where not expected");
    says("SignUp", &json!([]), "Start of list found where not expected");
    says("SignUp", &json!("x"), "");
}

#[test]
fn a_number_that_does_not_fit_is_a_wrong_type() {
    says(
        "CreateGroup",
        &json!({ "Precedence": 2_147_483_648_i64 }),
        "class java.lang.Long can not be converted to an Integer",
    );
    says("CreateGroup", &json!({ "Precedence": 1.5 }), "class java.lang.Double can not be converted to an Integer");
}

#[test]
fn base64_is_checked() {
    let logo = |text: &str| json!({ "UserPoolId": "a_1", "ImageFile": text });
    says(
        "SetUICustomization",
        &logo("abc"),
        "'abc' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3",
    );
    says("SetUICustomization", &logo("ab!d"), "'ab!d' can not be converted to a Blob: Invalid Base64 character: '!'");
    says(
        "SetUICustomization",
        &logo("YWJ="),
        "'YWJ=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
    );
    says("SetUICustomization", &logo("é!="), "'é!=' can not be converted to a Blob: Invalid Base64 character: 'é'");
}

#[test]
fn types_come_before_constraints_and_unknown_members_are_ignored() {
    says(
        "GetGroup",
        &json!({ "GroupName": "", "UserPoolId": 1 }),
        "class java.lang.Integer can not be converted to an String",
    );
    let body = json!({ "GroupName": "g", "UserPoolId": "a_1", "Stranger": [1] });
    assert_eq!(validate(Facts::find(idp::FACTS, "GetGroup").unwrap().input, &body), Ok(()));
}
