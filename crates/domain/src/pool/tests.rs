use serde_json::{Value, json};

use super::*;
use crate::attributes::Attributes;
use crate::error::Error;

/// A pool that was made with these settings.
pub(crate) fn pool(settings: &Value) -> Pool {
    Pool {
        id: "us-east-1_AbCdEf123".to_owned(),
        region: "us-east-1".to_owned(),
        account: "123456789012".to_owned(),
        version: 1,
        created_at: Timestamp(1_500),
        modified_at: Timestamp(2_250),
        veil_key: [0; 32],
        config: created(settings).unwrap(),
    }
}

fn created(settings: &Value) -> Result<PoolConfig> {
    let asked = merged(json!({ "PoolName": "people" }), settings);
    PoolConfig::create(serde_json::from_value(asked).unwrap())
}

fn updated(config: PoolConfig, settings: &Value) -> PoolConfig {
    let asked = merged(json!({ "UserPoolId": "us-east-1_AbCdEf123" }), settings);
    config.update(serde_json::from_value(asked).unwrap()).unwrap()
}

fn merged(mut base: Value, more: &Value) -> Value {
    base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    base
}

fn without(mut object: Value, names: &[&str]) -> Value {
    object.as_object_mut().unwrap().retain(|name, _| !names.contains(&name.as_str()));
    object
}

fn function(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")
}

/// What is set once, when the pool is made.
fn fixed() -> Value {
    json!({
        "AliasAttributes": ["email", "preferred_username"],
        "UsernameConfiguration": { "CaseSensitive": false },
    })
}

fn everything() -> Value {
    json!({
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 12, "RequireUppercase": true, "RequireLowercase": false, "RequireNumbers": true,
                "RequireSymbols": false, "PasswordHistorySize": 3, "TemporaryPasswordValidityDays": 5,
            },
            "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] },
        },
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {
            "PreSignUp": function("a"),
            "PreTokenGeneration": function("b"),
            "PreTokenGenerationConfig": { "LambdaVersion": "V2_0", "LambdaArn": function("b") },
        },
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "SmsVerificationMessage": "Text {####}",
        "EmailVerificationMessage": "Mail {####}",
        "EmailVerificationSubject": "Subject",
        "VerificationMessageTemplate": {
            "SmsMessage": "Text {####}", "EmailMessage": "Mail {####}", "EmailSubject": "Subject",
            "EmailMessageByLink": "Go {##there##}", "EmailSubjectByLink": "Link",
            "DefaultEmailOption": "CONFIRM_WITH_LINK",
        },
        "SmsAuthenticationMessage": "In {####}",
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] },
        "MfaConfiguration": "OPTIONAL",
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false },
        "EmailConfiguration": {
            "EmailSendingAccount": "DEVELOPER", "From": "a@example.com", "ReplyToEmailAddress": "b@example.com",
            "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/a@example.com", "ConfigurationSet": "set",
        },
        "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x" },
        "UserPoolTags": { "stage": "test" },
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 5,
            "InviteMessageTemplate": { "EmailMessage": "{username} {####}" },
        },
        "UserPoolAddOns": { "AdvancedSecurityMode": "AUDIT" },
        "DcrConfiguration": { "EnableStatus": "Enabled", "OpenDcrEnabled": true },
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Priority": 1, "Name": "verified_email" }] },
        "UserPoolTier": "PLUS",
        "KeyConfiguration": { "KeyType": "AWS_OWNED_KEY" },
        "IssuerConfiguration": { "Type": "ORIGINAL" },
        "AcrConfiguration": {
            "Level1": { "AcrValue": "one" }, "Level2": { "AcrValue": "two" },
            "Level3": { "AcrValue": "three" }, "Level4": { "AcrValue": "four" },
        },
    })
}

/// Of every pool, whatever its settings.
fn read_at_the_moment() -> Value {
    json!({
        "Id": "us-east-1_AbCdEf123",
        "Name": "people",
        "Arn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf123",
        "CreationDate": 1.5,
        "LastModifiedDate": 2.25,
        "EstimatedNumberOfUsers": 7,
    })
}

fn described(pool: Pool) -> Value {
    serde_json::to_value(pool.into_wire(7)).unwrap()
}

#[test]
fn what_is_asked_for_is_described() {
    let asked = merged(everything(), &fixed());
    let made = described(pool(&asked));
    assert_eq!(without(made.clone(), &["SchemaAttributes"]), merged(read_at_the_moment(), &asked));
    assert_eq!(made["SchemaAttributes"].as_array().unwrap().len(), 21);
    assert_eq!(pool(&json!({})).into_wire(i64::MAX).estimated_number_of_users, Some(i32::MAX));
}

#[test]
fn an_update_replaces_everything_but_what_is_fixed() {
    let kept = json!({
        "UserPoolTags": { "stage": "test" },
        "DcrConfiguration": { "EnableStatus": "Enabled", "OpenDcrEnabled": true },
    });
    let defaults = json!({
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
                "RequireSymbols": true, "TemporaryPasswordValidityDays": 7,
            },
            "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] },
        },
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
        "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_CODE" },
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": [] },
        "MfaConfiguration": "OFF",
        "EmailConfiguration": { "EmailSendingAccount": "COGNITO_DEFAULT" },
        "UserPoolTags": {},
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7 },
        "UserPoolTier": "ESSENTIALS",
        "AcrConfiguration": {
            "Level1": { "AcrValue": "urn:cognito:loa:1" }, "Level2": { "AcrValue": "urn:cognito:loa:2" },
            "Level3": { "AcrValue": "urn:cognito:loa:3" }, "Level4": { "AcrValue": "urn:cognito:loa:4" },
        },
    });
    let plain = merged(read_at_the_moment(), &defaults);
    assert_eq!(without(described(pool(&json!({}))), &["SchemaAttributes"]), plain);

    let before =
        pool(&merged(everything(), &merged(fixed(), &json!({ "Schema": [{ "Name": "name", "Required": true }] }))));
    let config = updated(before.config.clone(), &json!({}));
    assert_eq!((&config.names, &config.schema), (&before.config.names, &before.config.schema));
    let after = described(Pool { config, ..before.clone() });
    assert_eq!(without(after, &["SchemaAttributes"]), merged(merged(plain, &kept), &fixed()));

    let by_contact = json!({ "UsernameAttributes": ["email", "phone_number"] });
    let config = updated(pool(&by_contact).config, &json!({}));
    assert_eq!(described(Pool { config, ..before.clone() })["UsernameAttributes"], by_contact["UsernameAttributes"]);

    let renamed = updated(before.config, &json!({ "PoolName": "others" }));
    assert_eq!(renamed.described.name.as_deref(), Some("others"));
}

#[test]
fn a_pool_is_asked_what_its_settings_say() {
    let (plain, full) = (pool(&json!({})), pool(&everything()));

    assert_eq!((plain.name(), plain.srp_name()), ("people", "AbCdEf123"));
    assert_eq!((plain.config.tier(), full.config.tier()), (UserPoolTierType::Essentials, UserPoolTierType::Plus));
    assert_eq!((plain.config.deletion_protected(), full.config.deletion_protected()), (false, true));
    assert_eq!((plain.only_admins_create(), full.only_admins_create()), (false, true));
    assert_eq!(plain.auto_verified(), []);
    assert_eq!(full.auto_verified(), [VerifiedAttributeType::Email, VerifiedAttributeType::PhoneNumber]);
}

#[test]
fn a_pool_recovers_passwords_as_its_setting_says() {
    let by = |names: &[&str]| {
        let one = |(at, name): (usize, &&str)| json!({ "Priority": at + 1, "Name": name });
        let mechanisms: Vec<Value> = names.iter().enumerate().map(one).collect();
        pool(&json!({ "AutoVerifiedAttributes": ["phone_number"],
            "AccountRecoverySetting": { "RecoveryMechanisms": mechanisms } }))
    };
    let ann: Attributes = [("email", "a@b.example"), ("email_verified", "true")].into_iter().collect();
    let nobody = Attributes::default();
    let to = |pool: &Pool, user: &Attributes| {
        pool.recovery_delivery(user).map(|delivery| delivery.address).map_err(|error| error.to_string())
    };
    let (none, admins) = (Error::no_verified_contact().to_string(), Error::only_admins_recover().to_string());
    for (pool, only_admins, delivered, simulated) in [
        (pool(&json!({})), false, Ok("a@b.example".to_owned()), vec![]),
        (by(&["verified_email"]), false, Ok("a@b.example".to_owned()), vec![VerifiedAttributeType::Email]),
        (by(&["verified_phone_number"]), false, Err(none.clone()), vec![VerifiedAttributeType::PhoneNumber]),
        (by(&["admin_only"]), true, Err(admins.clone()), vec![VerifiedAttributeType::PhoneNumber]),
    ] {
        let setting = pool.config.described.account_recovery_setting.clone();
        assert_eq!(pool.only_admins_recover(), only_admins, "{setting:?}");
        assert_eq!(to(&pool, &ann), delivered, "{setting:?}");
        assert_eq!(to(&pool, &nobody), Err(if only_admins { admins.clone() } else { none.clone() }), "{setting:?}");
        assert_eq!(pool.simulated_recovery(), simulated, "{setting:?}");
    }
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let tier = |feature: &str, tier: &str| Error::feature_unavailable_in_tier(feature, tier).to_string();
    let said = |sentence: &str| Error::invalid_parameter(sentence.to_owned()).to_string();
    let levels = "AcrConfiguration must give every level a value of its own.";
    let priorities = "Account Recovery Setting mechanisms must have different priorities.";
    let alone = "Account Recovery Setting can not be set to admin_only with any other recovery mechanisms.";
    let source = "SourceArn is required when EmailSendingAccount is DEVELOPER.";
    let triggers = "The Lambda ARN of PreTokenGeneration and PreTokenGenerationConfig must be the same.";
    let alias = "preferred_username can not be both a required attribute and an alias.";
    let pending = |name| {
        format!("AttributesRequireVerificationBeforeUpdate contains {name}, which is not in AutoVerifiedAttributes.")
    };
    let factors = |list: &[&str]| json!({ "SignInPolicy": { "AllowedFirstAuthFactors": list } });
    let ways = |list: &[(i32, &str)]| {
        let list: Vec<_> = list.iter().map(|(at, name)| json!({ "Priority": at, "Name": name })).collect();
        json!({ "AccountRecoverySetting": { "RecoveryMechanisms": list } })
    };
    let pre_token = |one: &str, other: &str| {
        json!({ "LambdaConfig": { "PreTokenGeneration": function(one),
            "PreTokenGenerationConfig": { "LambdaVersion": "V1_0", "LambdaArn": function(other) } } })
    };
    let preferred = json!([{ "Name": "preferred_username", "Required": true }]);
    for (asked, refusal) in [
        (json!({ "AcrConfiguration": { "Level1": { "AcrValue": "a" }, "Level2": { "AcrValue": "b" } } }), None),
        (
            json!({ "AcrConfiguration": { "Level1": { "AcrValue": "a" }, "Level2": { "AcrValue": "a" } } }),
            Some(said(levels)),
        ),
        (json!({ "AcrConfiguration": { "Level1": { "AcrValue": "urn:cognito:loa:2" } } }), Some(said(levels))),
        (json!({ "Schema": preferred }), None),
        (json!({ "AliasAttributes": ["preferred_username"] }), None),
        (json!({ "AliasAttributes": ["email"], "Schema": preferred }), None),
        (json!({ "AliasAttributes": ["preferred_username"], "Schema": preferred }), Some(said(alias))),
        (json!({ "UserPoolAddOns": { "AdvancedSecurityMode": "OFF" } }), None),
        (json!({ "UserPoolAddOns": { "AdvancedSecurityMode": "OFF" }, "UserPoolTier": "LITE" }), None),
        (json!({ "UserPoolAddOns": { "AdvancedSecurityMode": "ENFORCED" }, "UserPoolTier": "PLUS" }), None),
        (
            json!({ "UserPoolAddOns": { "AdvancedSecurityMode": "AUDIT" } }),
            Some(tier("Threat Protection", "ESSENTIALS")),
        ),
        (json!({ "Policies": factors(&["PASSWORD"]), "UserPoolTier": "LITE" }), None),
        (json!({ "Policies": factors(&["WEB_AUTHN", "PASSWORD"]) }), None),
        (
            json!({ "Policies": factors(&["WEB_AUTHN", "PASSWORD"]), "UserPoolTier": "LITE" }),
            Some(tier("Passwordless Sign-In", "LITE")),
        ),
        (json!({ "Policies": factors(&["WEB_AUTHN"]) }), Some(said("AllowedFirstAuthFactors must contain PASSWORD."))),
        (pre_token("a", "a"), None),
        (pre_token("a", "b"), Some(said(triggers))),
        (ways(&[(1, "admin_only")]), None),
        (ways(&[(2, "verified_email"), (1, "verified_phone_number")]), None),
        (ways(&[(1, "verified_email"), (2, "admin_only")]), Some(said(alone))),
        (ways(&[(1, "verified_email"), (1, "verified_phone_number")]), Some(said(priorities))),
        (json!({ "EmailConfiguration": { "EmailSendingAccount": "COGNITO_DEFAULT" } }), None),
        (json!({ "EmailConfiguration": { "EmailSendingAccount": "DEVELOPER", "SourceArn": "arn" } }), None),
        (json!({ "EmailConfiguration": { "EmailSendingAccount": "DEVELOPER" } }), Some(said(source))),
        (
            json!({ "AutoVerifiedAttributes": ["email"],
                "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] } }),
            None,
        ),
        (
            json!({ "AutoVerifiedAttributes": ["email"],
                "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email", "phone_number"] } }),
            Some(said(&pending("phone_number"))),
        ),
        (json!({ "DcrConfiguration": {} }), None),
        (json!({ "DcrConfiguration": { "EnableStatus": "Disabled" }, "UserPoolTier": "LITE" }), None),
        (json!({ "DcrConfiguration": {}, "UserPoolTier": "LITE" }), Some(tier("Dynamic Client Registration", "LITE"))),
    ] {
        assert_eq!(created(&asked).err().map(|error| error.to_string()), refusal, "{asked}");
    }
}

#[test]
fn a_pool_that_registers_clients_does_not_come_down_to_lite() {
    let registering = created(&json!({ "DcrConfiguration": {} })).unwrap();
    let asked = json!({ "UserPoolId": "us-east-1_AbCdEf123", "UserPoolTier": "LITE" });
    let refused = registering.update(serde_json::from_value(asked).unwrap()).unwrap_err();
    assert_eq!(refused.to_string(), Error::tier_change_not_allowed("Dynamic Client Registration", "LITE").to_string());
}

#[test]
fn what_would_have_to_ask_something_that_is_not_built_is_refused() {
    use Moment::{Confirmation, Message, Refresh, SignIn, SignUp};
    let trigger = |name: &str| json!({ "LambdaConfig": { name: function("f") } });
    let sender = |name: &str| {
        json!({ "LambdaConfig": { name: { "LambdaVersion": "V1_0", "LambdaArn": function("f") },
            "KMSKeyID": "arn:aws:kms:us-east-1:123456789012:key/a" } })
    };
    let version = json!({ "LambdaConfig": { "PreTokenGenerationConfig": {
        "LambdaVersion": "V2_0", "LambdaArn": function("f") } } });
    let mfa = json!({ "MfaConfiguration": "ON", "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::1:role/r" } });
    let optional =
        json!({ "MfaConfiguration": "OPTIONAL", "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::1:role/r" } });
    let cases: [(Value, &[Moment], &str); 13] = [
        (json!({}), &[], ""),
        (trigger("DefineAuthChallenge"), &[], ""),
        (optional, &[], ""),
        (mfa, &[SignIn], "Sign-in with required MFA"),
        (trigger("PreSignUp"), &[SignUp], "The PreSignUp trigger"),
        (trigger("PostConfirmation"), &[Confirmation], "The PostConfirmation trigger"),
        (trigger("PreAuthentication"), &[SignIn], "The PreAuthentication trigger"),
        (trigger("PostAuthentication"), &[SignIn], "The PostAuthentication trigger"),
        (trigger("PreTokenGeneration"), &[SignIn, Refresh], "The PreTokenGeneration trigger"),
        (version, &[SignIn, Refresh], "The PreTokenGeneration trigger"),
        (trigger("CustomMessage"), &[Message], "The CustomMessage trigger"),
        (sender("CustomEmailSender"), &[Message], "The CustomEmailSender trigger"),
        (sender("CustomSMSSender"), &[Message], "The CustomSMSSender trigger"),
    ];
    for (settings, moments, what) in cases {
        let pool = pool(&settings);
        for moment in [SignUp, Confirmation, SignIn, Refresh, Message] {
            let refusal = pool.refuse_unbuilt(moment).err().map(|error| error.to_string());
            let expected = moments.contains(&moment).then(|| Error::not_built(what).to_string());
            assert_eq!(refusal, expected, "{settings} {moment:?}");
        }
    }
}

/// Calls leave both members or none; a moved pool may have come with one.
#[test]
fn one_member_of_the_token_trigger_is_enough() {
    let whole = pool(&everything());
    for left_out in ["PreTokenGeneration", "PreTokenGenerationConfig"] {
        let mut half = whole.clone();
        let lambda = without(serde_json::to_value(&whole.config.described.lambda_config).unwrap(), &[left_out]);
        half.config.described.lambda_config = serde_json::from_value(lambda).unwrap();
        assert!(half.refuse_unbuilt(Moment::Refresh).is_err(), "without {left_out}");
    }
}
