//! `InitiateAuth`: the first step of a sign-in, or a refresh, for anybody who knows a client's id.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html>

use cognate_engine::sign_in::Door;

use super::first_step::{By, first_step};
use crate::prelude::*;

pub(crate) async fn initiate_auth(cx: &mut Cx, input: InitiateAuthRequest) -> Result<InitiateAuthResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    let door = Door { pool: &pool, client: &client };

    first_step(cx, door, By::Anybody, input.auth_flow, input.auth_parameters).await.map(Into::into)
}
