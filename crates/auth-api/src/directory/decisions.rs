//! `POST /v1/authorization/decisions`: may the caller do this to that. The application says what it is about, never who asks.

use std::collections::HashMap;

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::WorkspaceState;
use cognate_policy::{Action, BadQuestion, Circumstances, Current, Question, Reason, Resource, Tenant, Verdict};
use cognate_store::workspaces;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Call, Reply, with_body};
use crate::caller::Caller;
use crate::check::{Checked, Flaws};
use crate::openapi::shapes;
use crate::problem::{Problem, ProblemDocument};

/// Of one request.
const MOST_QUESTIONS: usize = 50;

/// One question, or several.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum Asked {
    Several(Several),
    One(DecisionRequest),
}

/// As it comes: an enum of serde's would not say which field is wrong.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedFields {
    action: Option<String>,
    resource: Option<String>,
    tenant: Option<String>,
    context: Option<Map<String, Value>>,
    requests: Option<Vec<DecisionRequest>>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Several {
    #[schema(min_items = 1, max_items = 50)]
    requests: Vec<DecisionRequest>,
}

/// The caller's question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionRequest {
    #[schema(min_length = 1, max_length = 100, pattern = "^[a-z0-9_.:-]+$", example = "documents:read")]
    action: String,
    #[schema(
        min_length = 1,
        max_length = 512,
        example = "projects/a1/documents/7",
        pattern = r"^([^./*\u0000-\u001f\u007f-\u009f][^/\u0000-\u001f\u007f-\u009f]*|\.[^./\u0000-\u001f\u007f-\u009f][^/\u0000-\u001f\u007f-\u009f]*|\.\.[^/\u0000-\u001f\u007f-\u009f]+|\*[^/\u0000-\u001f\u007f-\u009f]+)(/([^./*\u0000-\u001f\u007f-\u009f][^/\u0000-\u001f\u007f-\u009f]*|\.[^./\u0000-\u001f\u007f-\u009f][^/\u0000-\u001f\u007f-\u009f]*|\.\.[^/\u0000-\u001f\u007f-\u009f]+|\*[^/\u0000-\u001f\u007f-\u009f]+))*$"
    )]
    resource: String,
    /// A workspace's id. Without one, only roles of the platform's and policies count.
    #[schema(min_length = 1, max_length = 128)]
    tenant: Option<String>,
    /// What conditions and policies may look at: texts, whole numbers, booleans, lists of texts. `owner` is a subject's id.
    #[schema(value_type = Option<shapes::Circumstances>)]
    context: Option<Map<String, Value>>,
}

/// Why, in words that products hold on to.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "for the document; a test compares it with the words of the policies' reasons")]
enum DecisionReason {
    GrantedByRole,
    PermittedByPolicy,
    SubjectDisabled,
    WorkspaceArchived,
    ForbiddenByPolicy,
    NotAMember,
    NoGrant,
    EvaluationFailed,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecisionBody {
    allowed: bool,
    /// Stable.
    #[schema(value_type = DecisionReason)]
    reason: &'static str,
    /// The role that granted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// `grant:ID`, `policy:ID`, or `default:CODE`.
    determined_by: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DecisionList {
    /// In the order of `requests`.
    decisions: Vec<DecisionBody>,
}

/// A decision, or as many as there were questions.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Decided {
    Several(DecisionList),
    One(DecisionBody),
}

impl Checked for AskedFields {
    fn check(&self, flaws: &mut Flaws) {
        let Self { action, resource, tenant, context, requests } = self;
        let one = [action.is_some(), resource.is_some(), tenant.is_some(), context.is_some()];
        match requests {
            Some(_) if one.contains(&true) => flaws.add("requests", "Either one question, or `requests`."),
            Some(requests) if !(1..=MOST_QUESTIONS).contains(&requests.len()) => {
                flaws.add("requests", format!("There are 1 to {MOST_QUESTIONS}."));
            }
            Some(_) => {}
            None => {
                for (name, given) in [("action", action.is_some()), ("resource", resource.is_some())] {
                    if !given {
                        flaws.add(name, "This is missing.");
                    }
                }
            }
        }
    }
}

impl AskedFields {
    fn into_asked(self) -> Asked {
        let Self { action, resource, tenant, context, requests } = self;
        match requests {
            Some(requests) => Asked::Several(Several { requests }),
            None => Asked::One(DecisionRequest {
                action: action.unwrap_or_default(),
                resource: resource.unwrap_or_default(),
                tenant,
                context,
            }),
        }
    }
}

impl DecisionBody {
    fn of(verdict: Verdict) -> Self {
        let reason = verdict.reason.code();
        let role = if let Reason::Granted { role, .. } = verdict.reason { Some(role) } else { None };
        Self { allowed: verdict.allowed, reason, role, determined_by: verdict.determining }
    }
}

/// May the caller do this?
///
/// An answer, not an error, whichever it is; `reason` says why. The question tells what it is about, and never who asks.
#[utoipa::path(post, path = "/v1/authorization/decisions", tag = "Authorization", request_body = Asked, security(("bearer" = [])),
    responses(
    (status = 200, description = "Allowed or not, and why", body = Decided),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `account_disabled`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn decide(State(api): Api, request: Request) -> Response {
    with_body(api, "decide", request, |mut call, body: AskedFields| async move {
        let caller = call.caller().await?;
        let current = call.catalogue(&caller).await?;
        let deciding = Deciding { call: &call, caller: &caller, current: &current };
        let mut states = States::default();
        match body.into_asked() {
            Asked::One(asked) => Reply::ok(&Decided::One(deciding.one(asked, "", &mut states).await?)),
            Asked::Several(Several { requests }) => {
                let mut decisions = Vec::with_capacity(requests.len());
                for (at, asked) in requests.into_iter().enumerate() {
                    decisions.push(deciding.one(asked, &format!("requests/{at}/"), &mut states).await?);
                }
                Reply::ok(&Decided::Several(DecisionList { decisions }))
            }
        }
    })
    .await
}

/// Of workspaces that the caller does not belong to; none of what is not there.
type States = HashMap<String, Option<WorkspaceState>>;

struct Deciding<'a> {
    call: &'a Call,
    caller: &'a Caller,
    current: &'a Current,
}

impl Deciding<'_> {
    async fn one(&self, asked: DecisionRequest, at: &str, states: &mut States) -> Result<DecisionBody, Problem> {
        let unfit = |bad: BadQuestion| Problem::field(format!("/{at}{}", bad.field), capital(&bad.sentence));
        let DecisionRequest { action, resource, tenant, context } = asked;
        let (action, resource) = (Action::parse(&action).map_err(unfit)?, Resource::parse(&resource).map_err(unfit)?);
        let circumstances = context.as_ref().map_or_else(|| Ok(Circumstances::default()), Circumstances::read);
        let circumstances = circumstances.map_err(unfit)?;
        let mut tenant = tenant.as_deref().map(Tenant::parse).transpose().map_err(unfit)?;
        if let Some(named) = tenant.take() {
            tenant = Some(self.in_its_state(named, states).await?);
        }
        let (now, address) = (self.call.cx.now, self.call.address);
        let question = Question { action, resource, tenant, circumstances, now, address };
        Ok(DecisionBody::of(self.current.compiled.decide(&self.caller.facts(), &question)))
    }

    /// A platform's role reaches workspaces that it is no member of, and an archived one is archived for it too.
    async fn in_its_state(&self, tenant: Tenant, states: &mut States) -> Result<Tenant, Problem> {
        if self.caller.membership(tenant.id()).is_some() {
            return Ok(tenant);
        }
        let state = if let Some(known) = states.get(tenant.id()) {
            *known
        } else {
            let mut tx = self.call.cx.read().await?;
            let found = workspaces::find(&mut tx, tenant.id(), &self.caller.subject.id).await?;
            let state = found.map(|(workspace, _)| workspace.state);
            states.insert(tenant.id().to_owned(), state);
            state
        };
        Ok(match state {
            Some(state) => tenant.in_state(state),
            None => tenant,
        })
    }
}

/// Of a sentence that was meant to follow a colon.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_reason_there_is() {
        let text = String::new;
        let reasons = [
            Reason::Granted { role: text(), grant: text() },
            Reason::Permitted { policy: text() },
            Reason::SubjectDisabled,
            Reason::WorkspaceArchived,
            Reason::Forbidden { policy: text() },
            Reason::NotAMember,
            Reason::NoGrant,
            Reason::Failed { policy: None },
        ];
        let schema = serde_json::to_value(<DecisionReason as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::json!(reasons.map(|reason| reason.code())));
    }
}
