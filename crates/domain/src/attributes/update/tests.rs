use cognate_wire::idp::CreateUserPoolRequest;
use serde_json::{Value, json};

use super::{Update, plan_update};
use crate::attributes::Attributes;
use crate::error::Result;
use crate::pool::PoolConfig;

fn pool(more: Value) -> PoolConfig {
    let mut request = json!({ "PoolName": "people", "AutoVerifiedAttributes": ["email", "phone_number"] });
    let (Value::Object(request_members), Value::Object(more)) = (&mut request, more) else { panic!("objects") };
    request_members.extend(more);
    PoolConfig::create(serde_json::from_value::<CreateUserPoolRequest>(request).unwrap()).unwrap()
}

fn careful() -> PoolConfig {
    pool(json!({ "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] } }))
}

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().copied().collect()
}

/// Known by a verified address and number.
fn ann() -> Attributes {
    attributes(&[
        ("email", "old@x.example"),
        ("email_verified", "true"),
        ("phone_number", "+4930111"),
        ("phone_number_verified", "true"),
        ("name", "Ann"),
    ])
}

fn planned(config: &PoolConfig, changes: &[(&str, &str)]) -> Result<Update> {
    plan_update(config, &ann(), &attributes(changes))
}

/// Address, whether it is verified, what waits, who is sent a code, and how many contacts were decided about.
fn email_after(config: &PoolConfig, changes: &[(&str, &str)]) -> String {
    let update = planned(config, changes).map_err(|error| error.to_string()).unwrap();
    let list = |deliveries: &[crate::delivery::Delivery]| {
        deliveries.iter().map(|one| one.address.as_str()).collect::<Vec<_>>().join("+")
    };
    format!(
        "{} {} waits:{} sent:{} settled:{}",
        update.attributes.get("email").unwrap_or("none"),
        update.attributes.get("email_verified").unwrap_or("none"),
        list(&update.pending),
        list(&update.unproved),
        update.settled.len(),
    )
}

#[test]
fn a_contact_is_changed_at_once_and_must_be_proved_again() {
    let quick = pool(json!({}));
    let cases: [(&[(&str, &str)], _); 9] = [
        (&[("email", "new@x.example")], "new@x.example false waits: sent:new@x.example settled:1"),
        (&[("email", "new@x.example"), ("email_verified", "true")], "new@x.example true waits: sent: settled:1"),
        (
            &[("email", "new@x.example"), ("email_verified", "false")],
            "new@x.example false waits: sent:new@x.example settled:1",
        ),
        (&[("email", "old@x.example")], "old@x.example true waits: sent: settled:1"),
        (&[("email", "old@x.example"), ("email_verified", "false")], "old@x.example false waits: sent: settled:1"),
        (&[("email", "Old@x.example")], "Old@x.example false waits: sent:Old@x.example settled:1"),
        (&[("email", "")], "none none waits: sent: settled:1"),
        (&[("name", "Anna")], "old@x.example true waits: sent: settled:0"),
        (
            &[("phone_number", "+4930222"), ("email", "new@x.example")],
            "new@x.example false waits: sent:+4930222+new@x.example settled:2",
        ),
    ];
    for (changes, expected) in cases {
        assert_eq!(email_after(&quick, changes), expected, "{changes:?}");
    }
}

#[test]
fn a_contact_that_is_verified_first_stays_as_it_is_until_then() {
    let cases: [(&[(&str, &str)], _); 7] = [
        (&[("email", "new@x.example")], "old@x.example true waits:new@x.example sent:new@x.example settled:0"),
        (
            &[("email", "new@x.example"), ("email_verified", "false")],
            "old@x.example true waits:new@x.example sent:new@x.example settled:0",
        ),
        (&[("email", "new@x.example"), ("email_verified", "true")], "new@x.example true waits: sent: settled:1"),
        (&[("email", "old@x.example")], "old@x.example true waits: sent: settled:1"),
        (&[("email", "")], "none none waits: sent: settled:1"),
        (&[("email_verified", "false")], "old@x.example false waits: sent: settled:0"),
        (
            &[("email", "new@x.example"), ("phone_number", "+4930222")],
            "old@x.example true waits:new@x.example sent:new@x.example++4930222 settled:1",
        ),
    ];
    for (changes, expected) in cases {
        assert_eq!(email_after(&careful(), changes), expected, "{changes:?}");
    }
    let with_phone = planned(&careful(), &[("email", "new@x.example"), ("phone_number", "+4930222")]).unwrap();
    assert_eq!(with_phone.attributes.get("phone_number"), Some("+4930222"));
    assert_eq!(with_phone.attributes.get("phone_number_verified"), Some("false"));
}

#[test]
fn a_first_contact_waits_too_and_leaves_no_flag_behind() {
    let update = plan_update(&careful(), &attributes(&[]), &attributes(&[("email", "new@x.example")])).unwrap();

    assert!(update.attributes.is_empty());
    assert_eq!(update.pending.len(), 1);
}

#[test]
fn nobody_is_sent_a_code_in_a_pool_that_verifies_nothing() {
    let plain = pool(json!({ "AutoVerifiedAttributes": [] }));

    assert_eq!(email_after(&plain, &[("email", "new@x.example")]), "new@x.example false waits: sent: settled:1");
}

#[test]
fn a_flag_needs_its_contact() {
    let plan = |before: &[(&str, &str)], changes: &[(&str, &str)]| {
        let planned = plan_update(&pool(json!({})), &attributes(before), &attributes(changes));
        planned.map(drop).map_err(|error| error.to_string())
    };
    let email = "InvalidParameterException: Email is required to verify/un-verify an email";
    let phone = "InvalidParameterException: Phone Number is required to verify/un-verify a phone number";

    assert_eq!(plan(&[], &[("email_verified", "true")]), Err(email.to_owned()));
    assert_eq!(plan(&[], &[("phone_number_verified", "false")]), Err(phone.to_owned()));
    let both = [("email", ""), ("email_verified", "true")];
    assert_eq!(plan(&[("email", "old@x.example")], &both), Err(email.to_owned()));
    assert_eq!(plan(&[("email", "old@x.example")], &[("email_verified", "true")]), Ok(()));
    assert_eq!(plan(&[], &[("email", "old@x.example"), ("email_verified", "true")]), Ok(()));
    assert_eq!(plan(&[], &[("email_verified", "")]), Ok(()));
}

#[test]
fn the_last_contact_that_a_person_is_called_by_stays() {
    let both = pool(json!({ "UsernameAttributes": ["email", "phone_number"] }));
    let email = pool(json!({ "UsernameAttributes": ["email"] }));
    let said =
        |config: &PoolConfig, changes: &[(&str, &str)]| planned(config, changes).map(drop).map_err(|e| e.message);
    let kept = || Err("user.email: Required attribute cannot be deleted.\n".into());

    assert_eq!(said(&both, &[("email", "")]), Ok(()));
    assert_eq!(said(&both, &[("phone_number", "")]), Ok(()));
    assert_eq!(said(&both, &[("phone_number", ""), ("email", "")]), kept());
    assert_eq!(said(&email, &[("email", "")]), kept());
    assert_eq!(said(&email, &[("email", "new@x.example")]), Ok(()));
    assert_eq!(said(&pool(json!({ "AliasAttributes": ["email"] })), &[("email", "")]), Ok(()));
}
