//! What a pool's settings may not say together. The sentences are ours where the dossier has none
//! (docs/known-quirks.md); the types are AWS's.

use std::collections::BTreeSet;

use cognate_wire::idp::{
    AdvancedSecurityModeType, AuthFactorType, EmailSendingAccountType, RecoveryOptionNameType, UpdateUserPoolRequest,
    UserPoolTierType,
};

use crate::error::{Error, Result};
use crate::schema::Schema;
use crate::username::{AliasKind, SignInNames};

pub(super) fn accepts(asked: &UpdateUserPoolRequest) -> Result<()> {
    super::mfa::one_sender(asked.sms_configuration.as_ref())?;
    tier_has_the_features(asked)?;
    first_factors_include_the_password(asked)?;
    triggers_agree(asked)?;
    recovery_is_possible(asked)?;
    sender_is_named(asked)?;
    pending_updates_are_verified(asked)?;
    levels_differ(asked)?;
    tags_are_sound(asked)
}

/// AWS: values are unique among the four levels, the default names included.
fn levels_differ(asked: &UpdateUserPoolRequest) -> Result<()> {
    let Some(named) = &asked.acr_configuration else { return Ok(()) };
    let all = super::with_all_levels(named.clone());
    let values: BTreeSet<&str> = all.values().map(|level| level.acr_value.as_str()).collect();
    if values.len() < all.len() {
        return Err(Error::invalid_parameter("AcrConfiguration must give every level a value of its own."));
    }
    Ok(())
}

/// AWS: nobody has a preferred username before being confirmed, so as an alias it cannot be required.
pub(super) fn aliases_are_optional(names: &SignInNames, schema: &Schema) -> Result<()> {
    let required = schema.required().any(|name| name == AliasKind::PreferredUsername.name());
    if required && names.has(AliasKind::PreferredUsername) {
        return Err(Error::invalid_parameter("preferred_username can not be both a required attribute and an alias."));
    }
    Ok(())
}

fn tier_has_the_features(asked: &UpdateUserPoolRequest) -> Result<()> {
    let tier = asked.user_pool_tier.unwrap_or(UserPoolTierType::Essentials);
    let advanced = asked.user_pool_add_ons.as_ref().map(|add_ons| add_ons.advanced_security_mode);
    if advanced.is_some_and(|mode| mode != AdvancedSecurityModeType::Off) && tier != UserPoolTierType::Plus {
        return Err(Error::feature_unavailable_in_tier("Threat Protection", tier.as_str()));
    }
    let beyond_passwords =
        first_factors(asked).is_some_and(|all| all.iter().any(|one| *one != AuthFactorType::Password));
    if beyond_passwords && tier == UserPoolTierType::Lite {
        return Err(Error::feature_unavailable_in_tier("Passwordless Sign-In", tier.as_str()));
    }
    Ok(())
}

fn first_factors(asked: &UpdateUserPoolRequest) -> Option<&[AuthFactorType]> {
    asked.policies.as_ref()?.sign_in_policy.as_ref()?.allowed_first_auth_factors.as_deref()
}

fn first_factors_include_the_password(asked: &UpdateUserPoolRequest) -> Result<()> {
    match first_factors(asked) {
        Some(factors) if !factors.contains(&AuthFactorType::Password) => {
            Err(Error::invalid_parameter("AllowedFirstAuthFactors must contain PASSWORD."))
        }
        _ => Ok(()),
    }
}

fn triggers_agree(asked: &UpdateUserPoolRequest) -> Result<()> {
    let Some(lambda) = &asked.lambda_config else { return Ok(()) };
    match (&lambda.pre_token_generation, &lambda.pre_token_generation_config) {
        (Some(plain), Some(config)) if config.lambda_arn != *plain => Err(Error::invalid_parameter(
            "The Lambda ARN of PreTokenGeneration and PreTokenGenerationConfig must be the same.",
        )),
        _ => Ok(()),
    }
}

fn recovery_is_possible(asked: &UpdateUserPoolRequest) -> Result<()> {
    let mechanisms = asked.account_recovery_setting.as_ref().and_then(|setting| setting.recovery_mechanisms.as_deref());
    let mechanisms = mechanisms.unwrap_or_default();
    if mechanisms.len() > 1 && mechanisms.iter().any(|one| one.name == RecoveryOptionNameType::AdminOnly) {
        return Err(Error::invalid_parameter(
            "Account Recovery Setting can not be set to admin_only with any other recovery mechanisms.",
        ));
    }
    let repeated =
        |at: usize| mechanisms.iter().take(at).any(|one| Some(one.priority) == mechanisms.get(at).map(|m| m.priority));
    if (1..mechanisms.len()).any(repeated) {
        return Err(Error::invalid_parameter("Account Recovery Setting mechanisms must have different priorities."));
    }
    Ok(())
}

fn sender_is_named(asked: &UpdateUserPoolRequest) -> Result<()> {
    let Some(email) = &asked.email_configuration else { return Ok(()) };
    if email.email_sending_account == Some(EmailSendingAccountType::Developer) && email.source_arn.is_none() {
        return Err(Error::invalid_parameter("SourceArn is required when EmailSendingAccount is DEVELOPER."));
    }
    Ok(())
}

fn pending_updates_are_verified(asked: &UpdateUserPoolRequest) -> Result<()> {
    let verified = asked.auto_verified_attributes.as_deref().unwrap_or_default();
    let settings = asked.user_attribute_update_settings.as_ref();
    let pending = settings.and_then(|settings| settings.attributes_require_verification_before_update.as_deref());
    match pending.unwrap_or_default().iter().find(|attribute| !verified.contains(attribute)) {
        Some(attribute) => Err(Error::invalid_parameter(format!(
            "AttributesRequireVerificationBeforeUpdate contains {}, which is not in AutoVerifiedAttributes.",
            attribute.as_str()
        ))),
        None => Ok(()),
    }
}

fn tags_are_sound(asked: &UpdateUserPoolRequest) -> Result<()> {
    asked.user_pool_tags.as_ref().map_or(Ok(()), super::tags::check)
}
