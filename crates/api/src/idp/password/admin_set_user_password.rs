//! `AdminSetUserPassword`: sets a password in any state; a temporary one must be changed at the next sign-in.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html>

use crate::prelude::*;

pub(crate) async fn admin_set_user_password(
    cx: &mut Cx,
    input: AdminSetUserPasswordRequest,
) -> Result<AdminSetUserPasswordResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    cx.set_password(&pool, &input.username, input.password.expose(), input.permanent == Some(true)).await?;

    Ok(AdminSetUserPasswordResponse {})
}
