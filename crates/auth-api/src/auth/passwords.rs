//! `/v1/auth/password-resets`, `/password-verifications`, `/password`: a forgotten password, one that is checked again, one that changes.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_engine::Secret;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sign_up::{Identifier, Sent};
use crate::Api;
use crate::call::{Call, Reply, ask, with_body};
use crate::check::{CODE, Checked, Flaws, IDENTIFIER, PASSWORD};
use crate::limits::Limited;
use crate::problem::{Code, Problem, ProblemDocument};
use crate::provider::{Bearer, PasswordReset};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct FinishReset {
    #[schema(min_length = 1, max_length = 2048)]
    identifier: String,
    #[schema(value_type = String, min_length = 1, max_length = 2048)]
    code: Secret,
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256)]
    new_password: Secret,
}

impl Checked for FinishReset {
    fn check(&self, flaws: &mut Flaws) {
        flaws.text("identifier", &self.identifier, IDENTIFIER);
        flaws.secret("code", &self.code, CODE);
        flaws.secret("newPassword", &self.new_password, PASSWORD);
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct VerifyPassword {
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256)]
    password: Secret,
}

impl Checked for VerifyPassword {
    fn check(&self, flaws: &mut Flaws) {
        flaws.secret("password", &self.password, PASSWORD);
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Verification {
    verified: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ChangePassword {
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256)]
    current_password: Secret,
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256)]
    new_password: Secret,
}

impl Checked for ChangePassword {
    fn check(&self, flaws: &mut Flaws) {
        flaws.secret("currentPassword", &self.current_password, PASSWORD);
        flaws.secret("newPassword", &self.new_password, PASSWORD);
    }
}

/// Begin to reset a password
///
/// Sends a code. The answer is the same for somebody who is not there.
#[utoipa::path(post, path = "/v1/auth/password-resets", tag = "Accounts", request_body = Identifier, responses(
    (status = 202, description = "On its way, if there is anybody to get it", body = Sent),
    (status = "4XX", description = "`rate_limited`, `forbidden`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn begin_reset(State(api): Api, request: Request) -> Response {
    with_body(api, "begin_password_reset", request, |mut call, body: Identifier| async move {
        call.count(Limited::BeginReset, &body.identifier).await?;
        let delivery = ask!(call, begin_password_reset(&body.identifier))?;
        Reply::json(StatusCode::ACCEPTED, &Sent::of(delivery))
    })
    .await
}

/// Finish resetting a password
#[utoipa::path(post, path = "/v1/auth/password-resets/confirm", tag = "Accounts", request_body = FinishReset, responses(
    (status = 204, description = "The new password is good"),
    (status = "4XX", description = "`code_rejected`, `password_rejected`, `rate_limited`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn finish_reset(State(api): Api, request: Request) -> Response {
    with_body(api, "finish_password_reset", request, |mut call, body: FinishReset| async move {
        let FinishReset { identifier, code, new_password } = body;
        call.count(Limited::FinishReset, &identifier).await?;
        ask!(call, finish_password_reset(&PasswordReset { identifier, code, new_password }))?;
        Ok(Reply::nothing())
    })
    .await
}

/// Check the password again
///
/// Before a sensitive action. Wrong ones count for the lock-out; nothing else comes of it.
#[utoipa::path(post, path = "/v1/auth/password-verifications", tag = "Accounts", request_body = VerifyPassword,
    security(("bearer" = [])), responses(
    (status = 200, description = "Whether it is right", body = Verification),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `rate_limited`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn verify(State(api): Api, request: Request) -> Response {
    with_body(api, "verify_password", request, |mut call, body: VerifyPassword| async move {
        let bearer = person(&mut call).await?;
        let verified = ask!(call, verify_password(&bearer, &body.password))?;
        Reply::ok(&Verification { verified })
    })
    .await
}

/// Change the password
#[utoipa::path(patch, path = "/v1/auth/password", tag = "Accounts", request_body = ChangePassword, security(("bearer" = [])),
    responses(
    (status = 204, description = "Changed"),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `password_rejected`, `rate_limited`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn change(State(api): Api, request: Request) -> Response {
    with_body(api, "change_password", request, |mut call, body: ChangePassword| async move {
        let bearer = person(&mut call).await?;
        ask!(call, change_password(&bearer, (&body.current_password, &body.new_password)))?;
        Ok(Reply::nothing())
    })
    .await
}

/// Who calls, if it is somebody with a password.
async fn person(call: &mut Call) -> Result<Bearer, Problem> {
    let bearer = call.caller().await?.bearer;
    if bearer.proved.is_machine {
        return Err(Problem::new(Code::Forbidden).saying("A machine has no password.").because("a machine"));
    }
    Ok(bearer)
}
