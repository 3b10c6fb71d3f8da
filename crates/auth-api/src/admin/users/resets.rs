//! `POST /v1/admin/users/{id}/password-resets`: a password that is good no longer, and a code for the next one.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::{SubjectKind, SubjectState};
use cognate_store::{WriteTx, audit_log};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{Id, assert_power, details};
use super::{get, may_touch, one};
use crate::Api;
use crate::audit::Changed;
use crate::call::{Reply, ask, with_body};
use crate::check::{Checked, Flaws};
use crate::problem::{Code, Problem, ProblemDocument};

/// Nothing has to be said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForceReset {}

impl Checked for ForceReset {
    fn check(&self, _: &mut Flaws) {}
}

/// Force a password reset
///
/// The password is good no longer, and the provider sends a code, which `/v1/auth/password-resets/confirm` takes. Sessions go on.
#[utoipa::path(post, path = "/v1/admin/users/{id}/password-resets", tag = "Administration",
    operation_id = "admin_force_password_reset", request_body = ForceReset,
    security(("bearer" = [])), params(("id" = String, Path, description = "The directory's own id", max_length = 64)),
    responses(
    (status = 204, description = "The code is on its way"),
    (status = "4XX", description = "`forbidden`, `not_found`, `conflict`: a machine, a disabled user, one who is not confirmed",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`unsupported_by_provider`, `provider_failed`, …", body = ProblemDocument,
     content_type = "application/problem+json"),
))]
pub(crate) async fn force(State(api): Api, id: Id, request: Request) -> Response {
    with_body(api, "admin_force_password_reset", request, |mut call, _: ForceReset| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        call.may(&caller, "subjects:reset_password", one(&id)).await?;
        let subject = get(&call, &id).await?;
        let current = call.catalogue(&caller).await?;
        may_touch(&current, &caller, &subject)?;
        if subject.kind != SubjectKind::User {
            return Err(Problem::no_password());
        }
        if subject.known_as.provider != call.api.provider.name() {
            return Err(Problem::unsupported("reset the password of another provider's account"));
        }
        if subject.state == SubjectState::Disabled {
            return Err(Problem::new(Code::Conflict).saying(Code::AccountDisabled.title()));
        }

        // What the provider does cannot be taken back, so that somebody asked for it is kept before.
        let changed = Changed { action: "subject.reset_password", kind: "subject", id: &id, workspace: None };
        let entry = call.entry(&caller, &changed, details([]));
        let noted = async |tx: &mut WriteTx<'_>| {
            assert_power(tx, &caller).await?;
            audit_log::insert(tx, &entry).await
        };
        call.cx.write(noted).await?;
        ask!(call, force_password_reset(&subject.known_as))?;
        Ok(Reply::nothing())
    })
    .await
}
