//! `RevokeToken`: revokes a refresh token and every access token of its sign-in.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html>

use cognate_domain::client::Client;
use cognate_wire::Secret;

use crate::prelude::*;

pub(crate) async fn revoke_token(cx: &mut Cx, input: RevokeTokenRequest) -> Result<RevokeTokenResponse> {
    let found = cx.client(&input.client_id).await;
    let (pool, client) = found.map_err(|_| Error::revoke_unauthorized())?;
    prove_secret(&client, input.client_secret.as_ref())?;
    if !client.revocation {
        return Err(Error::revocation_not_enabled());
    }
    if cognate_jose::peek(input.token.expose()).is_ok() {
        return Err(Error::revoke_unsupported_token()); // an ID or access token: three parts and a header of ours
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
