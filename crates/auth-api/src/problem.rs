//! What is said when something cannot be done: RFC 9457 documents, each with a stable code. All sentences stand here. None tells whether
//! an account exists, unless the provider was told to.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// One field of the body or the address that does not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// A JSON pointer into the body, or the name of a parameter.
    pub field: String,
    #[schema(value_type = String)]
    pub message: Cow<'static, str>,
}

#[derive(Debug)]
pub struct Problem {
    pub code: Code,
    pub detail: Cow<'static, str>,
    pub errors: Vec<FieldProblem>,
    pub retry_after: Option<Duration>,
    /// For the log, never for the client: what the provider said, why a refresh was refused.
    pub cause: Option<Cow<'static, str>>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:ident, $title:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant),+ }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

codes! {
    /// The body or the address does not fit its contract; `errors` names the fields.
    ValidationFailed = "validation_failed", BAD_REQUEST, "The request is not valid.";
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Send JSON.";
    NotFound = "not_found", NOT_FOUND, "There is nothing here.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "This address does not answer that method.";

    /// No bearer, or one that does not prove anything.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Sign in first.";
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "The identifier or the password is wrong.";
    ChallengeFailed = "challenge_failed", UNAUTHORIZED, "That was not the answer.";
    ChallengeExpired = "challenge_expired", UNAUTHORIZED, "This took too long. Sign in again.";
    RefreshRejected = "refresh_rejected", UNAUTHORIZED, "The session is over. Sign in again.";

    ConfirmationRequired = "confirmation_required", FORBIDDEN, "The account is not confirmed yet.";
    PasswordResetRequired = "password_reset_required", FORBIDDEN, "The password must be reset first.";
    Forbidden = "forbidden", FORBIDDEN, "You may not do this.";
    TenantForbidden = "tenant_forbidden", FORBIDDEN, "You do not belong to this workspace.";
    AccountDisabled = "account_disabled", FORBIDDEN, "This account is disabled.";
    SignUpClosed = "sign_up_closed", FORBIDDEN, "Only administrators make accounts here.";

    Conflict = "conflict", CONFLICT, "Somebody else was faster.";
    LastOwner = "last_owner", CONFLICT, "A workspace needs an owner.";
    LastAdmin = "last_admin", CONFLICT, "The platform needs an administrator who may sign in.";
    WorkspaceArchived = "workspace_archived", CONFLICT, "The workspace is archived.";
    LimitReached = "limit_reached", CONFLICT, "There are as many as there may be.";
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, "It has changed meanwhile.";
    CodeRejected = "code_rejected", UNPROCESSABLE_ENTITY, "The code is wrong or too old.";
    PasswordRejected = "password_rejected", UNPROCESSABLE_ENTITY, "The password is not good enough.";
    PolicyRejected = "policy_rejected", UNPROCESSABLE_ENTITY, "The policy cannot be used.";
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many attempts. Wait a little.";

    ChallengeUnsupported = "challenge_unsupported", NOT_IMPLEMENTED, "The provider asks something that is not supported.";
    UnsupportedByProvider = "unsupported_by_provider", NOT_IMPLEMENTED, "The provider cannot do this.";
    ProviderFailed = "provider_failed", BAD_GATEWAY, "The provider gave no usable answer.";
    ProviderTimeout = "provider_timeout", GATEWAY_TIMEOUT, "The provider did not answer in time.";
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong on our side.";
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self { code, detail: Cow::Borrowed(code.title()), errors: Vec::new(), retry_after: None, cause: None }
    }

    /// A sentence of its own instead of the code's title.
    #[must_use]
    pub fn saying(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    #[must_use]
    pub fn because(mut self, cause: impl Into<Cow<'static, str>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub fn field(field: impl Into<String>, message: impl Into<Cow<'static, str>>) -> Self {
        let mut problem = Self::new(Code::ValidationFailed);
        problem.errors.push(FieldProblem { field: field.into(), message: message.into() });
        problem
    }

    /// A challenge that a provider raises and no route covers.
    pub fn challenge_unsupported(name: &str) -> Self {
        Self::new(Code::ChallengeUnsupported)
            .saying(format!("The provider asks for {name}, which this API does not support."))
    }

    /// A role, grant or policy that is built in.
    pub fn built_in() -> Self {
        Self::new(Code::Conflict).saying("This is built in, and stays.")
    }

    /// A key or an id that something else has.
    pub fn taken() -> Self {
        Self::new(Code::Conflict).saying("There is one of this name already.")
    }

    pub fn role_held() -> Self {
        Self::new(Code::Conflict).saying("Somebody has this role, or is invited to it.")
    }

    /// A role that a body names.
    pub fn no_such_role(field: &str) -> Self {
        Self::field(field, "There is no such role.")
    }

    /// Of a subject that is no person.
    pub fn no_password() -> Self {
        Self::new(Code::Conflict).saying("A machine has no password.")
    }

    /// A policy by which its author could not remove it.
    pub fn locks_out() -> Self {
        let mut problem = Self::new(Code::PolicyRejected);
        let message = Cow::Borrowed("With this policy you could not take it back.");
        problem.errors.push(FieldProblem { field: "/source".to_owned(), message });
        problem
    }

    /// What a provider cannot do.
    pub fn unsupported(what: &str) -> Self {
        Self::new(Code::UnsupportedByProvider).saying(format!("The provider cannot {what}."))
    }
}

/// What could not be done (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemDocument<'a> {
    /// `urn:cognate:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    #[schema(value_type = crate::openapi::shapes::ProblemCode)]
    code: &'a str,
    /// For people.
    detail: &'a str,
    #[serde(rename = "traceId")]
    trace_id: &'a str,
    /// What does not do, field by field.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldProblem],
}

impl Problem {
    pub fn into_response(self, trace_id: &str) -> Response {
        let status = self.code.status();
        let document = ProblemDocument {
            kind: format!("urn:cognate:problem:{}", self.code.name()),
            title: self.code.title(),
            status: status.as_u16(),
            code: self.code.name(),
            detail: &self.detail,
            trace_id,
            errors: &self.errors,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // Whoever is told to wait is told how long.
        let wait = self.retry_after.or((status == StatusCode::TOO_MANY_REQUESTS).then_some(Duration::from_secs(1)));
        if let Some(wait) = wait {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

/// Why a write is given up: it travels as the write's error, so that all that the write has done is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GivenUp(pub(crate) Code);

impl GivenUp {
    pub(crate) fn because(code: Code) -> cognate_domain::Error {
        cognate_domain::Error::internal(Self(code))
    }
}

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "given up: {}", self.0.name())
    }
}

impl std::error::Error for GivenUp {}

/// What an answer needs of the engine and the store and does not get: a full queue is the caller's to wait for, the rest is a fault.
impl From<cognate_domain::Error> for Problem {
    fn from(error: cognate_domain::Error) -> Self {
        use cognate_domain::error::ErrorKind;

        if let Some(GivenUp(code)) = error.cause() {
            return Self::new(*code);
        }
        let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        match error.kind {
            ErrorKind::TooManyRequests => Self::new(Code::RateLimited).after(Duration::from_secs(1)).because(cause),
            _ => Self::new(Code::Internal).because(cause),
        }
    }
}
