//! The identity-pool API: admitted and validated; its operations come later.

use cognate_wire::{ErrorKind, identity};

use crate::services::Service;

pub(crate) static SERVICE: Service = Service {
    target_prefix: "AWSCognitoIdentityService",
    signing_name: "cognito-identity",
    facts: identity::FACTS,
    built: &[],
    invalid: ErrorKind::Validation,
};
