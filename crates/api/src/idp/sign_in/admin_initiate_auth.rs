//! `AdminInitiateAuth`: the first step of a sign-in, or a refresh, by a server of the pool's owner. It alone takes passwords
//! where the client allows `ADMIN_USER_PASSWORD_AUTH`, and not those of `USER_PASSWORD_AUTH`.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html>

use cognate_engine::sign_in::Door;

use super::first_step::{By, first_step};
use crate::prelude::*;

pub(crate) async fn admin_initiate_auth(
    cx: &mut Cx,
    input: AdminInitiateAuthRequest,
) -> Result<AdminInitiateAuthResponse> {
    let (pool, client) = cx.own_client(&input.user_pool_id, &input.client_id).await?;
    let door = Door { pool: &pool, client: &client };

    first_step(cx, door, By::Administrator, input.auth_flow, input.auth_parameters).await.map(Into::into)
}
