//! `POST /v1/auth/sign-out`: everywhere, or one session.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_engine::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Reply, ask, with_body};
use crate::check::{Checked, Flaws, TOKEN};
use crate::problem::ProblemDocument;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct SignOut {
    /// Of the session that ends. Without it all of them do.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 8192)]
    refresh_token: Option<Secret>,
}

impl Checked for SignOut {
    fn check(&self, flaws: &mut Flaws) {
        if let Some(token) = &self.refresh_token {
            flaws.secret("refreshToken", token, TOKEN);
        }
    }
}

/// Sign out
///
/// Everywhere, unless `refreshToken` names a session.
#[utoipa::path(post, path = "/v1/auth/sign-out", tag = "Sessions", request_body = SignOut, security(("bearer" = [])), responses(
    (status = 204, description = "Signed out"),
    (status = "4XX", description = "`unauthenticated`, `refresh_rejected`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`unsupported_by_provider`, `provider_failed`, `provider_timeout`", body = ProblemDocument,
     content_type = "application/problem+json"),
))]
pub(crate) async fn sign_out(State(api): Api, request: Request) -> Response {
    with_body(api, "sign_out", request, |mut call, body: SignOut| async move {
        let bearer = call.bearer().await?;
        match &body.refresh_token {
            Some(token) => ask!(call, sign_out_session(&bearer, token))?,
            None => ask!(call, sign_out(&bearer))?,
        }
        Ok(Reply::nothing())
    })
    .await
}
