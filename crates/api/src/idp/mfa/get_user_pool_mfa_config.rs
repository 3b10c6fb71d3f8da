//! `GetUserPoolMfaConfig`: which second factors a pool offers, and whether it asks for one.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html>

use crate::prelude::*;

pub(crate) async fn get_user_pool_mfa_config(
    cx: &mut Cx,
    input: GetUserPoolMfaConfigRequest,
) -> Result<GetUserPoolMfaConfigResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    Ok(pool.config.described_mfa())
}
