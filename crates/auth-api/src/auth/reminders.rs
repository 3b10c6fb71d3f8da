//! `POST /v1/auth/identifier-reminders`: by which name somebody signs in. Only a mail tells; the answer is the same for everybody.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Reply, ask, with_body};
use crate::check::{Checked, Flaws};
use crate::limits::Limited;
use crate::problem::ProblemDocument;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Reminder {
    #[schema(format = Email, min_length = 3, max_length = 254)]
    email: String,
}

impl Checked for Reminder {
    fn check(&self, flaws: &mut Flaws) {
        flaws.email("email", &self.email, 254);
    }
}

/// Nothing is told.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reminded {}

/// Be reminded of the sign-in name
#[utoipa::path(post, path = "/v1/auth/identifier-reminders", tag = "Accounts", request_body = Reminder, responses(
    (status = 202, description = "On its way, if there is anything to tell", body = Reminded),
    (status = "4XX", description = "`validation_failed`, `rate_limited`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`unsupported_by_provider`, `provider_failed`, `provider_timeout`", body = ProblemDocument,
     content_type = "application/problem+json"),
))]
pub(crate) async fn remind(State(api): Api, request: Request) -> Response {
    with_body(api, "remind_identifier", request, |mut call, body: Reminder| async move {
        call.count(Limited::Remind, &body.email).await?;
        ask!(call, remind_identifier(&body.email))?;
        Reply::json(StatusCode::ACCEPTED, &Reminded {})
    })
    .await
}
