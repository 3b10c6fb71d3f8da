//! `GetTokensFromRefreshToken`: new tokens for a refresh token, and its successor where the client rotates. It takes the
//! client's plain secret, not a hash. user-pools.md, section 18.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html>

use cognate_domain::client::Flow;
use cognate_engine::sign_in::Door;

use crate::prelude::*;

pub(crate) async fn get_tokens_from_refresh_token(
    cx: &mut Cx,
    input: GetTokensFromRefreshTokenRequest,
) -> Result<GetTokensFromRefreshTokenResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    let (door, token) = (Door { pool: &pool, client: &client }, input.refresh_token.expose());
    if !client.proves(input.client_secret.as_ref()) {
        return Err(match input.client_secret {
            None => Error::client_secret_missing(&client.id),
            Some(_) => Error::client_secret_wrong(&client.id),
        });
    }

    let tokens = if client.rotates() {
        cx.rotate(door, token).await?
    } else if client.allows(Flow::Refresh) {
        cx.refresh(door, token, |_| Ok(())).await?
    } else {
        return Err(Error::flow_not_enabled("REFRESH_TOKEN_AUTH is not enabled for the client."));
    };

    Ok(GetTokensFromRefreshTokenResponse { authentication_result: Some(tokens) })
}
