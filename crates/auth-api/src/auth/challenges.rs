//! `POST /v1/auth/challenges/…`: the answers to what a provider asks. One address for each kind; a session of one kind is none of
//! another.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_engine::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Call, Reply, ask, with_body};
use crate::check::{CODE, Checked, Flaws, PASSWORD, TOKEN};
use crate::problem::{Problem, ProblemDocument};
use crate::provider::{ChallengeKind, Reply as Said};
use crate::session::{self, SignInAnswer};
use crate::sign_up_attributes::Attributes;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "they are the contract's")]
pub(crate) struct NewPassword {
    #[schema(value_type = String, min_length = 1, max_length = 8192)]
    session: Secret,
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256)]
    new_password: Secret,
    /// Those of `requiredAttributes`.
    #[serde(default)]
    attributes: Attributes,
}

impl Checked for NewPassword {
    fn check(&self, flaws: &mut Flaws) {
        flaws.secret("session", &self.session, TOKEN);
        flaws.secret("newPassword", &self.new_password, PASSWORD);
        self.attributes.check(flaws);
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ChallengeAnswer {
    #[schema(value_type = String, min_length = 1, max_length = 8192)]
    session: Secret,
    /// The code that came; what was selected; or the answer to a question of the product's own.
    #[schema(value_type = String, min_length = 1, max_length = 2048)]
    code: Secret,
}

impl Checked for ChallengeAnswer {
    fn check(&self, flaws: &mut Flaws) {
        flaws.secret("session", &self.session, TOKEN);
        flaws.secret("code", &self.code, CODE);
    }
}

impl Call {
    async fn go_on(&mut self, kind: ChallengeKind, session: &Secret, said: Said) -> Result<Reply, Problem> {
        self.noted.challenge(kind.name());
        let waiting = session::open(&self.cx, self.api.provider.name(), kind, session)?;
        let step = ask!(self, answer(&waiting, &said))?;
        self.answer_step(step, Some(kind)).await
    }
}

/// Replace a temporary password
#[utoipa::path(post, path = "/v1/auth/challenges/new-password", tag = "Sessions", request_body = NewPassword, responses(
    (status = 200, description = "A session, or what must be answered next", body = SignInAnswer),
    (status = "4XX", description = "`challenge_failed`, `challenge_expired`, `password_rejected`, `rate_limited`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`challenge_unsupported`, `provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn new_password(State(api): Api, request: Request) -> Response {
    with_body(api, "answer_new_password", request, |mut call, body: NewPassword| async move {
        let said = Said::NewPassword { password: body.new_password, attributes: body.attributes.into_pairs() };
        call.go_on(ChallengeKind::NewPassword, &body.session, said).await
    })
    .await
}

/// One address for each kind of code.
macro_rules! by_code {
    ($($(#[$doc:meta])* $function:ident at $path:literal as $name:literal: $kind:ident;)+) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "Sessions", request_body = ChallengeAnswer, responses(
            (status = 200, description = "A session, or what must be answered next", body = SignInAnswer),
            (status = "4XX", description = "`challenge_failed`, `challenge_expired`, `rate_limited`",
             body = ProblemDocument, content_type = "application/problem+json"),
            (status = "5XX", description = "`challenge_unsupported`, `provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
        ))]
        pub(crate) async fn $function(State(api): Api, request: Request) -> Response {
            with_body(api, $name, request, |mut call, body: ChallengeAnswer| async move {
                call.go_on(ChallengeKind::$kind, &body.session, Said::Code(body.code)).await
            })
            .await
        }
    )+};
}

by_code! {
    /// Answer with an authenticator's code
    software_token at "/v1/auth/challenges/software-token" as "answer_software_token": SoftwareToken;
    /// Answer with the code of a text message
    sms_code at "/v1/auth/challenges/sms-code" as "answer_sms_code": SmsCode;
    /// Answer with the code of a mail
    email_code at "/v1/auth/challenges/email-code" as "answer_email_code": EmailCode;
    /// Choose how to go on
    select at "/v1/auth/challenges/select" as "answer_select": Select;
    /// Answer a question of the product's own
    custom at "/v1/auth/challenges/custom" as "answer_custom": Custom;
}
