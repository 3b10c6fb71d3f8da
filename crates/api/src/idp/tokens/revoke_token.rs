//! `RevokeToken`: revokes a refresh token and every access token of its sign-in.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html>

use cognate_domain::client::Client;
use cognate_wire::{ErrorKind, Secret};

use crate::prelude::*;

/// Of a refresh token; ID and access tokens have three.
const PARTS: usize = 5;

pub(crate) async fn revoke_token(cx: &mut Cx, input: RevokeTokenRequest) -> Result<RevokeTokenResponse> {
    let (pool, client) = cx.client(&input.client_id).await.map_err(|error| match error.kind {
        ErrorKind::ResourceNotFound => Error::revoke_unauthorized(),
        _ => error,
    })?;
    prove_secret(&client, input.client_secret.as_ref())?;
    if !client.revocation {
        return Err(Error::revocation_not_enabled());
    }
    if input.token.expose().split('.').count() != PARTS {
        return Err(Error::revoke_unsupported_token());
    }

    cx.revoke(&pool, &client, input.token.expose()).await?;

    Ok(RevokeTokenResponse {})
}

/// The plain secret, not a hash of it.
fn prove_secret(client: &Client, presented: Option<&Secret>) -> Result<()> {
    match (&client.secret, presented) {
        (None, None) => Ok(()),
        (Some(secret), Some(presented)) if secret == presented => Ok(()),
        _ => Err(Error::revoke_unauthorized()),
    }
}
