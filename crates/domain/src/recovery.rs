//! A forgotten password: who may have a new one, and where the code goes. Only a contact that was verified counts.
//!
//! Without `AccountRecoverySetting` AWS's old rule holds: the phone first, else the e-mail address. With it, its mechanisms
//! by priority, and no other. User-pools.md, sections 7 and 15.

use cognate_wire::idp::{
    AccountRecoverySettingType, RecoveryOptionNameType, RecoveryOptionType, VerifiedAttributeType,
};

use crate::attributes::Attributes;
use crate::delivery::{Delivery, Medium};
use crate::error::{Error, Result};
use crate::pool::Pool;
use crate::user::{User, UserStatus};

#[cfg(test)]
mod tests;

impl Pool {
    /// The ways that its `AccountRecoverySetting` names, the preferred one first; none means the old rule.
    fn recovery_mechanisms(&self) -> Vec<RecoveryOptionNameType> {
        mechanisms(self.config.described.account_recovery_setting.as_ref())
    }

    pub fn only_admins_recover(&self) -> bool {
        self.recovery_mechanisms().contains(&RecoveryOptionNameType::AdminOnly)
    }

    /// Where a recovery code goes.
    pub fn recovery_delivery(&self, attributes: &Attributes) -> Result<Delivery> {
        if self.only_admins_recover() {
            return Err(Error::only_admins_recover());
        }
        choose(&self.recovery_mechanisms(), attributes).ok_or_else(Error::no_verified_contact)
    }

    /// The contacts from which a delivery to somebody who is not there is made up: what a code would most likely go to.
    pub fn simulated_recovery(&self) -> Vec<VerifiedAttributeType> {
        simulated(&self.recovery_mechanisms(), self.auto_verified())
    }
}

/// States in which a code may be asked for. AWS: an unconfirmed user is told that there is no verified contact.
pub fn may_ask(user: &User) -> Result<()> {
    match may_recover(user) {
        Err(_) if user.enabled && user.status == UserStatus::Unconfirmed => Err(Error::no_verified_contact()),
        other => other,
    }
}

/// States in which a code changes the password.
pub fn may_recover(user: &User) -> Result<()> {
    if !user.enabled {
        return Err(Error::user_disabled());
    }
    match user.status {
        UserStatus::Confirmed | UserStatus::ResetRequired => Ok(()),
        UserStatus::Unconfirmed => Err(Error::user_not_confirmed()),
        UserStatus::ForceChangePassword | UserStatus::ExternalProvider => Err(Error::password_not_resettable()),
    }
}

fn mechanisms(setting: Option<&AccountRecoverySettingType>) -> Vec<RecoveryOptionNameType> {
    let given = setting.and_then(|setting| setting.recovery_mechanisms.as_deref()).unwrap_or_default();
    let mut ordered: Vec<&RecoveryOptionType> = given.iter().collect();
    ordered.sort_by_key(|option| option.priority);
    ordered.into_iter().map(|option| option.name).collect()
}

fn choose(mechanisms: &[RecoveryOptionNameType], attributes: &Attributes) -> Option<Delivery> {
    let verified = |medium: Medium| attributes.is_true(medium.verified_flag());
    let deliver = |medium: Medium| medium.delivery(attributes).filter(|_| verified(medium));
    if mechanisms.is_empty() {
        return [Medium::Sms, Medium::Email].into_iter().find_map(deliver);
    }
    mechanisms.iter().filter_map(|name| medium_of(*name)).find_map(deliver)
}

fn simulated(
    mechanisms: &[RecoveryOptionNameType],
    auto_verified: &[VerifiedAttributeType],
) -> Vec<VerifiedAttributeType> {
    let preferred: Vec<VerifiedAttributeType> = mechanisms.iter().filter_map(|name| attribute_of(*name)).collect();
    let likely = preferred.iter().find(|attribute| auto_verified.contains(attribute)).or(preferred.first());
    likely.map_or_else(|| auto_verified.to_vec(), |attribute| vec![*attribute])
}

const fn attribute_of(name: RecoveryOptionNameType) -> Option<VerifiedAttributeType> {
    match name {
        RecoveryOptionNameType::VerifiedEmail => Some(VerifiedAttributeType::Email),
        RecoveryOptionNameType::VerifiedPhoneNumber => Some(VerifiedAttributeType::PhoneNumber),
        RecoveryOptionNameType::AdminOnly => None,
    }
}

fn medium_of(name: RecoveryOptionNameType) -> Option<Medium> {
    attribute_of(name).map(Medium::verifying)
}
