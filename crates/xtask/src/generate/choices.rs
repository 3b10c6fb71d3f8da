//! What the model does not say and we chose, each with its reason.

/// Shapes that the model calls sensitive although they are names: as `Secret` they would be unusable as keys and in
/// answers. Messages still do not repeat them. Every other sensitive string is a `Secret<String>`.
pub(crate) const NOT_SECRET: [&str; 4] = ["ClientIdType", "UsernameType", "AttributeValueType", "SessionIpAddressType"];

/// What the domain keeps as it came (house rule: what only travels through keeps AWS's shape): it is read from the
/// caller, written to the store, read again, changed in part and written in answers. Read and written, cloned, compared.
pub(crate) const KEPT: [&str; 21] = [
    // pools
    "CreateUserPoolRequest",
    "UpdateUserPoolRequest",
    "UserPoolType",
    "SetUserPoolMfaConfigRequest",
    "SetUserPoolMfaConfigResponse",
    // app clients
    "CreateUserPoolClientRequest",
    "UpdateUserPoolClientRequest",
    "UserPoolClientType",
    // what belongs to a pool
    "IdentityProviderType",
    "ResourceServerType",
    "DomainDescriptionType",
    "UICustomizationType",
    "ManagedLoginBrandingType",
    "TermsType",
    "RiskConfigurationType",
    "LogDeliveryConfigurationType",
    "UserImportJobType",
    // identity pools
    "CreateIdentityPoolInput",
    "IdentityPool",
    "SetIdentityPoolRolesInput",
    "SetPrincipalTagAttributeMapInput",
];

/// Parts of answers that are built in one place and used in several: `Clone`, and `Debug` for what tests compare.
pub(crate) const HANDED_ROUND: [&str; 10] = [
    "AttributeType",
    "AuthEventType",
    "AuthenticationResultType",
    "CodeDeliveryDetailsType",
    "DeviceType",
    "GroupType",
    "UserType",
    "WebAuthnCredentialDescription",
    "Credentials",
    "AssumedRoleUser",
];

/// Shapes whose pattern AWS does not hold before the operation runs: a custom domain has dots, which the pattern forbids, and
/// a malformed prefix is refused with a sentence of the operation's own. Lengths are held.
pub(crate) const CHECKED_BY_THE_SERVICE: [&str; 1] = ["DomainType"];

/// Errors that any operation may answer with, because parsing, admission and validation come before it. With status.
pub(crate) const PROTOCOL_ERRORS: [(&str, u16); 15] = [
    ("AccessDenied", 400),
    ("ExpiredToken", 400),
    ("IncompleteSignature", 400),
    ("InternalError", 500),
    ("InternalServer", 500),
    ("InvalidParameter", 400),
    ("InvalidSignature", 400),
    ("MissingAuthenticationToken", 400),
    ("NotImplemented", 501),
    ("RequestEntityTooLarge", 413),
    ("Serialization", 400),
    ("TooManyRequests", 400),
    ("UnknownOperation", 400),
    ("UnrecognizedClient", 400),
    ("Validation", 400),
];
