//! A user pool: what we decide about in types of our own, what only travels in AWS's shape.
//!
//! Update replaces: a member that is left out goes back to its default (user-pools.md, section 23), but for name, tags and
//! what has operations of its own. So creating and updating share `describe`, which fills the defaults in and refuses
//! what AWS refuses.

use std::collections::BTreeMap;

use cognate_wire::idp::{
    AcrLevelConfigType, AdminCreateUserConfigType, CreateUserPoolRequest, DefaultEmailOptionType,
    DeletionProtectionType, EmailConfigurationType, EmailSendingAccountType, LambdaConfigType,
    PreTokenGenerationLambdaVersionType, PreTokenGenerationVersionConfigType, SignInPolicyType, UpdateUserPoolRequest,
    UserPoolMfaType, UserPoolPolicyType, UserPoolTierType, UserPoolType, VerificationMessageTemplateType,
    VerifiedAttributeType,
};
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::error::Result;
use crate::password::PasswordPolicy;
use crate::schema::Schema;
use crate::username::SignInNames;

mod beyond;
mod checks;
mod domains;
mod empties;
mod mfa;
mod tags;
#[cfg(test)]
pub(crate) mod tests;
mod unbuilt;

pub use beyond::{Extension, Profile, SigningAlgorithm};
pub(crate) use empties::unless_empty;
pub use mfa::MfaFactors;
pub use unbuilt::Moment;

#[derive(Clone, Debug)]
pub struct Pool {
    pub id: String,
    pub region: String,
    pub account: String,
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    /// Makes the answers for unknown users stable and unguessable (section 19).
    pub veil_key: [u8; 32],
    pub config: PoolConfig,
}

/// What the store keeps of a pool as one document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PoolConfig {
    pub names: SignInNames,
    pub schema: Schema,
    pub password_policy: PasswordPolicy,
    /// As it is described, without what is read at the moment of asking (dates, number of users, schema, password policy).
    pub described: UserPoolType,
    #[serde(default)]
    pub mfa: MfaFactors,
}

impl PoolConfig {
    pub fn create(request: CreateUserPoolRequest) -> Result<Self> {
        let names = SignInNames::from_wire(
            request.alias_attributes.as_deref(),
            request.username_attributes.as_deref(),
            request.username_configuration.as_ref(),
        )?;
        let schema = Schema::from_wire(request.schema.as_deref().unwrap_or_default())?;
        checks::aliases_are_optional(&names, &schema)?;
        let fixed = UserPoolType {
            alias_attributes: unless_empty(request.alias_attributes.clone()),
            username_attributes: unless_empty(request.username_attributes.clone()),
            username_configuration: request.username_configuration.clone(),
            ..UserPoolType::default()
        };
        let asked = empties::without_empties(as_update(request));
        let mfa = MfaFactors::default().kept(&asked)?;
        let (described, password_policy) = describe(fixed, asked)?;
        Ok(Self { names, schema, password_policy, described, mfa })
    }

    /// Schema, sign-in names and their case rule never change; everything else is replaced.
    pub fn update(self, request: UpdateUserPoolRequest) -> Result<Self> {
        let fixed = UserPoolType {
            name: self.described.name,
            alias_attributes: self.described.alias_attributes,
            username_attributes: self.described.username_attributes,
            username_configuration: self.described.username_configuration,
            dcr_configuration: self.described.dcr_configuration,
            user_pool_tags: self.described.user_pool_tags,
            domain: self.described.domain,
            custom_domain: self.described.custom_domain,
            ..UserPoolType::default()
        };
        let asked = empties::without_empties(request);
        let mfa = self.mfa.kept(&asked)?;
        let (described, password_policy) = describe(fixed, asked)?;
        Ok(Self { names: self.names, schema: self.schema, password_policy, described, mfa })
    }
}

impl PoolConfig {
    pub fn tier(&self) -> UserPoolTierType {
        self.described.user_pool_tier.unwrap_or(UserPoolTierType::Essentials)
    }

    pub fn deletion_protected(&self) -> bool {
        self.described.deletion_protection == Some(DeletionProtectionType::Active)
    }
}

impl Pool {
    /// The part of the id behind the `_`: what SRP calls the pool's name.
    pub fn srp_name(&self) -> &str {
        self.id.split_once('_').map_or("", |(_, name)| name)
    }

    pub fn arn(&self) -> String {
        format!("arn:aws:cognito-idp:{}:{}:userpool/{}", self.region, self.account, self.id)
    }

    pub fn name(&self) -> &str {
        self.config.described.name.as_deref().unwrap_or_default()
    }

    pub fn auto_verified(&self) -> &[VerifiedAttributeType] {
        self.config.described.auto_verified_attributes.as_deref().unwrap_or_default()
    }

    pub fn only_admins_create(&self) -> bool {
        let config = self.config.described.admin_create_user_config.as_ref();
        config.and_then(|config| config.allow_admin_create_user_only).unwrap_or(false)
    }

    /// As `DescribeUserPool` answers.
    pub fn into_wire(self, users: i64) -> UserPoolType {
        let arn = self.arn();
        let PoolConfig { schema, password_policy, mut described, .. } = self.config;
        let sign_in_policy = described.policies.take().and_then(|policies| policies.sign_in_policy);
        UserPoolType {
            id: Some(self.id),
            arn: Some(arn),
            policies: Some(UserPoolPolicyType { password_policy: Some(password_policy.into_wire()), sign_in_policy }),
            schema_attributes: Some(schema.into_wire()),
            estimated_number_of_users: Some(i32::try_from(users).unwrap_or(i32::MAX)),
            creation_date: Some(self.created_at.as_json_seconds()),
            last_modified_date: Some(self.modified_at.as_json_seconds()),
            ..described
        }
    }
}

/// Creating says the same as updating, but for what is fixed at creation.
fn as_update(request: CreateUserPoolRequest) -> UpdateUserPoolRequest {
    UpdateUserPoolRequest {
        user_pool_id: String::new(),
        pool_name: Some(request.pool_name),
        policies: request.policies,
        deletion_protection: request.deletion_protection,
        lambda_config: request.lambda_config,
        auto_verified_attributes: request.auto_verified_attributes,
        sms_verification_message: request.sms_verification_message,
        email_verification_message: request.email_verification_message,
        email_verification_subject: request.email_verification_subject,
        verification_message_template: request.verification_message_template,
        sms_authentication_message: request.sms_authentication_message,
        user_attribute_update_settings: request.user_attribute_update_settings,
        mfa_configuration: request.mfa_configuration,
        device_configuration: request.device_configuration,
        email_configuration: request.email_configuration,
        sms_configuration: request.sms_configuration,
        user_pool_tags: request.user_pool_tags,
        admin_create_user_config: request.admin_create_user_config,
        user_pool_add_ons: request.user_pool_add_ons,
        dcr_configuration: request.dcr_configuration,
        account_recovery_setting: request.account_recovery_setting,
        user_pool_tier: request.user_pool_tier,
        key_configuration: request.key_configuration,
        issuer_configuration: request.issuer_configuration,
        acr_configuration: request.acr_configuration,
    }
}

/// Fills the defaults in and checks the whole.
///
/// AWS: the three old names of verification texts and the members of the template are the same settings; each shows in
/// both places, and the template wins.
fn describe(fixed: UserPoolType, asked: UpdateUserPoolRequest) -> Result<(UserPoolType, PasswordPolicy)> {
    checks::accepts(&asked)?;
    let policies = asked.policies.unwrap_or_default();
    let unused_days = asked.admin_create_user_config.as_ref().and_then(|config| config.unused_account_validity_days);
    let password_policy = PasswordPolicy::from_wire(policies.password_policy.as_ref(), unused_days)?;
    let factors = policies.sign_in_policy.and_then(|policy| policy.allowed_first_auth_factors);

    let tier = asked.user_pool_tier.unwrap_or(UserPoolTierType::Essentials);
    let admin = asked.admin_create_user_config.unwrap_or_default();
    let mut template = asked.verification_message_template.unwrap_or_default();
    template.sms_message = template.sms_message.or(asked.sms_verification_message);
    template.email_message = template.email_message.or(asked.email_verification_message);
    template.email_subject = template.email_subject.or(asked.email_verification_subject);
    let email = asked.email_configuration.unwrap_or_default();
    let described = UserPoolType {
        name: asked.pool_name.or(fixed.name),
        policies: Some(UserPoolPolicyType {
            password_policy: None,
            sign_in_policy: Some(SignInPolicyType {
                allowed_first_auth_factors: Some(
                    factors.unwrap_or_else(|| vec![cognate_wire::idp::AuthFactorType::Password]),
                ),
            }),
        }),
        deletion_protection: Some(asked.deletion_protection.unwrap_or(DeletionProtectionType::Inactive)),
        lambda_config: Some(with_both_pre_token_members(asked.lambda_config.unwrap_or_default())),
        auto_verified_attributes: asked.auto_verified_attributes,
        alias_attributes: fixed.alias_attributes,
        username_attributes: fixed.username_attributes,
        username_configuration: fixed.username_configuration,
        sms_verification_message: template.sms_message.clone(),
        email_verification_message: template.email_message.clone(),
        email_verification_subject: template.email_subject.clone(),
        verification_message_template: Some(VerificationMessageTemplateType {
            default_email_option: Some(
                template.default_email_option.unwrap_or(DefaultEmailOptionType::ConfirmWithCode),
            ),
            ..template
        }),
        sms_authentication_message: asked.sms_authentication_message,
        user_attribute_update_settings: Some(empties::with_list(asked.user_attribute_update_settings)),
        mfa_configuration: Some(asked.mfa_configuration.unwrap_or(UserPoolMfaType::Off)),
        device_configuration: asked.device_configuration,
        email_configuration: Some(EmailConfigurationType {
            email_sending_account: Some(email.email_sending_account.unwrap_or(EmailSendingAccountType::CognitoDefault)),
            ..email
        }),
        sms_configuration: asked.sms_configuration,
        user_pool_tags: Some(asked.user_pool_tags.or(fixed.user_pool_tags).unwrap_or_default()),
        admin_create_user_config: Some(AdminCreateUserConfigType {
            allow_admin_create_user_only: Some(admin.allow_admin_create_user_only.unwrap_or(false)),
            unused_account_validity_days: Some(password_policy.temporary_validity_days()),
            invite_message_template: admin.invite_message_template,
        }),
        user_pool_add_ons: asked.user_pool_add_ons,
        dcr_configuration: empties::registration(asked.dcr_configuration, fixed.dcr_configuration, tier)?,
        domain: fixed.domain,
        custom_domain: fixed.custom_domain,
        account_recovery_setting: asked.account_recovery_setting,
        user_pool_tier: Some(tier),
        key_configuration: asked.key_configuration,
        issuer_configuration: asked.issuer_configuration,
        acr_configuration: Some(with_all_levels(asked.acr_configuration.unwrap_or_default())),
        ..UserPoolType::default()
    };
    Ok((described, password_policy))
}

/// AWS: the trigger has an old and a new member, and both are described.
fn with_both_pre_token_members(mut lambda: LambdaConfigType) -> LambdaConfigType {
    match (&lambda.pre_token_generation, &lambda.pre_token_generation_config) {
        (Some(arn), None) => {
            lambda.pre_token_generation_config = Some(PreTokenGenerationVersionConfigType {
                lambda_version: PreTokenGenerationLambdaVersionType::V1_0,
                lambda_arn: arn.clone(),
            });
        }
        (None, Some(config)) => lambda.pre_token_generation = Some(config.lambda_arn.clone()),
        _ => {}
    }
    lambda
}

/// AWS: all four levels of authentication are described, those that nobody named with their own names.
fn with_all_levels(mut named: BTreeMap<String, AcrLevelConfigType>) -> BTreeMap<String, AcrLevelConfigType> {
    for level in 1..=4 {
        let own_name = || AcrLevelConfigType { acr_value: format!("urn:cognito:loa:{level}") };
        named.entry(format!("Level{level}")).or_insert_with(own_name);
    }
    named
}
