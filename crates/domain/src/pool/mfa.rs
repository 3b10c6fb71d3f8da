//! Which second factors a pool offers, and whether it asks for one. They are kept here and asked for nowhere yet: a pool
//! that requires one refuses sign-in (`Pool::refuse_unbuilt`); one that offers them asks nobody, since no user has any.
//!
//! user-pools.md, section 13.1. AWS: text messages have one configuration, shared with verification; turning MFA off
//! forgets the factors, because the two cannot be said together either.

use cognate_wire::idp::{
    EmailMfaConfigType, EmailSendingAccountType, GetUserPoolMfaConfigResponse, SetUserPoolMfaConfigRequest,
    SmsConfigurationType, SmsMfaConfigType, SoftwareTokenMfaConfigType, UpdateUserPoolRequest, UserPoolMfaType,
    UserPoolTierType, UserPoolType, WebAuthnConfigurationType,
};
use serde::{Deserialize, Serialize};

use super::PoolConfig;
use crate::error::{Error, Result};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MfaFactors {
    /// Through the pool's own `SmsConfiguration`.
    pub sms: bool,
    pub software_token: Option<SoftwareTokenMfaConfigType>,
    pub email: Option<EmailMfaConfigType>,
    pub webauthn: Option<WebAuthnConfigurationType>,
}

impl MfaFactors {
    fn any(&self) -> bool {
        self.sms || self.email.is_some() || self.has_software_token()
    }

    fn has_software_token(&self) -> bool {
        self.software_token.as_ref().and_then(|token| token.enabled).unwrap_or(false)
    }

    /// What is left of them when a pool is made or replaced: these operations know text messages only.
    pub(super) fn kept(self, asked: &UpdateUserPoolRequest) -> Result<Self> {
        let wanted = asked.mfa_configuration.is_some_and(|mode| mode != UserPoolMfaType::Off);
        if !wanted {
            return Ok(Self { webauthn: self.webauthn, ..Self::default() });
        }
        let can_text = has_sender(asked.sms_configuration.as_ref());
        let others = self.email.is_some() || self.has_software_token();
        if !can_text && !others {
            return Err(Error::mfa_without_sms());
        }
        if self.email.is_some() {
            let account = asked.email_configuration.as_ref().and_then(|email| email.email_sending_account);
            email_is_possible(account, asked.user_pool_tier)?;
        }
        Ok(Self { sms: can_text && (self.sms || !others), ..self })
    }
}

impl PoolConfig {
    /// With `MfaConfiguration` everything is replaced; without it only the passkeys, and no factor can be named.
    pub fn set_mfa(mut self, asked: SetUserPoolMfaConfigRequest) -> Result<Self> {
        let tier = self.described.user_pool_tier;
        let strong_passkeys =
            asked.webauthn_configuration.as_ref().is_some_and(|keys| keys.factor_configuration.is_some());
        if strong_passkeys && tier == Some(UserPoolTierType::Lite) {
            return Err(Error::feature_unavailable_in_tier("Passkey MFA", UserPoolTierType::Lite.as_str()));
        }
        let names_factor = asked.sms_mfa_configuration.is_some()
            || asked.software_token_mfa_configuration.is_some()
            || asked.email_mfa_configuration.is_some();
        let Some(mode) = asked.mfa_configuration else {
            if names_factor || asked.webauthn_configuration.is_none() {
                return Err(Error::mfa_mode_missing());
            }
            self.mfa.webauthn = asked.webauthn_configuration;
            return Ok(self);
        };

        if asked.email_mfa_configuration.is_some() {
            let account = self.described.email_configuration.as_ref().and_then(|email| email.email_sending_account);
            email_is_possible(account, tier)?;
        }
        let factors = MfaFactors {
            sms: asked.sms_mfa_configuration.is_some(),
            software_token: asked.software_token_mfa_configuration,
            email: asked.email_mfa_configuration,
            webauthn: asked.webauthn_configuration,
        };
        match (mode, factors.any()) {
            (UserPoolMfaType::Off, true) => return Err(Error::mfa_off_with_factors()),
            (UserPoolMfaType::On | UserPoolMfaType::Optional, false) => return Err(Error::mfa_without_factors()),
            _ => {}
        }
        if let Some(sms) = asked.sms_mfa_configuration {
            texts(&mut self.described, sms)?;
        }
        self.described.mfa_configuration = Some(mode);
        self.mfa = factors;
        Ok(self)
    }

    /// As `GetUserPoolMfaConfig` answers.
    pub fn described_mfa(&self) -> GetUserPoolMfaConfigResponse {
        let sms = || SmsMfaConfigType {
            sms_authentication_message: self.described.sms_authentication_message.clone(),
            sms_configuration: self.described.sms_configuration.clone(),
        };
        GetUserPoolMfaConfigResponse {
            sms_mfa_configuration: self.mfa.sms.then(sms),
            software_token_mfa_configuration: self.mfa.software_token.clone(),
            email_mfa_configuration: self.mfa.email.clone(),
            mfa_configuration: self.described.mfa_configuration,
            webauthn_configuration: self.mfa.webauthn.clone(),
        }
    }
}

/// The pool's own sender serves where none is named.
fn texts(pool: &mut UserPoolType, sms: SmsMfaConfigType) -> Result<()> {
    let sender = sms.sms_configuration.or_else(|| pool.sms_configuration.take());
    one_sender(sender.as_ref())?;
    if !has_sender(sender.as_ref()) {
        return Err(Error::mfa_without_sms());
    }
    pool.sms_configuration = sender;
    pool.sms_authentication_message = sms.sms_authentication_message;
    Ok(())
}

fn names_sns(sms: &SmsConfigurationType) -> bool {
    sms.sns_caller_arn.as_ref().is_some_and(|arn| !arn.is_empty())
}

fn has_sender(sms: Option<&SmsConfigurationType>) -> bool {
    sms.is_some_and(|sms| names_sns(sms) || sms.eums_sms.is_some())
}

/// AWS: SNS or End User Messaging, never both.
pub(super) fn one_sender(sms: Option<&SmsConfigurationType>) -> Result<()> {
    if sms.is_some_and(|sms| names_sns(sms) && sms.eums_sms.is_some()) {
        return Err(Error::invalid_parameter("SmsConfiguration can not have both SnsCallerArn and EumsSms."));
    }
    Ok(())
}

fn email_is_possible(account: Option<EmailSendingAccountType>, tier: Option<UserPoolTierType>) -> Result<()> {
    if tier == Some(UserPoolTierType::Lite) {
        return Err(Error::feature_unavailable_in_tier("Email MFA", UserPoolTierType::Lite.as_str()));
    }
    if account != Some(EmailSendingAccountType::Developer) {
        return Err(Error::email_mfa_needs_developer_account());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
