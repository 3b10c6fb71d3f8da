//! `AdminResetUserPassword`: the password is good no longer; the user is sent a code for a new one.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html>

use crate::prelude::*;

pub(crate) async fn admin_reset_user_password(
    cx: &mut Cx,
    input: AdminResetUserPasswordRequest,
) -> Result<AdminResetUserPasswordResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    cx.reset_password(&pool, &input.username).await?;

    Ok(AdminResetUserPasswordResponse {})
}
