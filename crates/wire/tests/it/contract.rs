//! The generated lists and markers, and how values travel.

use cognate_wire::{Auth, ErrorKind, Facts, Operation, Secret, StringEnum, identity, idp, sts};
use serde_json::json;

#[test]
fn every_pattern_compiles() {
    for pattern in idp::PATTERNS.iter().chain(identity::PATTERNS).chain(sts::PATTERNS) {
        assert!(pattern.compiles(), "{} as {}", pattern.text, pattern.rust);
    }
}

#[test]
fn patterns_mean_what_they_mean_to_aws() {
    let cases = [
        (r"[\w-]+_[0-9a-zA-Z]+", "us-east-1_AbC", true),
        (r"[\w-]+_[0-9a-zA-Z]+", "us-east-1_AbC\n", false),
        (r"[\w-]+_[0-9a-zA-Z]+", "é_x", false),
        (r"[\S]+", "p\u{a0}w", true),
        (r"[\S]+", "p w", false),
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "Žofie_1!", true),
        (r".*\{####\}.*", "code {####}", true),
        (r".*\{####\}.*", "a\n{####}", false),
        (r"(?s).*", "a\nb", true),
        (r"^(tkn|sso)[a-z0-9]{25}$", "tknabcdefghijklmnopqrstuvwxy", true),
        (r"[A-Za-z0-9-_=.]+", "a-b_c=.", true),
    ];
    for (text, value, fits) in cases {
        let pattern = idp::PATTERNS.iter().find(|pattern| pattern.text == text).unwrap();
        assert_eq!(pattern.is_match(value), fits, "{text} and {value:?}");
    }
}

#[test]
fn facts_are_sorted_and_found_by_name() {
    for (names, facts, count) in
        [(idp::NAMES, idp::FACTS, 141), (identity::NAMES, identity::FACTS, 23), (sts::NAMES, sts::FACTS, 4)]
    {
        assert!(names.is_sorted());
        assert_eq!(facts.iter().map(|facts| facts.name).collect::<Vec<_>>(), names);
        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| Facts::find(facts, name).is_some_and(|found| found.name == *name)));
        assert!(Facts::find(facts, "Nothing").is_none());
    }
}

#[test]
fn the_contract_says_how_a_caller_is_admitted() {
    let auth = |name| Facts::find(idp::FACTS, name).unwrap().auth;
    assert_eq!(auth("SignUp"), Auth::None);
    assert_eq!(auth("GetUser"), Auth::AccessToken);
    assert_eq!(auth("VerifySoftwareToken"), Auth::OptionalAccessToken);
    assert_eq!(auth("AdminGetUser"), Auth::SigV4);
    let with = |auth| idp::FACTS.iter().filter(|facts| facts.auth == auth).count();
    assert_eq!([Auth::None, Auth::AccessToken, Auth::OptionalAccessToken, Auth::SigV4].map(with), [10, 20, 4, 107]);
}

#[test]
fn an_operation_may_fail_as_the_model_or_the_protocol_says() {
    let facts = Facts::find(idp::FACTS, "CreateGroup").unwrap();
    assert!(facts.may_fail_with(ErrorKind::GroupExists));
    assert!(facts.may_fail_with(ErrorKind::Serialization));
    assert!(!facts.may_fail_with(ErrorKind::CodeMismatch));
}

#[test]
fn a_request_is_read_and_null_counts_as_absent() {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "abc", "ClientMetadata": null, "Unknown": 1,
        "AuthParameters": { "USERNAME": "ann", "PASSWORD": "secret" },
    });
    let input = idp::InitiateAuth::read(body).unwrap();
    assert_eq!(input.auth_flow, idp::AuthFlowType::UserPasswordAuth);
    assert_eq!(input.client_id, "abc");
    assert!(input.client_metadata.is_none());
    assert_eq!(input.auth_parameters.unwrap()["PASSWORD"].expose(), "secret");
}

#[test]
fn an_answer_leaves_out_what_is_absent() {
    let group = idp::GroupType { group_name: Some("staff".into()), creation_date: Some(1.5), ..Default::default() };
    let written = idp::CreateGroup::write(&idp::CreateGroupResponse { group: Some(group) }).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), r#"{"Group":{"GroupName":"staff","CreationDate":1.5}}"#);
}

#[test]
fn an_operation_without_output_answers_nothing_and_an_empty_output_is_braces() {
    assert!(idp::DeleteGroup::write(&cognate_wire::Empty {}).unwrap().is_empty());
    let written = idp::AdminSetUserPassword::write(&idp::AdminSetUserPasswordResponse {}).unwrap();
    assert_eq!(written, b"{}");
}

#[test]
fn names_with_odd_capitals_travel_as_the_model_spells_them() {
    let client = json!({ "CallbackURLs": ["https://a"], "AllowedOAuthFlowsUserPoolClient": true, "ClientName": "web" });
    let kept: idp::UserPoolClientType = serde_json::from_value(client.clone()).unwrap();
    assert_eq!(kept.callback_urls.as_deref(), Some(["https://a".to_owned()].as_slice()));
    assert_eq!(serde_json::to_value(kept.clone()).unwrap().as_object().unwrap().len(), 3);
    assert_eq!(serde_json::from_value::<idp::UserPoolClientType>(client).unwrap(), kept);
}

#[test]
fn an_unknown_name_is_no_value_of_a_string_enum() {
    assert_eq!(idp::AuthFlowType::from_name("USER_SRP_AUTH"), Some(idp::AuthFlowType::UserSrpAuth));
    assert_eq!(idp::AuthFlowType::from_name("user_srp_auth"), None);
    assert!(serde_json::from_value::<idp::AuthFlowType>(json!("X")).is_err());
    assert_eq!(idp::StatusType::Enabled.to_string(), "Enabled");
}

#[test]
fn a_secret_is_not_shown_and_travels_whole() {
    let secret: Secret = "hunter2".into();
    assert_eq!(format!("{secret:?}"), "Secret(..)");
    assert_eq!(secret.expose(), "hunter2");
    assert_eq!(serde_json::to_value(&secret).unwrap(), json!("hunter2"));
    assert_eq!(serde_json::from_value::<Secret>(json!("hunter2")).unwrap(), secret);
    assert_ne!(secret, Secret::from("hunter3"));
}

#[test]
fn errors_have_the_names_codes_and_statuses_of_the_services() {
    assert_eq!(ErrorKind::UserNotFound.name(), "UserNotFoundException");
    assert_eq!(ErrorKind::NotAuthorized.status(), 400);
    assert_eq!(ErrorKind::InternalError.status(), 500);
    assert_eq!(ErrorKind::NotImplemented.status(), 501);
    assert_eq!(ErrorKind::RequestEntityTooLarge.status(), 413);
    assert_eq!(ErrorKind::MalformedPolicyDocument.code(), "MalformedPolicyDocument");
    assert_eq!(ErrorKind::ExpiredToken.code(), "ExpiredTokenException");
}
