use cognate_wire::idp::CreateUserPoolRequest;
use serde_json::{Value, json};

use super::*;

const SMS: &str = "arn:aws:iam::123456789012:role/sms";

fn merged(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}

fn pool(settings: Value) -> Result<PoolConfig> {
    let input = merged(json!({ "PoolName": "people" }), settings);
    PoolConfig::create(serde_json::from_value::<CreateUserPoolRequest>(input).unwrap())
}

fn set(pool: PoolConfig, settings: Value) -> Result<PoolConfig> {
    let input = merged(json!({ "UserPoolId": "us-east-1_AbCdEf123" }), settings);
    pool.set_mfa(serde_json::from_value(input).unwrap())
}

fn update(pool: PoolConfig, settings: Value) -> Result<PoolConfig> {
    let input = merged(json!({ "UserPoolId": "us-east-1_AbCdEf123" }), settings);
    pool.update(serde_json::from_value(input).unwrap())
}

fn told(pool: &PoolConfig) -> Value {
    serde_json::to_value(pool.described_mfa()).unwrap()
}

fn sms() -> Value {
    json!({ "SnsCallerArn": SMS, "ExternalId": "x", "SnsRegion": "us-east-1" })
}

fn developer() -> Value {
    json!({ "EmailConfiguration": { "EmailSendingAccount": "DEVELOPER",
        "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/a@example.com" } })
}

#[test]
fn what_is_set_is_told() {
    let everything = json!({
        "MfaConfiguration": "OPTIONAL",
        "SmsMfaConfiguration": { "SmsAuthenticationMessage": "{####}!", "SmsConfiguration": sms() },
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "EmailMfaConfiguration": { "Message": "{####}", "Subject": "Code" },
        "WebAuthnConfiguration": { "RelyingPartyId": "example.com", "UserVerification": "required",
            "FactorConfiguration": "SINGLE_FACTOR" },
    });
    let pool = set(pool(developer()).unwrap(), everything.clone()).unwrap();
    assert_eq!(told(&pool), everything);
    assert_eq!(serde_json::to_value(&pool.described.sms_configuration).unwrap(), sms());
    assert_eq!(pool.described.sms_authentication_message.as_deref(), Some("{####}!"));

    let token = json!({ "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true } });
    let pool = set(pool, token.clone()).unwrap();
    assert_eq!(told(&pool), token, "what is left out goes");
    assert!(pool.described.sms_configuration.is_some(), "verification still sends with it");

    let pool = set(pool, json!({ "MfaConfiguration": "OFF" })).unwrap();
    assert_eq!(told(&pool), json!({ "MfaConfiguration": "OFF" }));
}

#[test]
fn a_new_pool_has_no_mfa_and_creation_knows_text_messages_only() {
    assert_eq!(told(&pool(json!({})).unwrap()), json!({ "MfaConfiguration": "OFF" }));
    let verifying = pool(json!({ "SmsConfiguration": sms() })).unwrap();
    assert_eq!(told(&verifying), json!({ "MfaConfiguration": "OFF" }));
    let texting = pool(json!({ "SmsConfiguration": sms(), "MfaConfiguration": "ON" })).unwrap();
    assert_eq!(
        told(&texting),
        json!({ "MfaConfiguration": "ON", "SmsMfaConfiguration": { "SmsConfiguration": sms() } })
    );
}

#[test]
fn an_update_keeps_the_factors_that_it_cannot_name_while_mfa_is_on() {
    let token = json!({ "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true } });
    let passkeys = json!({ "WebAuthnConfiguration": { "RelyingPartyId": "example.com" } });
    let on = set(set(pool(json!({})).unwrap(), token.clone()).unwrap(), passkeys.clone()).unwrap();
    let mut both = token;
    both["WebAuthnConfiguration"] = passkeys["WebAuthnConfiguration"].clone();

    assert_eq!(told(&update(on.clone(), json!({ "MfaConfiguration": "ON" })).unwrap()), both);
    let with_sms = update(on.clone(), json!({ "MfaConfiguration": "ON", "SmsConfiguration": sms() })).unwrap();
    assert_eq!(told(&with_sms), both, "a sender alone is no factor");

    let off = update(on, json!({})).unwrap();
    assert_eq!(told(&off)["MfaConfiguration"], "OFF");
    assert_eq!(told(&off)["SoftwareTokenMfaConfiguration"], Value::Null);
    assert_eq!(update(off, json!({ "MfaConfiguration": "ON" })).unwrap_err().message, Error::mfa_without_sms().message);
}

#[test]
fn what_cannot_be_is_refused() {
    let (plain, texting) = (json!({}), json!({ "SmsConfiguration": sms() }));
    let mut both = sms();
    both["EumsSms"] = json!({ "CallerArn": SMS });
    let email = json!({ "Message": "{####}", "Subject": "Code" });
    let mut lite = developer();
    lite["UserPoolTier"] = "LITE".into();
    let passkeys = json!({ "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION" });
    for (settings, asked, error) in [
        (&plain, json!({ "MfaConfiguration": "ON" }), Error::mfa_without_factors()),
        (&texting, json!({ "MfaConfiguration": "OPTIONAL" }), Error::mfa_without_factors()),
        (
            &plain,
            json!({ "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": false } }),
            Error::mfa_without_factors(),
        ),
        (&plain, json!({ "SoftwareTokenMfaConfiguration": { "Enabled": true } }), Error::mfa_mode_missing()),
        (&plain, json!({}), Error::mfa_mode_missing()),
        (
            &plain,
            json!({ "MfaConfiguration": "OFF", "SoftwareTokenMfaConfiguration": { "Enabled": true } }),
            Error::mfa_off_with_factors(),
        ),
        (&texting, json!({ "MfaConfiguration": "OFF", "SmsMfaConfiguration": {} }), Error::mfa_off_with_factors()),
        (&plain, json!({ "MfaConfiguration": "ON", "SmsMfaConfiguration": {} }), Error::mfa_without_sms()),
        (
            &plain,
            json!({ "MfaConfiguration": "ON", "SmsMfaConfiguration": { "SmsConfiguration": { "SnsCallerArn": "" } } }),
            Error::mfa_without_sms(),
        ),
        (
            &plain,
            json!({ "MfaConfiguration": "ON", "EmailMfaConfiguration": email }),
            Error::email_mfa_needs_developer_account(),
        ),
        (
            &lite,
            json!({ "MfaConfiguration": "ON", "EmailMfaConfiguration": email }),
            Error::feature_unavailable_in_tier("Email MFA", "LITE"),
        ),
        (
            &lite,
            json!({ "MfaConfiguration": "OFF", "WebAuthnConfiguration": passkeys }),
            Error::feature_unavailable_in_tier("Passkey MFA", "LITE"),
        ),
        (
            &plain,
            json!({ "MfaConfiguration": "ON", "SmsMfaConfiguration": { "SmsConfiguration": both } }),
            Error::invalid_parameter("SmsConfiguration can not have both SnsCallerArn and EumsSms."),
        ),
    ] {
        let refused = set(pool(settings.clone()).unwrap(), asked.clone()).unwrap_err();
        assert_eq!(refused.to_string(), error.to_string(), "{asked}");
    }
}

#[test]
fn a_pool_with_email_mfa_keeps_what_it_needs() {
    let email =
        json!({ "MfaConfiguration": "ON", "EmailMfaConfiguration": { "Message": "{####}", "Subject": "Code" } });
    let on = set(pool(developer()).unwrap(), email.clone()).unwrap();
    let mut same = developer();
    same["MfaConfiguration"] = "ON".into();
    assert_eq!(told(&update(on.clone(), same.clone()).unwrap()), email);
    same["UserPoolTier"] = "LITE".into();
    assert!(update(on.clone(), same).is_err());
    let refused = update(on, json!({ "MfaConfiguration": "ON" })).unwrap_err();
    assert_eq!(refused.message, Error::email_mfa_needs_developer_account().message);
}

#[test]
fn the_pools_own_sender_serves() {
    let texting = pool(json!({ "SmsConfiguration": sms() })).unwrap();
    let on = set(texting, json!({ "MfaConfiguration": "ON", "SmsMfaConfiguration": {} })).unwrap();
    assert_eq!(told(&on)["SmsMfaConfiguration"], json!({ "SmsConfiguration": sms() }));
}

#[test]
fn passkeys_stay_whatever_becomes_of_mfa_and_are_set_alone_or_with_a_mode() {
    let passkeys = json!({ "WebAuthnConfiguration": { "RelyingPartyId": "example.com" } });
    let pool = set(pool(json!({})).unwrap(), passkeys.clone()).unwrap();
    assert_eq!(
        told(&update(pool.clone(), json!({})).unwrap()),
        merged(json!({ "MfaConfiguration": "OFF" }), passkeys.clone())
    );

    for factor in [
        json!({ "SmsMfaConfiguration": { "SmsConfiguration": sms() } }),
        json!({ "SoftwareTokenMfaConfiguration": { "Enabled": true } }),
        json!({ "EmailMfaConfiguration": { "Message": "{####}", "Subject": "Code" } }),
    ] {
        let refused = set(pool.clone(), merged(passkeys.clone(), factor.clone())).unwrap_err();
        assert_eq!(refused.to_string(), Error::mfa_mode_missing().to_string(), "{factor}");
    }
}
