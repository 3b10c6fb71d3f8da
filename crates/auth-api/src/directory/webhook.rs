//! `POST /v1/auth/webhook`: a provider tells that somebody has confirmed their account, for those who do not want to wait for the first call.
//! Signed as Standard Webhooks have it (<https://www.standardwebhooks.com>): each event counts once, and none of another time.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use cognate_domain::directory::{Claims, ProviderSubject, Subject, SubjectKind, rules};
use cognate_domain::{Timestamp, ids};
use cognate_engine::Secret;
use cognate_store::{WriteTx, provider_events, subjects};
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::json;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::Api;
use crate::call::{Call, Reply, with_bytes};
use crate::check::{self, Checked, Flaws};
use crate::openapi::shapes;
use crate::problem::{Code, Problem, ProblemDocument};

/// How far the sender's clock may be from ours.
const TOLERANCE: Duration = Duration::from_mins(5);
/// Events are remembered for longer than they are taken.
const REMEMBERED: Duration = Duration::from_hours(24);
const LONGEST_ID: usize = 128;

/// What Cognito hands to its post-confirmation trigger; whatever else it says is not looked at.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostConfirmation {
    #[schema(value_type = TriggerSource)]
    trigger_source: String,
    #[schema(min_length = 1, max_length = 128)]
    user_pool_id: String,
    request: ConfirmedUser,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "for the document")]
enum TriggerSource {
    #[serde(rename = "PostConfirmation_ConfirmSignUp")]
    ConfirmSignUp,
    #[serde(rename = "PostConfirmation_ConfirmForgotPassword")]
    ConfirmForgotPassword,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfirmedUser {
    #[schema(value_type = UserAttributes)]
    user_attributes: HashMap<String, String>,
}

/// Names and values, of which `sub` has to be one.
struct UserAttributes;

impl PartialSchema for UserAttributes {
    fn schema() -> RefOr<Schema> {
        shapes::shape(json!({
            "type": "object",
            "required": ["sub"],
            "properties": { "sub": { "type": "string", "minLength": 1, "maxLength": 255 } },
            "additionalProperties": { "type": "string", "pattern": shapes::ANYTHING },
        }))
    }
}

impl ToSchema for UserAttributes {}

impl Checked for PostConfirmation {
    fn check(&self, flaws: &mut Flaws) {
        flaws.text("triggerSource", &self.trigger_source, 64);
        flaws.text("userPoolId", &self.user_pool_id, 128);
        let sub = self.request.user_attributes.get("sub").map_or("", String::as_str);
        flaws.fits("request/userAttributes/sub", &rules::provider_subject(sub));
    }
}

/// A provider's event
///
/// The event of Cognito's post-confirmation trigger, as it is, makes the subject at once. Signed by the shared secret: `webhook-signature`
/// is `v1,` and the base64 of HMAC-SHA-256 over `{webhook-id}.{webhook-timestamp}.{body}`.
#[utoipa::path(post, path = "/v1/auth/webhook", tag = "Directory", request_body = PostConfirmation,
    params(
        ("webhook-id" = String, Header, min_length = 1, max_length = 128, description = "The event's own: told again, it counts once"),
        ("webhook-timestamp" = i64, Header, description = "Seconds since 1970, at most five minutes off"),
        ("webhook-signature" = String, Header, description = "One or several, with blanks between them"),
    ),
    responses(
    (status = 204, description = "Taken, now or before"),
    (status = "4XX", description = "`unauthenticated`, `validation_failed`; `not_found` where no secret is configured",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`internal`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn receive(State(api): Api, request: Request) -> Response {
    with_bytes(api, "webhook", request, |mut call, body| async move {
        let id = proved(&call, &body)?;
        let event: PostConfirmation = check::read(&body)?;
        if call.api.provider.pool_id().is_some_and(|pool_id| pool_id != event.user_pool_id) {
            return Err(Problem::field("/userPoolId", "This is not the pool of this API."));
        }
        match event.trigger_source.as_str() {
            "PostConfirmation_ConfirmSignUp" => keep(&mut call, &id, &event.request.user_attributes).await?,
            "PostConfirmation_ConfirmForgotPassword" => {} // of somebody who was confirmed before
            _ => return Err(Problem::field("/triggerSource", "This is no post-confirmation event.")),
        }
        Ok(Reply::nothing())
    })
    .await
}

/// The event's id, once its signature and its time are right.
fn proved(call: &Call, body: &Bytes) -> Result<String, Problem> {
    let secret = call.api.settings.webhook_secret.as_ref().ok_or_else(|| Problem::new(Code::NotFound))?;
    let refused = |cause: &'static str| {
        Problem::new(Code::Unauthenticated).saying("The event's signature does not hold.").because(cause)
    };
    let header = |name: &str| {
        let mut sent = call.headers.get_all(name).iter();
        let (Some(only), None) = (sent.next(), sent.next()) else { return None };
        only.to_str().ok()
    };
    let (id, at, signatures) = header("webhook-id")
        .zip(header("webhook-timestamp"))
        .zip(header("webhook-signature"))
        .map(|((id, at), signatures)| (id, at, signatures))
        .ok_or_else(|| refused("a header is missing"))?;
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err(refused("no id"));
    }
    let seconds: i64 = at.parse().map_err(|_| refused("no time"))?;
    let at_ms = Timestamp(seconds.saturating_mul(1000));
    if at_ms + TOLERANCE < call.cx.now || call.cx.now + TOLERANCE < at_ms {
        return Err(refused("of another time"));
    }
    let expected = cognate_jose::hmac_sha256(&key(secret), &[id.as_bytes(), b".", at.as_bytes(), b".", body]);
    let holds = |signature: &str| {
        let given = signature.strip_prefix("v1,").and_then(|given| BASE64.decode(given.as_bytes()).ok());
        given.is_some_and(|given| cognate_jose::constant_time_eq(&given, &expected))
    };
    if signatures.split(' ').any(holds) { Ok(id.to_owned()) } else { Err(refused("a wrong signature")) }
}

/// `whsec_` and base64, as senders' libraries have it; or the text itself.
fn key(secret: &Secret) -> Vec<u8> {
    let decoded = secret.expose().strip_prefix("whsec_").and_then(|text| BASE64.decode(text.as_bytes()).ok());
    decoded.unwrap_or_else(|| secret.expose().as_bytes().to_vec())
}

/// In one write with the event's mark: an event that was taken is never lost, and one that was lost is told again.
async fn keep(call: &mut Call, event_id: &str, attributes: &HashMap<String, String>) -> Result<(), Problem> {
    let now = call.cx.now;
    let attribute = |name: &str| attributes.get(name).map(String::as_str);
    let claims = Claims::kept(attribute("name"), attribute("email"));
    let known_as = ProviderSubject {
        provider: call.api.provider.name().to_owned(),
        id: attribute("sub").unwrap_or_default().to_owned(),
    };
    let id = ids::uuid(call.cx.entropy()).to_string();
    let subject = Subject::new(id, SubjectKind::User, known_as, claims, now);
    let kept = async |tx: &mut WriteTx<'_>| {
        if provider_events::insert(tx, event_id, now + REMEMBERED).await? {
            subjects::insert_if_absent(tx, &subject).await?;
        }
        Ok(())
    };
    Ok(call.cx.write(kept).await?)
}
