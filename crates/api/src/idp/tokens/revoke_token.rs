//! `RevokeToken`: revokes a refresh token and every access token of its sign-in.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html>

use cognate_wire::ErrorKind;

use crate::prelude::*;

/// Of a refresh token; ID and access tokens have three.
const PARTS: usize = 5;

pub(crate) async fn revoke_token(cx: &mut Cx, input: RevokeTokenRequest) -> Result<RevokeTokenResponse> {
    let (pool, client) = cx.client(&input.client_id).await.map_err(|error| match error.kind {
        ErrorKind::ResourceNotFound => Error::revoke_unauthorized(),
        _ => error,
    })?;
    if !client.proves(input.client_secret.as_ref()) {
        return Err(Error::revoke_unauthorized());
    }
    if !client.revocation {
        return Err(Error::revocation_not_enabled());
    }
    if input.token.expose().split('.').count() != PARTS {
        return Err(Error::revoke_unsupported_token());
    }

    cx.revoke(&pool, &client, input.token.expose()).await?;

    Ok(RevokeTokenResponse {})
}
