//! A setting that is given and says nothing: `{}` or `[]`. Terraform sends them for what nobody configured, so they count
//! as left out; where AWS is known to do otherwise, it is marked (docs/known-quirks.md).

use cognate_wire::idp::{
    DcrConfigurationType, StatusType, UpdateUserPoolRequest, UserAttributeUpdateSettingsType, UserPoolTierType,
};

use crate::error::{Error, Result};

pub(super) fn without_empties(mut asked: UpdateUserPoolRequest) -> UpdateUserPoolRequest {
    // AWS: any member turns the remembering of devices on, so none does not.
    asked.device_configuration = unless_empty(asked.device_configuration);
    asked.auto_verified_attributes = unless_empty(asked.auto_verified_attributes);
    asked.sms_configuration = unless_empty(asked.sms_configuration);
    asked.account_recovery_setting = unless_empty(asked.account_recovery_setting);
    asked.key_configuration = unless_empty(asked.key_configuration);
    asked.issuer_configuration = unless_empty(asked.issuer_configuration);
    asked
}

pub(crate) fn unless_empty<T: Default + PartialEq>(given: Option<T>) -> Option<T> {
    given.filter(|given| *given != T::default())
}

/// AWS: the list is always described.
pub(super) fn with_list(given: Option<UserAttributeUpdateSettingsType>) -> UserAttributeUpdateSettingsType {
    let attributes = given.and_then(|given| given.attributes_require_verification_before_update);
    UserAttributeUpdateSettingsType {
        attributes_require_verification_before_update: Some(attributes.unwrap_or_default()),
    }
}

/// AWS: to name dynamic registration at all turns it on, and open registration stays off unless it is asked for; what
/// is left out of an update stays.
pub(super) fn registration(
    given: Option<DcrConfigurationType>,
    kept: Option<DcrConfigurationType>,
    tier: UserPoolTierType,
) -> Result<Option<DcrConfigurationType>> {
    let is_new = given.is_some();
    let full = |given: DcrConfigurationType| DcrConfigurationType {
        enable_status: Some(given.enable_status.unwrap_or(StatusType::Enabled)),
        open_dcr_enabled: Some(given.open_dcr_enabled.unwrap_or(false)),
        ..given
    };
    let registration = given.map(full).or(kept);
    let is_on = registration.as_ref().is_some_and(|config| config.enable_status == Some(StatusType::Enabled));
    match (is_on && tier == UserPoolTierType::Lite, is_new) {
        (true, true) => Err(Error::feature_unavailable_in_tier("Dynamic Client Registration", tier.as_str())),
        (true, false) => Err(Error::tier_change_not_allowed("Dynamic Client Registration", tier.as_str())),
        (false, _) => Ok(registration),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::PoolConfig;

    fn create(settings: &Value) -> Value {
        let mut input = json!({ "PoolName": "people" });
        input.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        serde_json::to_value(PoolConfig::create(serde_json::from_value(input).unwrap()).unwrap().described).unwrap()
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let plain = create(&json!({}));
        for empty in [
            json!({ "DeviceConfiguration": {} }),
            json!({ "SmsConfiguration": {} }),
            json!({ "AccountRecoverySetting": {} }),
            json!({ "KeyConfiguration": {} }),
            json!({ "IssuerConfiguration": {} }),
            json!({ "UserAttributeUpdateSettings": {} }),
            json!({ "AutoVerifiedAttributes": [] }),
            json!({ "AliasAttributes": [] }),
            json!({ "UsernameAttributes": [] }),
            json!({ "UserPoolTags": {} }),
            json!({ "LambdaConfig": {} }),
        ] {
            assert_eq!(create(&empty), plain, "{empty}");
        }
        assert_eq!(plain["UserAttributeUpdateSettings"], json!({ "AttributesRequireVerificationBeforeUpdate": [] }));
    }

    #[test]
    fn dynamic_registration_is_on_once_it_is_named() {
        let described = |given: Value| create(&json!({ "DcrConfiguration": given }))["DcrConfiguration"].clone();
        assert_eq!(described(json!({})), json!({ "EnableStatus": "Enabled", "OpenDcrEnabled": false }));
        let off = json!({ "EnableStatus": "Disabled", "OpenDcrEnabled": true, "AuthenticatedGrantTypes": [] });
        assert_eq!(described(off.clone()), off);
    }

    #[test]
    fn texts_and_the_token_trigger_show_under_their_old_and_their_new_names() {
        let (code, arn) = ("Code {####}", "arn:aws:lambda:us-east-1:123456789012:function:a");
        let texts = json!({ "SmsMessage": code, "EmailMessage": code, "EmailSubject": "Code",
            "DefaultEmailOption": "CONFIRM_WITH_CODE" });
        let old = json!({ "SmsVerificationMessage": code, "EmailVerificationMessage": code,
            "EmailVerificationSubject": "Code" });
        let (from_old, from_new) = (create(&old), create(&json!({ "VerificationMessageTemplate": texts })));
        assert_eq!(from_old, from_new);
        assert_eq!(from_new["VerificationMessageTemplate"], texts);
        assert_eq!(from_new["EmailVerificationMessage"], code);

        let config = json!({ "LambdaVersion": "V1_0", "LambdaArn": arn });
        let both = json!({ "PreTokenGeneration": arn, "PreTokenGenerationConfig": config });
        for given in [json!({ "PreTokenGeneration": arn }), json!({ "PreTokenGenerationConfig": config }), both.clone()]
        {
            assert_eq!(create(&json!({ "LambdaConfig": given }))["LambdaConfig"], both, "{given}");
        }
    }
}
