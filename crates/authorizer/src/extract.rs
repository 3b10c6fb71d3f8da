//! Extractors (feature `axum`). A refused request is answered with 401 or 403, and JSON as API Gateway writes it.

use axum::extract::{FromRef, FromRequestParts};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use crate::{AuthContext, Authorizer, Refusal, Rule};

/// Whoever has a good token. Where an `AuthLayer` has verified it already, that counts; else it is verified here, by
/// the [`Authorizer`] of the router's state.
///
/// ```
/// # use cognate_authorizer::RequireAuth;
/// async fn me(RequireAuth(who): RequireAuth) -> String {
///     who.subject
/// }
/// ```
#[derive(Clone, Debug)]
pub struct RequireAuth(pub AuthContext);

impl<S> FromRequestParts<S> for RequireAuth
where
    S: Send + Sync,
    Authorizer: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        if let Some(who) = parts.extensions.get::<AuthContext>() {
            return Ok(Self(who.clone()));
        }
        let who = Authorizer::from_ref(state).verify_headers(&parts.headers, &Rule::authenticated()).await?;
        parts.extensions.insert(who.clone());
        Ok(Self(who))
    }
}

/// Whoever an `AuthLayer` has let in; without such a layer everybody is refused with 401. Needs no state.
impl<S: Send + Sync> FromRequestParts<S> for AuthContext {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get::<Self>().cloned().ok_or(Refusal::NoAuthorization)
    }
}

/// So a handler may ask `rule.allows(&who)?` of its own, too.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let message = match self.public().status {
            StatusCode::FORBIDDEN => r#"{"message":"Forbidden"}"#,
            _ => r#"{"message":"Unauthorized"}"#,
        };
        let mut response = self.answer(message.into());
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}
