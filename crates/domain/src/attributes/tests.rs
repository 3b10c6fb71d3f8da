use cognate_wire::idp::AttributeType;
use serde_json::json;

use super::{
    Attributes, Permissions, check_admin_create, check_admin_update, check_delete, check_sign_up, check_update,
};
use crate::error::{ErrorKind, Result};
use crate::schema::Schema;

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().copied().collect()
}

fn pairs(attributes: &Attributes) -> Vec<(&str, &str)> {
    attributes.iter().collect()
}

fn schema() -> Schema {
    let asked = json!([
        { "Name": "name", "Required": true },
        { "Name": "family_name", "Required": true },
        { "Name": "code", "AttributeDataType": "String", "Mutable": false,
          "StringAttributeConstraints": { "MinLength": "2", "MaxLength": "10" } },
        { "Name": "grade", "AttributeDataType": "Number", "NumberAttributeConstraints": { "MinValue": "1", "MaxValue": "6" } },
        { "Name": "since", "AttributeDataType": "DateTime" },
        { "Name": "member", "AttributeDataType": "Boolean" },
        { "Name": "cost", "AttributeDataType": "String", "DeveloperOnlyAttribute": true },
    ]);
    Schema::from_wire(&serde_json::from_value::<Vec<_>>(asked).unwrap()).unwrap()
}

fn plain() -> Schema {
    Schema::default()
}

fn said(result: Result<()>) -> String {
    result.map_or_else(|error| error.to_string(), |()| accepted())
}

fn accepted() -> String {
    "accepted".to_owned()
}

fn refused(sentence: &str) -> String {
    format!("InvalidParameterException: {sentence}")
}

fn unauthorized() -> String {
    "NotAuthorizedException: A client attempted to write unauthorized attribute".to_owned()
}

#[test]
fn the_order_is_that_of_writing_with_the_sub_first() {
    let kept = attributes(&[("name", "Ann"), ("email", "a@b.example"), ("sub", "1"), ("name", "Anna")]);

    assert_eq!(pairs(&kept), [("sub", "1"), ("name", "Anna"), ("email", "a@b.example")]);
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(text, r#"{"sub":"1","name":"Anna","email":"a@b.example"}"#);
    assert!(serde_json::from_str::<Attributes>(&text).unwrap() == kept);
}

#[test]
fn an_answer_lists_names_and_values_and_a_document_is_an_object() {
    let kept = attributes(&[("name", "Ann"), ("email", "")]);
    assert_eq!(
        serde_json::to_value(kept.to_wire()).unwrap(),
        json!([{ "Name": "name", "Value": "Ann" }, { "Name": "email", "Value": "" }])
    );
    assert_eq!((kept.len(), kept.is_empty()), (2, false));
    assert_eq!((Attributes::default().len(), Attributes::default().is_empty()), (0, true));

    let Err(error) = serde_json::from_value::<Attributes>(json!(["name"])) else { panic!("a list was read") };
    assert!(error.to_string().ends_with("expected an object of strings"), "{error}");
}

#[test]
fn more_attributes_than_a_schema_can_have_are_refused() {
    let asked = |count: usize| {
        let one = |n| AttributeType { name: format!("custom:{n}"), value: None };
        Attributes::from_wire((0..count).map(one).collect()).map(|kept| kept.len()).map_err(|error| error.to_string())
    };
    assert_eq!(asked(128), Ok(128));
    assert_eq!(asked(129), Err(refused("Too many attributes.")));
}

#[test]
fn a_deleted_contact_takes_its_own_flag_along_and_no_other() {
    let whole = [("email", "a"), ("email_verified", "true"), ("phone_number", "+1"), ("phone_number_verified", "true")];
    for (deleted, left) in [
        ("email", vec!["phone_number", "phone_number_verified"]),
        ("phone_number", vec!["email", "email_verified"]),
        ("phone_number_verified", vec!["email", "email_verified", "phone_number"]),
        ("name", vec!["email", "email_verified", "phone_number", "phone_number_verified"]),
    ] {
        let mut user = attributes(&whole);
        user.delete(deleted);
        assert_eq!(user.iter().map(|(name, _)| name).collect::<Vec<_>>(), left, "{deleted}");
    }
}

#[test]
fn a_list_of_names_is_the_change_that_deletes_them() {
    let mut user = attributes(&[("email", "a"), ("email_verified", "true"), ("name", "Ann"), ("nickname", "A")]);
    user.apply(&Attributes::blank(&["email".to_owned(), "nickname".to_owned(), "profile".to_owned()]));
    assert_eq!(pairs(&user), [("name", "Ann")]);
}

#[test]
fn no_value_is_printed_for_the_log() {
    assert_eq!(format!("{:?}", attributes(&[("email", "a@b.example")])), r#"{"email"}"#);
}

#[test]
fn an_attribute_is_given_once() {
    let asked = |name: &str| AttributeType { name: name.to_owned(), value: Some("x".to_owned()) };

    let error = Attributes::from_wire(vec![asked("name"), asked("email"), asked("name")]).unwrap_err();

    assert_eq!(error.kind, ErrorKind::InvalidParameter);
    assert_eq!(error.message, "Duplicate attribute found in user attributes: name");
}

#[test]
fn the_verified_flags_are_kept_in_the_spelling_of_aws() {
    let asked = vec![AttributeType { name: "email_verified".to_owned(), value: Some("True".to_owned()) }];

    assert!(Attributes::from_wire(asked).unwrap().is_true("email_verified"));
}

#[test]
fn a_blank_value_deletes_and_takes_the_flag_of_a_contact_along() {
    let mut user =
        attributes(&[("email", "a@b.example"), ("email_verified", "true"), ("name", "Ann"), ("nickname", "A")]);

    user.apply(&attributes(&[("email", ""), ("nickname", ""), ("name", "Anna")]));

    assert_eq!(pairs(&user), [("name", "Anna")]);
}

#[test]
fn a_contact_that_changes_is_unverified_again() {
    let cases: [(&[(&str, &str)], _); 3] = [
        (&[("email", "new@b.example")], "false"),
        (&[("email", "new@b.example"), ("email_verified", "true")], "true"),
        (&[("email", "a@b.example")], "true"),
    ];
    for (changes, flag) in cases {
        let mut user = attributes(&[("email", "a@b.example"), ("email_verified", "true")]);
        user.apply(&attributes(changes));
        assert_eq!(user.get("email_verified"), Some(flag), "{changes:?}");
    }
}

#[test]
fn a_sign_up_is_held_against_the_schema() {
    let whole = [("name", "Ann"), ("family_name", "Lee")];
    let cases: [(&[(&str, &str)], _); 24] = [
        (&[], accepted()),
        (
            &[("custom:foo", "1")],
            refused(
                "Attributes did not conform to the schema: Type for attribute {custom:foo} could not be determined",
            ),
        ),
        (&[("sub", "1")], refused("Cannot modify the non-mutable attribute sub")),
        (&[("identities", "[]")], refused("Cannot modify the non-mutable attribute identities")),
        (&[("email_verified", "true")], unauthorized()),
        (&[("phone_number_verified", "true")], unauthorized()),
        (&[("dev:cost", "1")], unauthorized()),
        (
            &[("custom:code", "12345678901")],
            refused(
                "Attributes did not conform to the schema: custom:code: String must be no longer than 10 characters\n",
            ),
        ),
        (&[("custom:code", "ééé")], accepted()),
        (
            &[("custom:code", "1")],
            refused(
                "Attributes did not conform to the schema: custom:code: String must be no shorter than 2 characters\n",
            ),
        ),
        (
            &[("birthdate", "1990-1-1")],
            refused(
                "Attributes did not conform to the schema: birthdate: String must be no shorter than 10 characters\n",
            ),
        ),
        (
            &[("custom:grade", "six")],
            refused("Attributes did not conform to the schema: custom:grade: The attribute is not a valid number\n"),
        ),
        (
            &[("custom:grade", "inf")],
            refused("Attributes did not conform to the schema: custom:grade: The attribute is not a valid number\n"),
        ),
        (
            &[("custom:grade", "7")],
            refused("Attributes did not conform to the schema: custom:grade: Number must be no greater than 6\n"),
        ),
        (
            &[("custom:grade", "0.5")],
            refused("Attributes did not conform to the schema: custom:grade: Number must be no less than 1\n"),
        ),
        (&[("custom:grade", "5.5")], accepted()),
        (
            &[("custom:since", "yesterday")],
            refused("Attributes did not conform to the schema: custom:since: The attribute is not a valid date\n"),
        ),
        (&[("custom:since", "2024-02-29T10:00:00Z")], accepted()),
        (&[("custom:since", "2024-02-29")], accepted()),
        (
            &[("custom:member", "yes")],
            refused("Attributes did not conform to the schema: custom:member: The attribute is not a valid boolean\n"),
        ),
        (&[("email", "nobody")], refused("Invalid email address format.")),
        (&[("phone_number", "0049123")], refused("Invalid phone number format.")),
        (&[("email", "")], accepted()),
        (
            &[("nickname", "a\0b")],
            refused(
                "Attributes did not conform to the schema: nickname: The attribute contains an invalid character\n",
            ),
        ),
    ];
    for (more, expected) in cases {
        let given = whole.iter().chain(more).copied().collect();
        assert_eq!(said(check_sign_up(&schema(), &given, &Permissions::default())), expected, "{more:?}");
    }
}

#[test]
fn values_end_at_2048_characters_even_where_the_schema_has_no_bound() {
    let asked = json!([{ "Name": "long", "AttributeDataType": "String" }]);
    let schema = Schema::from_wire(&serde_json::from_value::<Vec<_>>(asked).unwrap()).unwrap();
    let check = |length: usize| {
        let value = "x".repeat(length);
        said(check_sign_up(&schema, &attributes(&[("custom:long", &value)]), &Permissions::default()))
    };

    assert_eq!(check(2048), accepted());
    let sentence =
        "Attributes did not conform to the schema: custom:long: String must be no longer than 2048 characters\n";
    assert_eq!(check(2049), refused(sentence));
}

#[test]
fn every_missing_attribute_is_named_in_a_line_of_its_own() {
    let check = |given: &[(&str, &str)]| said(check_sign_up(&schema(), &attributes(given), &Permissions::default()));

    assert_eq!(
        check(&[("name", "Ann")]),
        refused("Attributes did not conform to the schema: family_name: The attribute is required\n")
    );
    assert_eq!(
        check(&[("name", "")]),
        refused(
            "Attributes did not conform to the schema: name: The attribute is required\n\
             family_name: The attribute is required\n"
        )
    );
}

#[test]
fn an_administrator_may_leave_required_attributes_out_and_write_what_clients_may_not() {
    let given =
        attributes(&[("email", "a@b.example"), ("email_verified", "true"), ("dev:cost", "4"), ("custom:code", "123")]);

    assert_eq!(said(check_admin_create(&schema(), &given)), accepted());
}

#[test]
fn an_administrator_is_held_against_the_schema_too() {
    let cases = [
        (
            "custom:foo",
            "1",
            "Attributes did not conform to the schema: Type for attribute {custom:foo} could not be determined",
        ),
        ("sub", "1", "Cannot modify the non-mutable attribute sub"),
        ("email", "x", "Invalid email address format."),
        (
            "email_verified",
            "maybe",
            "Attributes did not conform to the schema: email_verified: The attribute is not a valid boolean\n",
        ),
    ];
    for (name, value, sentence) in cases {
        assert_eq!(said(check_admin_create(&schema(), &attributes(&[(name, value)]))), refused(sentence));
    }
}

#[test]
fn an_update_is_held_against_the_schema() {
    let cases: [(&[(&str, &str)], _); 9] = [
        (&[("nickname", "A")], accepted()),
        (&[("nickname", "")], accepted()),
        (&[("custom:code", "123")], refused("user.custom:code: Attribute cannot be updated.\n")),
        (&[("custom:code", "")], refused("user.custom:code: Attribute cannot be updated.\n")),
        (&[("name", "")], refused("user.name: Required attribute cannot be deleted.\n")),
        (
            &[("name", ""), ("nickname", "A"), ("custom:code", "1")],
            refused(
                "user.name: Required attribute cannot be deleted.\nuser.custom:code: Attribute cannot be updated.\n",
            ),
        ),
        (
            &[("birthdate", "1990")],
            refused("Invalid user attributes: birthdate: String must be no shorter than 10 characters\n"),
        ),
        (
            &[("custom:foo", "1")],
            refused(
                "Attributes did not conform to the schema: Type for attribute {custom:foo} could not be determined",
            ),
        ),
        (&[("phone_number", "12")], refused("Invalid phone number format.")),
    ];
    for (changes, expected) in cases {
        let changes = attributes(changes);
        assert_eq!(said(check_admin_update(&schema(), &changes)), expected, "{changes:?}");
        assert_eq!(said(check_update(&schema(), &changes, &Permissions::default())), expected, "{changes:?}");
    }
    let flag = attributes(&[("email_verified", "true")]);
    assert_eq!(said(check_update(&schema(), &flag, &Permissions::default())), unauthorized());
    assert_eq!(said(check_admin_update(&schema(), &flag)), accepted());
}

#[test]
fn every_attribute_that_cannot_be_deleted_is_named_in_a_line_of_its_own() {
    let check = |names: &[&str], client: Option<&Permissions>| {
        said(check_delete(&schema(), &names.iter().map(ToString::to_string).collect::<Vec<_>>(), client))
    };

    assert_eq!(
        check(&["custom:foo", "nickname", "custom:bar"], None),
        refused(
            "Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n\
             user.custom:bar: Attribute does not exist in the schema.\n"
        )
    );
    for name in ["name", "sub"] {
        let sentence = format!("Invalid user attributes: user.{name}: Required attribute cannot be deleted.\n");
        assert_eq!(check(&[name], None), refused(&sentence));
    }
    assert_eq!(
        check(&["identities"], None),
        refused("Invalid user attributes: user.identities: Attribute cannot be deleted.\n")
    );
    assert_eq!(
        check(&["custom:code"], None),
        refused("Invalid user attributes: user.custom:code: Attribute cannot be updated.\n")
    );
    assert_eq!(check(&["nickname", "dev:cost"], None), accepted());
    assert_eq!(check(&["nickname"], Some(&Permissions::default())), accepted());
    assert_eq!(check(&["dev:cost"], Some(&Permissions::default())), unauthorized());
    assert_eq!(check(&["nickname"; 128], None), accepted());
    assert_eq!(check(&["nickname"; 129], None), refused("Too many attributes."));
}

#[test]
fn a_client_with_lists_is_held_to_them() {
    let list = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect::<Vec<_>>());
    let client = Permissions { read: list(&["email", "custom:team"]), write: list(&["email", "email_verified"]) };

    let readable = attributes(&[("sub", "1"), ("email", "a@b.example"), ("name", "Ann"), ("custom:team", "red")]);
    let seen: Vec<_> = client.readable(&readable).map(|(name, _)| name).collect();
    assert_eq!(seen, ["sub", "email", "custom:team"]);
    assert_eq!(said(check_sign_up(&plain(), &attributes(&[("email", "a@b.example")]), &client)), accepted());
    assert_eq!(said(check_sign_up(&plain(), &attributes(&[("name", "Ann")]), &client)), unauthorized());
    assert_eq!(said(check_sign_up(&plain(), &attributes(&[("email_verified", "true")]), &client)), unauthorized());
}

#[test]
fn a_client_without_lists_reads_everything_and_writes_all_but_what_proves_something() {
    let client = Permissions::default();

    for name in ["sub", "email", "email_verified", "phone_number_verified", "custom:team", "dev:cost", "identities"] {
        assert!(client.may_read(name), "{name}");
    }
    for name in ["email", "name", "custom:team"] {
        assert!(client.may_write(name), "{name}");
    }
    for name in ["sub", "identities", "email_verified", "phone_number_verified", "dev:cost"] {
        assert!(!client.may_write(name), "{name}");
    }
}
