//! `POST /v1/auth/token/refresh`: the next tokens of a session. Refresh tokens that a provider's own SDK got work as well.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_engine::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Reply, ask, with_body};
use crate::check::{Checked, Flaws, TOKEN};
use crate::problem::ProblemDocument;
use crate::session::SessionBody;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Refresh {
    #[schema(value_type = String, min_length = 1, max_length = 8192)]
    refresh_token: Secret,
}

impl Checked for Refresh {
    fn check(&self, flaws: &mut Flaws) {
        flaws.secret("refreshToken", &self.refresh_token, TOKEN);
    }
}

/// Refresh a session
///
/// `refreshToken` is in the answer only where there is a new one; then the old one is good no longer.
#[utoipa::path(post, path = "/v1/auth/token/refresh", tag = "Sessions", request_body = Refresh, responses(
    (status = 200, description = "The next tokens", body = SessionBody),
    (status = "4XX", description = "`refresh_rejected`: sign in again", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument,
     content_type = "application/problem+json"),
))]
pub(crate) async fn refresh(State(api): Api, request: Request) -> Response {
    with_body(api, "refresh", request, |mut call, body: Refresh| async move {
        let session = ask!(call, refresh(&body.refresh_token))?;
        Reply::ok(&SessionBody::of(&call.cx, call.api.provider.name(), session)?)
    })
    .await
}
