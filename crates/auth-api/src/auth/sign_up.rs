//! `POST /v1/auth/sign-up`, `/confirm`, `/resend-confirmation`: an account in the service's own terms, never a provider's states.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_engine::Secret;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Reply, ask, with_body};
use crate::check::{CODE, Checked, Flaws, IDENTIFIER, PASSWORD};
use crate::limits::Limited;
use crate::problem::ProblemDocument;
use crate::provider::{Channel, Delivery, NewAccount};
use crate::sign_up_attributes::Attributes;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct SignUp {
    #[schema(format = Email, min_length = 3, max_length = 254)]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256)]
    password: Secret,
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// `+` and at most fifteen digits.
    #[schema(pattern = r"^\+[0-9]{1,15}$", example = "+15551234567")]
    phone: Option<String>,
    #[serde(default)]
    attributes: Attributes,
}

pub(crate) const ADDRESS: usize = 254;
pub(crate) const NAME: usize = 200;

impl Checked for SignUp {
    fn check(&self, flaws: &mut Flaws) {
        flaws.email("email", &self.email, ADDRESS);
        flaws.secret("password", &self.password, PASSWORD);
        if let Some(name) = &self.name {
            flaws.text("name", name, NAME);
        }
        if let Some(phone) = &self.phone {
            flaws.phone("phone", phone);
        }
        self.attributes.check(flaws);
    }
}

/// What follows a sign-up. It is the same for an address that is taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedUpBody {
    requires_confirmation: bool,
    can_sign_in: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<DeliveryBody>,
}

/// Where a code went, masked.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryBody {
    channel: Channel,
    #[schema(example = "a***@e***")]
    destination: String,
}

/// A code is on its way, if there is anybody to get it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sent {
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<DeliveryBody>,
}

impl DeliveryBody {
    fn of(delivery: Delivery) -> Self {
        Self { channel: delivery.channel, destination: delivery.destination }
    }
}

impl Sent {
    pub(crate) fn of(delivery: Option<Delivery>) -> Self {
        Self { delivery: delivery.map(DeliveryBody::of) }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Confirm {
    #[schema(min_length = 1, max_length = 2048)]
    identifier: String,
    #[schema(value_type = String, min_length = 1, max_length = 2048)]
    code: Secret,
}

impl Checked for Confirm {
    fn check(&self, flaws: &mut Flaws) {
        flaws.text("identifier", &self.identifier, IDENTIFIER);
        flaws.secret("code", &self.code, CODE);
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Identifier {
    #[schema(min_length = 1, max_length = 2048)]
    pub(crate) identifier: String,
}

impl Checked for Identifier {
    fn check(&self, flaws: &mut Flaws) {
        flaws.text("identifier", &self.identifier, IDENTIFIER);
    }
}

/// Sign up
///
/// Somebody whose address is taken gets the same answer, and a mail that says so.
#[utoipa::path(post, path = "/v1/auth/sign-up", tag = "Accounts", request_body = SignUp, responses(
    (status = 201, description = "The account is made, or was there", body = SignedUpBody),
    (status = "4XX", description = "`validation_failed`, `password_rejected`, `sign_up_closed`, `rate_limited`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn sign_up(State(api): Api, request: Request) -> Response {
    with_body(api, "sign_up", request, |mut call, body: SignUp| async move {
        let SignUp { email, password, name, phone, attributes } = body;
        call.count(Limited::SignUp, &email).await?;
        let account = NewAccount { email, password: Some(password), name, phone, attributes: attributes.into_pairs() };
        let done = ask!(call, sign_up(&account))?;
        let body = SignedUpBody {
            requires_confirmation: done.requires_confirmation,
            can_sign_in: done.can_sign_in,
            delivery: done.delivery.map(DeliveryBody::of),
        };
        Reply::json(StatusCode::CREATED, &body)
    })
    .await
}

/// Confirm an account
#[utoipa::path(post, path = "/v1/auth/sign-up/confirm", tag = "Accounts", request_body = Confirm, responses(
    (status = 204, description = "Confirmed"),
    (status = "4XX", description = "`code_rejected`, `rate_limited`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn confirm(State(api): Api, request: Request) -> Response {
    with_body(api, "confirm_sign_up", request, |mut call, body: Confirm| async move {
        call.count(Limited::Confirm, &body.identifier).await?;
        ask!(call, confirm_sign_up(&body.identifier, &body.code))?;
        Ok(Reply::nothing())
    })
    .await
}

/// Send the confirmation's code again
///
/// The answer is the same for somebody who is not there, or who is confirmed.
#[utoipa::path(post, path = "/v1/auth/sign-up/resend-confirmation", tag = "Accounts", request_body = Identifier, responses(
    (status = 202, description = "On its way, if there is anybody to get it", body = Sent),
    (status = "4XX", description = "`rate_limited`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn resend_confirmation(State(api): Api, request: Request) -> Response {
    with_body(api, "resend_confirmation", request, |mut call, body: Identifier| async move {
        call.count(Limited::Resend, &body.identifier).await?;
        let delivery = ask!(call, resend_confirmation(&body.identifier))?;
        Reply::json(StatusCode::ACCEPTED, &Sent::of(delivery))
    })
    .await
}
