//! A user of a pool: states, password, and what the API says of them.
//!
//! `id` is the `sub`: random, never reused, the stable key. `username` may equal it (username-attribute pools).

use cognate_wire::idp::{AttributeType, UserStatusType, UserType};

use crate::Timestamp;
use crate::attributes::Attributes;
use crate::error::{Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserStatus {
    Unconfirmed,
    Confirmed,
    ForceChangePassword,
    ResetRequired,
    ExternalProvider,
}

impl UserStatus {
    /// AWS's word, which is also what the store keeps.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
        }
    }

    pub fn from_name(name: &str) -> Result<Self> {
        [Self::Unconfirmed, Self::Confirmed, Self::ForceChangePassword, Self::ResetRequired, Self::ExternalProvider]
            .into_iter()
            .find(|status| status.name() == name)
            .ok_or_else(|| Error::corrupt(format!("user status {name}")))
    }

    pub const fn into_wire(self) -> UserStatusType {
        match self {
            Self::Unconfirmed => UserStatusType::Unconfirmed,
            Self::Confirmed => UserStatusType::Confirmed,
            Self::ForceChangePassword => UserStatusType::ForceChangePassword,
            Self::ResetRequired => UserStatusType::ResetRequired,
            Self::ExternalProvider => UserStatusType::ExternalProvider,
        }
    }
}

/// What proves a password: the SRP salt and the sealed verifier. The password itself is kept nowhere.
#[derive(Clone, Debug)]
pub struct StoredPassword {
    pub salt: [u8; 16],
    pub verifier_sealed: Vec<u8>,
    /// Temporary passwords only.
    pub expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct User {
    pub pool_id: String,
    pub id: String,
    pub username: String,
    pub status: UserStatus,
    pub enabled: bool,
    pub attributes: Attributes,
    pub password: Option<StoredPassword>,
    /// Older passwords, where the pool remembers them: what the engine seals as one.
    pub password_history_sealed: Option<Vec<u8>>,
    /// Grows with every change; a write asserts the one it read.
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    /// A shorter way to their row, of who was read from a store: never who they are.
    pub number: Option<i64>,
}

impl User {
    /// A permanent password, as `SignUp` and an answered `NEW_PASSWORD_REQUIRED` set it, never expires.
    pub fn temporary_password_expired(&self, now: Timestamp) -> bool {
        self.password.as_ref().and_then(|password| password.expires_at).is_some_and(|at| at <= now)
    }

    /// All attributes as the API lists them: `sub` first.
    pub fn wire_attributes(&self) -> Vec<AttributeType> {
        let sub = AttributeType { name: "sub".to_owned(), value: Some(self.id.clone()) };
        std::iter::once(sub).chain(self.attributes.to_wire()).collect()
    }

    /// As `ListUsers` and `AdminCreateUser` show a user.
    pub fn into_wire(self) -> UserType {
        UserType {
            attributes: Some(self.wire_attributes()),
            username: Some(self.username),
            user_create_date: Some(self.created_at.as_json_seconds()),
            user_last_modified_date: Some(self.modified_at.as_json_seconds()),
            enabled: Some(self.enabled),
            user_status: Some(self.status.into_wire()),
            mfa_options: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::username::tests::user;

    #[test]
    fn every_status_has_a_name_that_stays() {
        use UserStatus::{Confirmed, ExternalProvider, ForceChangePassword, ResetRequired, Unconfirmed};
        for (status, name) in [
            (Unconfirmed, "UNCONFIRMED"),
            (Confirmed, "CONFIRMED"),
            (ForceChangePassword, "FORCE_CHANGE_PASSWORD"),
            (ResetRequired, "RESET_REQUIRED"),
            (ExternalProvider, "EXTERNAL_PROVIDER"),
        ] {
            assert_eq!((status.name(), status.into_wire().as_str()), (name, name));
            assert_eq!(UserStatus::from_name(name).unwrap(), status);
        }
        assert!(UserStatus::from_name("DEAD").is_err());
    }

    #[test]
    fn a_user_is_shown_with_the_sub_first() {
        let ann = User {
            enabled: false,
            created_at: Timestamp(1_500),
            modified_at: Timestamp(2_250),
            ..user("ann", UserStatus::Confirmed, &[("email", "a@b.example"), ("name", "Ann")])
        };
        let attributes = json!([
            { "Name": "sub", "Value": ann.id },
            { "Name": "email", "Value": "a@b.example" },
            { "Name": "name", "Value": "Ann" },
        ]);
        assert_eq!(serde_json::to_value(ann.wire_attributes()).unwrap(), attributes);
        assert_eq!(
            serde_json::to_value(ann.into_wire()).unwrap(),
            json!({ "Username": "ann", "Attributes": attributes, "UserCreateDate": 1.5, "UserLastModifiedDate": 2.25,
                "Enabled": false, "UserStatus": "CONFIRMED" })
        );
    }

    #[test]
    fn a_temporary_password_ends_on_its_moment() {
        let with = |expires_at: Option<i64>| {
            let expires_at = expires_at.map(Timestamp);
            let password = StoredPassword { salt: [0; 16], verifier_sealed: Vec::new(), expires_at };
            User { password: Some(password), ..user("ann", UserStatus::ForceChangePassword, &[]) }
        };
        assert!(!with(Some(1_000)).temporary_password_expired(Timestamp(999)));
        assert!(with(Some(1_000)).temporary_password_expired(Timestamp(1_000)));
        assert!(with(Some(1_000)).temporary_password_expired(Timestamp(1_001)));
        assert!(!with(None).temporary_password_expired(Timestamp(i64::MAX)));
        assert!(!user("ann", UserStatus::Confirmed, &[]).temporary_password_expired(Timestamp(i64::MAX)));
    }
}
