use cognate_wire::idp::SchemaAttributeType;
use serde_json::{Value, json};

use super::Schema;
use crate::error::ErrorKind;

fn asked(attributes: Value) -> Vec<SchemaAttributeType> {
    serde_json::from_value(attributes).unwrap()
}

fn schema(attributes: Value) -> Schema {
    Schema::from_wire(&asked(attributes)).unwrap()
}

fn described(schema: Schema, name: &str) -> Value {
    let all = schema.into_wire();
    serde_json::to_value(all.into_iter().find(|one| one.name.as_deref() == Some(name)).unwrap()).unwrap()
}

#[test]
fn a_new_pool_describes_the_standard_attributes_in_the_order_of_aws() {
    let names: Vec<_> = Schema::default().into_wire().into_iter().filter_map(|one| one.name).collect();

    assert_eq!(
        names.join(" "),
        "sub name given_name family_name middle_name nickname preferred_username profile picture website email \
         email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at identities"
    );
}

#[test]
fn standard_attributes_are_described_with_their_constraints() {
    let text = |name: &str| {
        json!({ "Name": name, "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false,
            "StringAttributeConstraints": { "MinLength": "0", "MaxLength": "2048" } })
    };
    assert_eq!(described(Schema::default(), "name"), text("name"));
    assert_eq!(described(Schema::default(), "phone_number"), text("phone_number"));
    assert_eq!(
        described(Schema::default(), "sub"),
        json!({ "Name": "sub", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": false, "Required": true,
            "StringAttributeConstraints": { "MinLength": "1", "MaxLength": "2048" } })
    );
    assert_eq!(
        described(Schema::default(), "birthdate")["StringAttributeConstraints"],
        json!({ "MinLength": "10", "MaxLength": "10" })
    );
    assert_eq!(
        described(Schema::default(), "email_verified"),
        json!({ "Name": "email_verified", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false })
    );
    assert_eq!(
        described(Schema::default(), "updated_at"),
        json!({ "Name": "updated_at", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false, "NumberAttributeConstraints": { "MinValue": "0" } })
    );
    assert_eq!(described(Schema::default(), "identities")["StringAttributeConstraints"], json!({}));
}

#[test]
fn a_pool_may_require_fix_and_bound_a_standard_attribute() {
    let schema = schema(json!([
        { "Name": "email", "Required": true },
        { "Name": "name", "AttributeDataType": "String", "Mutable": false, "StringAttributeConstraints": { "MaxLength": "50" } },
    ]));

    assert_eq!(schema.required().collect::<Vec<_>>(), ["email"]);
    assert_eq!(
        described(schema, "name"),
        json!({ "Name": "name", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": false,
            "Required": false, "StringAttributeConstraints": { "MaxLength": "50" } })
    );
}

#[test]
fn a_description_can_be_asked_for_again() {
    let all = Schema::default().into_wire();
    let configurable = all.into_iter().filter(|one| !one.name.as_deref().unwrap().ends_with("_verified"));

    assert_eq!(Schema::from_wire(&configurable.collect::<Vec<_>>()).unwrap(), Schema::default());
}

#[test]
fn custom_attributes_get_their_prefix_and_come_last() {
    let schema = schema(json!([
        { "Name": "team", "AttributeDataType": "String" },
        { "Name": "grade", "AttributeDataType": "Number", "Mutable": false,
          "NumberAttributeConstraints": { "MinValue": "-3", "MaxValue": "10" } },
        { "Name": "flag", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": true },
        { "Name": "since", "AttributeDataType": "DateTime" },
        { "Name": "email_verified", "AttributeDataType": "Boolean" },
    ]));

    let custom: Vec<_> = schema.definitions().filter(|one| !one.is_standard()).map(|one| one.name.clone()).collect();
    assert_eq!(custom, ["custom:team", "custom:grade", "dev:flag", "custom:since", "custom:email_verified"]);
    assert!(schema.definition("dev:flag").unwrap().is_developer_only());
    assert_eq!(
        described(schema.clone(), "custom:team"),
        json!({ "Name": "custom:team", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false, "StringAttributeConstraints": {} })
    );
    assert_eq!(
        described(schema.clone(), "custom:grade"),
        json!({ "Name": "custom:grade", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false, "Mutable": false,
            "Required": false, "NumberAttributeConstraints": { "MinValue": "-3", "MaxValue": "10" } })
    );
    assert_eq!(
        described(schema, "dev:flag"),
        json!({ "Name": "dev:flag", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": true, "Mutable": true,
            "Required": false })
    );
}

#[test]
fn what_a_schema_may_not_say_is_refused_in_the_words_of_aws() {
    let fixed =
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email";
    let cases = [
        (
            json!([{ "Name": "x", "AttributeDataType": "String", "Required": true }]),
            "Required custom attributes are not supported currently.",
        ),
        (
            json!([{ "Name": "x" }]),
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
        ),
        (json!([{ "Name": "email", "AttributeDataType": "Number" }]), fixed),
        (json!([{ "Name": "email", "DeveloperOnlyAttribute": true }]), fixed),
        (
            json!([{ "Name": "sub", "Mutable": true }]),
            "You can not change Mutable or Required for standard schema attribute sub",
        ),
        (
            json!([{ "Name": "email", "StringAttributeConstraints": { "MinLength": "many" } }]),
            "Invalid StringAttributeConstraints for schema attribute email",
        ),
        (
            json!([{ "Name": "x", "AttributeDataType": "String", "StringAttributeConstraints": { "MinLength": "-1" } }]),
            "Invalid StringAttributeConstraints for schema attribute custom:x",
        ),
        (
            json!([{ "Name": "updated_at", "NumberAttributeConstraints": { "MaxValue": "late" } }]),
            "Invalid NumberAttributeConstraints for schema attribute updated_at",
        ),
        (
            json!([{ "Name": "name", "StringAttributeConstraints": { "MaxLength": "2049" } }]),
            "user.name: String attributes cannot have a length of more than 2048",
        ),
        (
            json!([{ "Name": "x", "AttributeDataType": "String",
                "StringAttributeConstraints": { "MinLength": "3", "MaxLength": "2" } }]),
            "user.custom:x: Max length cannot be less than min length.",
        ),
        (
            json!([{ "Name": "x", "AttributeDataType": "Number",
                "NumberAttributeConstraints": { "MinValue": "3", "MaxValue": "2" } }]),
            "user.custom:x: Max value cannot be less than min value.",
        ),
        (
            json!([{ "Name": "x", "AttributeDataType": "String" }, { "Name": "x", "AttributeDataType": "Number" }]),
            "custom:x: Existing attribute already has name custom:x.",
        ),
        (
            json!([{ "Name": "email", "Required": true }, { "Name": "email" }]),
            "email: Existing attribute already has name email.",
        ),
    ];
    for (attributes, sentence) in cases {
        let error = Schema::from_wire(&asked(attributes.clone())).unwrap_err();
        assert_eq!((error.kind, &*error.message), (ErrorKind::InvalidParameter, sentence), "{attributes}");
    }
}

#[test]
fn a_pool_has_at_most_fifty_custom_attributes() {
    let attribute = |n: usize| json!({ "Name": format!("a{n}"), "AttributeDataType": "String" });
    let full = schema((0..50).map(attribute).collect());

    let error = full.with_custom(&asked(json!([attribute(50)]))).unwrap_err();

    assert_eq!(error.message, "A user pool cannot have more than 50 custom attributes.");
}

#[test]
fn a_later_attribute_is_custom_whatever_its_name() {
    let schema =
        Schema::default().with_custom(&asked(json!([{ "Name": "email", "AttributeDataType": "String" }]))).unwrap();

    assert!(schema.definition("custom:email").is_some());
    let error = schema.with_custom(&asked(json!([{ "Name": "email", "AttributeDataType": "String" }]))).unwrap_err();
    assert_eq!(error.message, "custom:email: Existing attribute already has name custom:email.");
}

#[test]
fn a_schema_is_kept_and_read_back_unchanged() {
    let schema = schema(json!([
        { "Name": "grade", "AttributeDataType": "Number", "NumberAttributeConstraints": { "MaxValue": "10" } },
        { "Name": "since", "AttributeDataType": "DateTime" },
    ]));

    let kept = serde_json::to_string(&schema).unwrap();

    assert_eq!(serde_json::from_str::<Schema>(&kept).unwrap(), schema);
}
