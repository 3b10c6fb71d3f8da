//! `GET /v1/admin/audit`: what was changed, by whom and when. Nothing changes an entry or removes it.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::Timestamp;
use cognate_domain::directory::AuditEntry;
use cognate_store::audit_log::{self, About, Span};
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Reply, without_body};
use crate::openapi::shapes::AuditDetails;
use crate::parameters::{List, Parameters};
use crate::permissions::On;
use crate::problem::{Problem, ProblemDocument};
use crate::session::moment;

/// A change that somebody made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditLogEntry {
    id: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// A subject's id, or `operator` for a command.
    actor: String,
    #[schema(example = "subject.disable")]
    action: String,
    /// What it was done to.
    #[schema(example = "subject")]
    kind: String,
    target: String,
    /// The workspace that it was done in.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
    /// What the action tells of itself: its own shape.
    #[schema(value_type = AuditDetails)]
    details: Map<String, Value>,
    trace_id: String,
}

impl AuditLogEntry {
    fn of(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: moment(entry.at),
            actor: entry.actor,
            action: entry.action,
            kind: entry.target_kind,
            target: entry.target,
            workspace: entry.workspace,
            details: entry.details,
            trace_id: entry.trace,
        }
    }
}

/// Which entries; everything, if nothing is said.
enum Which {
    Everything,
    Target { kind: String, id: String },
    Actor(String),
    Workspace(String),
}

impl Which {
    fn of(parameters: &mut Parameters) -> Result<Self, Problem> {
        let mut take = |name| parameters.take(name);
        match (take("kind"), take("target"), take("actor"), take("workspace")) {
            (None, None, None, None) => Ok(Self::Everything),
            (Some(kind), Some(id), None, None) => Ok(Self::Target { kind, id }),
            (None, None, Some(id), None) => Ok(Self::Actor(id)),
            (None, None, None, Some(id)) => Ok(Self::Workspace(id)),
            (Some(_), None, ..) => Err(Problem::field("target", "Say which one of this kind.")),
            (None, Some(_), ..) => Err(Problem::field("kind", "Say of which kind the target is.")),
            _ => Err(Problem::field("", "Ask by `kind` and `target`, by `actor` or by `workspace`.")),
        }
    }

    fn about(&self) -> About<'_> {
        match self {
            Self::Everything => About::Everything,
            Self::Target { kind, id } => About::Target { kind, id },
            Self::Actor(id) => About::Actor(id),
            Self::Workspace(id) => About::Workspace(id),
        }
    }
}

fn time(parameters: &mut Parameters, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = parameters.take(name) else { return Ok(None) };
    let at = OffsetDateTime::parse(&text, &Rfc3339).ok().map(|at| at.unix_timestamp_nanos().div_euclid(1_000_000));
    let at = at.and_then(|millis| i64::try_from(millis).ok());
    at.map(|millis| Some(Timestamp(millis)))
        .ok_or_else(|| Problem::field(name, "This is no time as RFC 3339 has it, such as 2026-01-02T03:04:05Z."))
}

/// Read the audit log
///
/// The newest first: everything, or what was done to one thing, by somebody, or in a workspace.
#[utoipa::path(get, path = "/v1/admin/audit", tag = "Administration",
    operation_id = "admin_list_audit", security(("bearer" = [])),
    params(
        ("kind" = Option<String>, Query, description = "Of the target: `subject`, `role`, `grant`, `policy`, …", max_length = 512),
        ("target" = Option<String>, Query, description = "The id of what was changed", max_length = 512),
        ("actor" = Option<String>, Query, description = "A subject's id, or `operator`", max_length = 512),
        ("workspace" = Option<String>, Query, description = "A workspace's id", max_length = 512),
        ("from" = Option<String>, Query, format = DateTime, description = "RFC 3339", max_length = 512),
        ("until" = Option<String>, Query, format = DateTime, description = "RFC 3339; not itself", max_length = 512),
        ("limit" = Option<u32>, Query, description = "Of a page: 1 to 100; 50 by default", minimum = 1, maximum = 100),
        ("next" = Option<String>, Query, description = "As the page before says it", max_length = 512),
    ),
    responses(
    (status = 200, description = "A page of entries", body = List<AuditLogEntry>),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `forbidden`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(api): Api, request: Request) -> Response {
    without_body(api, "admin_list_audit", request, |mut call, mut parameters| async move {
        let caller = call.caller().await?;
        call.may(&caller, "audit:read", On::platform("audit")).await?;
        let (page, which) = (parameters.page()?, Which::of(&mut parameters)?);
        let span = Span { from: time(&mut parameters, "from")?, until: time(&mut parameters, "until")? };
        parameters.done()?;

        let mut tx = call.cx.read().await?;
        let after = page.after.as_deref();
        let entries = audit_log::list(&mut tx, which.about(), span, after, page.to_read()).await?;
        Reply::ok(&page.shown(entries, |entry| entry.id.clone(), AuditLogEntry::of))
    })
    .await
}
