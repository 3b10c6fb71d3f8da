//! `AdminConfirmSignUp`: an administrator confirms an account without a code; no attribute is verified.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html>

use crate::prelude::*;

pub(crate) async fn admin_confirm_sign_up(
    cx: &mut Cx,
    input: AdminConfirmSignUpRequest,
) -> Result<AdminConfirmSignUpResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    cx.confirm_by_admin(&pool, &input.username).await?;

    Ok(AdminConfirmSignUpResponse {})
}
