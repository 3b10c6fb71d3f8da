//! Every sentence we say to an AWS client, on one page, so that the wording can be checked in one sitting.
//!
//! The wording is AWS's; how sure each one is stands in docs/errors.md. Constructors are named for the fact.

use super::{Error, ErrorKind};

/// The protocol itself.
impl Error {
    pub fn not_built(operation: &str) -> Self {
        Self::new(ErrorKind::NotImplemented, format!("{operation} is not implemented yet."))
    }
    pub fn unknown_operation() -> Self {
        Self::new(ErrorKind::UnknownOperation, "")
    }
    pub fn unknown_action(action: &str) -> Self {
        Self::new(ErrorKind::UnknownOperation, format!("Could not find operation {action} for version 2011-06-15"))
    }
    pub fn unreadable_body() -> Self {
        Self::new(ErrorKind::Serialization, "Start of structure or map found where not expected.")
    }
    pub fn body_too_large() -> Self {
        Self::new(ErrorKind::RequestEntityTooLarge, "Request size limit exceeded.")
    }
    pub fn unknown_access_key() -> Self {
        Self::new(ErrorKind::UnrecognizedClient, "The security token included in the request is invalid.")
    }
    pub fn replayed_signature() -> Self {
        Self::new(ErrorKind::InvalidSignature, "Signature has already been used.")
    }
    pub fn too_many_requests() -> Self {
        Self::new(ErrorKind::TooManyRequests, "Too many requests")
    }
    /// An `InvalidParameterException` with a sentence made elsewhere: only for the validator and the schema.
    pub fn invalid_parameter(sentence: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidParameter, sentence)
    }
    pub fn missing_parameter(name: &str) -> Self {
        Self::new(ErrorKind::InvalidParameter, format!("Missing required parameter {name}"))
    }
}

/// Pools and clients.
impl Error {
    pub fn pool_not_found(id: &str) -> Self {
        Self::new(ErrorKind::ResourceNotFound, format!("User pool {id} does not exist."))
    }
    pub fn client_not_found(id: &str) -> Self {
        Self::new(ErrorKind::ResourceNotFound, format!("User pool client {id} does not exist."))
    }
    pub fn deletion_protected() -> Self {
        Self::invalid_parameter(
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be \
             inactivated first.",
        )
    }
    pub fn both_alias_kinds() -> Self {
        Self::invalid_parameter("Only one of the aliasAttributes or usernameAttributes can be set in a user pool.")
    }
    pub fn invalid_pagination_token() -> Self {
        Self::invalid_parameter("Invalid pagination token given.")
    }
    pub fn concurrent_modification() -> Self {
        Self::new(ErrorKind::ConcurrentModification, "The resource was changed by another request. Try again.")
    }
    pub fn feature_unavailable_in_tier(feature: &str, tier: &str) -> Self {
        Self::new(
            ErrorKind::FeatureUnavailableInTier,
            format!("The following features need to be disabled for the {tier} pricing tier configured: {feature}"),
        )
    }
    pub fn tier_change_not_allowed(feature: &str, tier: &str) -> Self {
        Self::new(
            ErrorKind::TierChangeNotAllowed,
            format!("The user pool can not change to the {tier} pricing tier while it uses: {feature}"),
        )
    }
    pub fn mfa_without_sms() -> Self {
        Self::invalid_parameter(
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
        )
    }
    pub fn mfa_without_factors() -> Self {
        Self::invalid_parameter(
            "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided.",
        )
    }
    pub fn mfa_mode_missing() -> Self {
        Self::invalid_parameter("[MfaConfiguration] must be one of 'ON', 'OFF', or 'OPTIONAL'.")
    }
    pub fn mfa_off_with_factors() -> Self {
        Self::invalid_parameter("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")
    }
    pub fn email_mfa_needs_developer_account() -> Self {
        Self::invalid_parameter("Email MFA can only be configured when EmailSendingAccount is DEVELOPER.")
    }
    pub fn invalid_token_validity() -> Self {
        Self::invalid_parameter("Invalid range for token validity.")
    }
    /// `which` is `read` or `write`.
    pub fn invalid_client_attributes(which: &str) -> Self {
        Self::invalid_parameter(format!("Invalid {which} attributes specified while creating a client"))
    }
    pub fn client_without_secret() -> Self {
        Self::invalid_parameter("Client secrets can only be added to a client that is configured with a secret.")
    }
    pub fn too_many_client_secrets() -> Self {
        Self::new(ErrorKind::LimitExceeded, "A user pool client can have at most 2 active client secrets.")
    }
    pub fn client_secret_not_found(id: &str) -> Self {
        Self::new(ErrorKind::ResourceNotFound, format!("Client secret {id} does not exist."))
    }
    pub fn last_client_secret() -> Self {
        Self::invalid_parameter("The last remaining client secret of a user pool client can not be deleted.")
    }
    pub fn provider_not_in_pool(provider: &str, pool: &str) -> Self {
        Self::invalid_parameter(format!("The provider {provider} does not exist for User Pool {pool}."))
    }
    pub fn scope_does_not_exist(scope: &str) -> Self {
        Self::new(ErrorKind::ScopeDoesNotExist, format!("Invalid scope requested: {scope}"))
    }
    pub fn invalid_oauth_flow(sentence: &'static str) -> Self {
        Self::new(ErrorKind::InvalidOAuthFlow, sentence)
    }
}

/// Resource servers, login domains, tags.
impl Error {
    pub fn resource_server_exists(identifier: &str, pool: &str) -> Self {
        Self::invalid_parameter(format!("{identifier} already exists in user pool {pool}."))
    }
    pub fn resource_server_not_found(identifier: &str) -> Self {
        Self::new(ErrorKind::ResourceNotFound, format!("Resource server {identifier} does not exist."))
    }
    pub fn resource_server_reserved(identifier: &str) -> Self {
        Self::invalid_parameter(format!("{identifier} is a reserved identifier."))
    }
    pub fn too_many_resource_servers() -> Self {
        Self::new(ErrorKind::LimitExceeded, "A user pool cannot have more than 300 resource servers.")
    }
    pub fn duplicate_scope(name: &str) -> Self {
        Self::invalid_parameter(format!("Duplicate scope name: {name}"))
    }
    pub fn malformed_domain() -> Self {
        Self::invalid_parameter(
            "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, \
             and hyphens. Please enter a different name that follows this format: \
             ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$",
        )
    }
    pub fn malformed_custom_domain() -> Self {
        Self::invalid_parameter(
            "Custom domain is not a valid subdomain: it must be a lower-case name of at least two labels, such as \
             auth.example.com.",
        )
    }
    pub fn reserved_domain_word(word: &str) -> Self {
        Self::invalid_parameter(format!("Domain cannot contain reserved word: {word}"))
    }
    pub fn domain_taken() -> Self {
        Self::invalid_parameter("Domain already associated with another user pool.")
    }
    pub fn pool_has_a_domain() -> Self {
        Self::invalid_parameter("User pool already has a domain configured.")
    }
    pub fn domain_not_found() -> Self {
        Self::invalid_parameter("No such domain or user pool exists.")
    }
    pub fn domain_stays_custom() -> Self {
        Self::invalid_parameter("Cannot convert custom domain to prefix domain.")
    }
    pub fn domain_stays_a_prefix() -> Self {
        Self::invalid_parameter("Cannot convert prefix domain to custom domain.")
    }
    pub fn unknown_managed_login_version() -> Self {
        Self::invalid_parameter("ManagedLoginVersion must be 1 or 2.")
    }
    pub fn pool_has_domain_to_delete() -> Self {
        Self::invalid_parameter("User pool cannot be deleted. It has a domain configured that should be deleted first.")
    }
    pub fn not_a_pool_arn() -> Self {
        Self::invalid_parameter("ResourceArn is not the ARN of a user pool.")
    }
    pub fn reserved_tag_key() -> Self {
        Self::invalid_parameter("aws: prefixed tag key names are not allowed for external use.")
    }
    pub fn too_many_tags() -> Self {
        Self::invalid_parameter("A user pool cannot have more than 50 tags.")
    }
}

/// User names, attributes, schema.
impl Error {
    pub fn username_should_be(kind: &str) -> Self {
        Self::invalid_parameter(format!("Username should be {kind}."))
    }
    pub fn username_looks_like_email_alias() -> Self {
        Self::invalid_parameter("Username cannot be of email format, since user pool is configured for email alias.")
    }
    pub fn username_looks_like_phone_alias() -> Self {
        Self::invalid_parameter(
            "Username cannot be of phone number format, since user pool is configured for phone number alias.",
        )
    }
    pub fn attributes_off_schema(details: &str) -> Self {
        Self::invalid_parameter(format!("Attributes did not conform to the schema: {details}"))
    }
    pub fn required_custom_attribute() -> Self {
        Self::invalid_parameter("Required custom attributes are not supported currently.")
    }
    pub fn attribute_data_type_missing() -> Self {
        Self::invalid_parameter("Invalid AttributeDataType input, consider using the provided AttributeDataType enum.")
    }
    pub fn attribute_name_missing() -> Self {
        Self::invalid_parameter("Invalid Name input, every schema attribute needs one.")
    }
    pub fn standard_attribute_fixed(name: &str) -> Self {
        Self::invalid_parameter(format!(
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {name}"
        ))
    }
    pub fn sub_is_fixed() -> Self {
        Self::invalid_parameter("You can not change Mutable or Required for standard schema attribute sub")
    }
    /// `constraints`: `StringAttributeConstraints` or `NumberAttributeConstraints`.
    pub fn invalid_constraints(constraints: &str, name: &str) -> Self {
        Self::invalid_parameter(format!("Invalid {constraints} for schema attribute {name}"))
    }
    pub fn length_bound_too_large(name: &str) -> Self {
        Self::invalid_parameter(format!("user.{name}: String attributes cannot have a length of more than 2048"))
    }
    /// `bound`: `length` or `value`.
    pub fn bounds_crossed(name: &str, bound: &str) -> Self {
        Self::invalid_parameter(format!("user.{name}: Max {bound} cannot be less than min {bound}."))
    }
    pub fn schema_attribute_exists(name: &str) -> Self {
        Self::invalid_parameter(format!("{name}: Existing attribute already has name {name}."))
    }
    pub fn too_many_custom_attributes() -> Self {
        Self::invalid_parameter("A user pool cannot have more than 50 custom attributes.")
    }
    pub fn preferred_username_unconfirmed() -> Self {
        Self::invalid_parameter(
            "Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred \
             username alias.",
        )
    }
    pub fn unknown_attribute(name: &str) -> Self {
        Self::attributes_off_schema(&format!("Type for attribute {{{name}}} could not be determined"))
    }
    /// `lines`: one complaint each, every line ends with a line feed.
    pub fn invalid_user_attributes(lines: &str) -> Self {
        Self::invalid_parameter(format!("Invalid user attributes: {lines}"))
    }
    /// `lines` as above, said without a heading.
    pub fn attributes_not_updatable(lines: &str) -> Self {
        Self::invalid_parameter(lines.to_owned())
    }
    pub fn required_attribute_deleted(name: &str) -> Self {
        Self::attributes_not_updatable(&format!("user.{name}: Required attribute cannot be deleted.\n"))
    }
    /// A flag that says whether a contact is verified, for somebody who has no such contact.
    pub fn nothing_to_verify(email: bool) -> Self {
        Self::invalid_parameter(if email {
            "Email is required to verify/un-verify an email"
        } else {
            "Phone Number is required to verify/un-verify a phone number"
        })
    }
    pub fn unverifiable_attribute() -> Self {
        Self::invalid_parameter("Invalid attribute name. Only phone_number and email can be verified.")
    }
    /// `contact`: `email address` or `phone number`.
    pub fn no_registered(contact: &str) -> Self {
        Self::invalid_parameter(format!("User does not have a valid registered {contact}"))
    }
    pub fn unauthorized_attribute() -> Self {
        Self::new(ErrorKind::NotAuthorized, "A client attempted to write unauthorized attribute")
    }
    pub fn invalid_email() -> Self {
        Self::invalid_parameter("Invalid email address format.")
    }
    pub fn invalid_phone_number() -> Self {
        Self::invalid_parameter("Invalid phone number format.")
    }
    pub fn too_many_attributes() -> Self {
        Self::invalid_parameter("Too many attributes.")
    }
    pub fn duplicate_attribute(name: &str) -> Self {
        Self::invalid_parameter(format!("Duplicate attribute found in user attributes: {name}"))
    }
    pub fn read_only_attribute(name: &str) -> Self {
        Self::invalid_parameter(format!("Cannot modify the non-mutable attribute {name}"))
    }
    pub fn username_exists() -> Self {
        Self::new(ErrorKind::UsernameExists, "User already exists")
    }
    pub fn user_account_exists() -> Self {
        Self::new(ErrorKind::UsernameExists, "User account already exists")
    }
    /// `attribute` is `email` or `phone_number`.
    pub fn contact_taken_as_username(attribute: &str) -> Self {
        Self::new(ErrorKind::UsernameExists, format!("An account with the given {attribute} already exists."))
    }
    pub fn alias_exists(attribute: &str) -> Self {
        Self::new(ErrorKind::AliasExists, format!("An account with the {attribute} already exists."))
    }
    pub fn filter_unreadable() -> Self {
        Self::invalid_parameter("Error while parsing filter")
    }
    pub fn invalid_search_attribute(name: &str) -> Self {
        Self::invalid_parameter(format!("Invalid search attribute: {name}"))
    }
    pub fn attribute_not_found_on_user() -> Self {
        Self::invalid_parameter("One or more requested attributes do not exist.")
    }
}

/// Passwords.
impl Error {
    /// `failure`: `Password not long enough`, `Password must have uppercase characters`, ..
    pub fn password_off_policy(failure: &str) -> Self {
        Self::new(ErrorKind::InvalidPassword, format!("Password did not conform with policy: {failure}"))
    }
    pub fn temporary_password_off_policy(failure: &str) -> Self {
        Self::new(ErrorKind::InvalidPassword, format!("Password did not conform with password policy: {failure}"))
    }
    /// The service's own check, in its validator's words.
    pub fn password_outer_space() -> Self {
        Self::invalid_parameter(
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular \
             expression pattern: ^[\\S]+.*[\\S]+$",
        )
    }
    pub fn validity_days_differ() -> Self {
        Self::invalid_parameter(
            "UnusedAccountValidityDays and TemporaryPasswordValidityDays must be the same when both are set.",
        )
    }
    pub fn password_reused() -> Self {
        Self::new(ErrorKind::PasswordHistoryPolicyViolation, "Password has previously been used and cannot be reused.")
    }
    pub fn password_required() -> Self {
        Self::invalid_parameter("Password is required")
    }
    pub fn temporary_password_expired() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Temporary password has expired and must be reset by an administrator.")
    }
    pub fn password_attempts_exceeded() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Password attempts exceeded")
    }
}

/// Users and their states.
impl Error {
    pub fn user_not_found() -> Self {
        Self::new(ErrorKind::UserNotFound, "User does not exist.")
    }
    pub fn username_client_not_found() -> Self {
        Self::new(ErrorKind::UserNotFound, "Username/client id combination not found.")
    }
    pub fn user_disabled() -> Self {
        Self::new(ErrorKind::NotAuthorized, "User is disabled.")
    }
    pub fn user_not_confirmed() -> Self {
        Self::new(ErrorKind::UserNotConfirmed, "User is not confirmed.")
    }
    pub fn password_reset_required() -> Self {
        Self::new(ErrorKind::PasswordResetRequired, "Password reset required for the user")
    }
    /// AWS: to an administrator the sentence comes without its full stop.
    pub fn user_disabled_to_admin() -> Self {
        Self::new(ErrorKind::NotAuthorized, "User is disabled")
    }
    pub fn password_not_resettable() -> Self {
        Self::new(ErrorKind::NotAuthorized, "User password cannot be reset in the current state.")
    }
    pub fn no_verified_contact() -> Self {
        Self::invalid_parameter(
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
        )
    }
    pub fn only_admins_recover() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Contact administrator to reset password.")
    }
    pub fn cannot_be_confirmed(status: &str) -> Self {
        Self::new(ErrorKind::NotAuthorized, format!("User cannot be confirmed. Current status is {status}"))
    }
    pub fn already_confirmed() -> Self {
        Self::invalid_parameter("User is already confirmed.")
    }
    pub fn resend_not_possible(username: &str) -> Self {
        Self::new(
            ErrorKind::UnsupportedUserState,
            format!("Resend not possible. {username} status is not FORCE_CHANGE_PASSWORD"),
        )
    }
    pub fn sign_up_not_permitted() -> Self {
        Self::new(ErrorKind::NotAuthorized, "SignUp is not permitted for this user pool")
    }
    pub fn no_contact_for(medium: &str) -> Self {
        Self::invalid_parameter(format!("User has no {medium} to deliver the message to."))
    }
    pub fn cannot_resend_without_contact() -> Self {
        Self::invalid_parameter("Auto verification not turned on.")
    }
}

/// Groups.
impl Error {
    pub fn group_exists() -> Self {
        Self::new(ErrorKind::GroupExists, "A group with the name already exists.")
    }
    pub fn group_not_found() -> Self {
        Self::new(ErrorKind::ResourceNotFound, "Group not found.")
    }
    pub fn too_many_groups() -> Self {
        Self::new(ErrorKind::LimitExceeded, "A user pool cannot have more than 10000 groups.")
    }
    pub fn too_many_groups_of_user() -> Self {
        Self::invalid_parameter("A user cannot be in more than 100 groups.")
    }
}

/// Codes.
impl Error {
    pub fn code_mismatch() -> Self {
        Self::new(ErrorKind::CodeMismatch, "Invalid verification code provided, please try again.")
    }
    pub fn code_expired() -> Self {
        Self::new(ErrorKind::ExpiredCode, "Invalid code provided, please request a code again.")
    }
    pub fn attempt_limit_exceeded() -> Self {
        Self::new(ErrorKind::LimitExceeded, "Attempt limit exceeded, please try after some time.")
    }
    pub fn delivery_failed(channel: &str) -> Self {
        Self::new(ErrorKind::CodeDeliveryFailure, format!("Unable to deliver the {channel} message."))
    }
}

/// Sign-in.
impl Error {
    /// Also the answer to an unknown user where the client veils absence.
    pub fn bad_credentials() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Incorrect username or password.")
    }
    pub fn secret_hash_missing(client: &str) -> Self {
        Self::new(
            ErrorKind::NotAuthorized,
            format!("Client {client} is configured with secret but SECRET_HASH was not received"),
        )
    }
    pub fn secret_hash_wrong(client: &str) -> Self {
        Self::new(ErrorKind::NotAuthorized, format!("Unable to verify secret hash for client {client}"))
    }
    pub fn flow_not_enabled(sentence: &'static str) -> Self {
        Self::invalid_parameter(sentence)
    }
    pub fn initiate_auth_unsupported() -> Self {
        Self::invalid_parameter("Initiate Auth method not supported.")
    }
    pub fn custom_auth_not_configured() -> Self {
        Self::invalid_parameter("Custom auth lambda trigger is not configured for the user pool.")
    }
    pub fn refresh_flow_rotates() -> Self {
        Self::new(
            ErrorKind::UnsupportedOperation,
            "REFRESH_TOKEN_AUTH is not supported when refresh token rotation is enabled.",
        )
    }
    pub fn device_not_found() -> Self {
        Self::new(ErrorKind::ResourceNotFound, "Device does not exist.")
    }
    pub fn invalid_srp_a() -> Self {
        Self::invalid_parameter("SRP_A is not valid")
    }
    pub fn session_expired() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Invalid session for the user, session is expired.")
    }
    pub fn session_used() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Invalid session for the user, session can only be used once.")
    }
    pub fn session_invalid() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Invalid session for the user.")
    }
    pub fn attribute_missing_in_challenge(name: &str) -> Self {
        Self::invalid_parameter(format!("Invalid attributes given, {name} is missing"))
    }
    pub fn attribute_already_provided(name: &str) -> Self {
        Self::new(ErrorKind::NotAuthorized, format!("Cannot modify an already provided {name}"))
    }
}

/// Tokens.
impl Error {
    pub fn access_token_invalid() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Invalid Access Token")
    }
    pub fn access_token_expired() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Access Token has expired")
    }
    pub fn access_token_revoked() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Access Token has been revoked")
    }
    pub fn access_token_without_scope() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Access Token does not have required scopes")
    }
    pub fn refresh_token_invalid() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Invalid Refresh Token")
    }
    pub fn refresh_token_expired() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Refresh Token has expired")
    }
    pub fn refresh_token_revoked() -> Self {
        Self::new(ErrorKind::NotAuthorized, "Refresh Token has been revoked")
    }
    pub fn refresh_token_reused() -> Self {
        Self::new(ErrorKind::RefreshTokenReuse, "Refresh token has already been used")
    }
    pub fn client_secret_missing(client: &str) -> Self {
        Self::new(
            ErrorKind::NotAuthorized,
            format!("Client {client} is configured with secret but ClientSecret was not received"),
        )
    }
    pub fn client_secret_wrong(client: &str) -> Self {
        Self::new(ErrorKind::NotAuthorized, format!("Unable to verify client secret for client {client}"))
    }
    pub fn revoke_unsupported_token() -> Self {
        Self::new(ErrorKind::UnsupportedTokenType, "Token type is not supported")
    }
    pub fn revocation_not_enabled() -> Self {
        Self::new(ErrorKind::UnsupportedOperation, "Token revocation is not enabled for the client")
    }
    pub fn revoke_unauthorized() -> Self {
        Self::new(ErrorKind::Unauthorized, "Invalid client or client secret")
    }
}
