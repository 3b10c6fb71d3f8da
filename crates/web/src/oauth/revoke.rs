//! `POST /oauth2/revoke` (RFC 7009): ends the sign-in that a refresh token belongs to. oauth-and-login.md, section 8.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use cognate_domain::error::ErrorKind;
use cognate_domain::oauth::{OAuthCode, OAuthError, OAuthResult, Params};
use cognate_engine::{App, Cx};
use http::{HeaderMap, StatusCode};

use super::{answer, client, form};
use crate::site::Site;

/// Of an ID or access token; refresh tokens have five.
const PARTS_OF_A_JWT: usize = 3;

pub(super) async fn revoke(State(app): State<Arc<App>>, site: Site, headers: HeaderMap, body: Body) -> Response {
    let answered = form::answered(app, headers, body, |mut cx, headers, params| async move {
        match end(&mut cx, &site, &headers, &params).await {
            Ok(()) => answer::empty(&cx),
            Err(error @ OAuthError { code: OAuthCode::InvalidClient, .. }) => {
                let mut response = answer::refuse_client(&cx, &site, &headers, &error);
                *response.status_mut() = StatusCode::UNAUTHORIZED; // AWS: here, if nowhere else
                response
            }
            Err(error) => answer::refuse(&cx, &error),
        }
    });
    answered.await
}

/// A token that is nobody's, or another client's, is revoked already as far as this client may know.
async fn end(cx: &mut Cx, site: &Site, headers: &HeaderMap, params: &Params) -> OAuthResult<()> {
    let client = client::prove(cx, site, headers, params).await?;
    let token = params.get("token")?.ok_or(OAuthCode::InvalidRequest)?;
    if !client.revocation {
        return Err(OAuthCode::InvalidRequest.into());
    }
    if token.split('.').count() == PARTS_OF_A_JWT {
        return Err(OAuthCode::UnsupportedTokenType.into());
    }
    match cx.revoke(&site.pool, &client, token).await {
        Err(error) if error.kind == ErrorKind::Unauthorized => Ok(()),
        done => Ok(done?),
    }
}
