//! `POST /v1/auth/sign-in`: an identifier and a password for a session, or for a challenge.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_engine::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::call::{ask, with_body};
use crate::check::{Checked, Flaws, IDENTIFIER, PASSWORD};
use crate::problem::ProblemDocument;
use crate::session::SignInAnswer;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct SignIn {
    /// An e-mail address, a phone number or a user name.
    #[schema(min_length = 1, max_length = 2048, example = "ann@example.com")]
    identifier: String,
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256)]
    password: Secret,
}

impl Checked for SignIn {
    fn check(&self, flaws: &mut Flaws) {
        flaws.text("identifier", &self.identifier, IDENTIFIER);
        flaws.secret("password", &self.password, PASSWORD);
    }
}

/// Sign in
///
/// With a password. Wrong ones, and accounts that are not there, are not told apart.
#[utoipa::path(post, path = "/v1/auth/sign-in", tag = "Sessions", request_body = SignIn, responses(
    (status = 200, description = "A session, or what must be answered first", body = SignInAnswer),
    (status = "4XX", description = "`invalid_credentials`, `confirmation_required`, `password_reset_required`, `rate_limited`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`challenge_unsupported`, `provider_failed`, `provider_timeout`",
     body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn sign_in(State(api): Api, request: Request) -> Response {
    with_body(api, "sign_in", request, |mut call, body: SignIn| async move {
        let step = ask!(call, sign_in(&body.identifier, &body.password))?;
        call.answer_step(step, None).await
    })
    .await
}
