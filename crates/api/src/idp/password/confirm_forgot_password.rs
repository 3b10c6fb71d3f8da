//! `ConfirmForgotPassword`: the code that was sent and a new password in place of the one that was forgotten.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html>

use cognate_engine::password_recovery::NewPassword;
use cognate_engine::sign_in::Door;

use crate::idp::secret_hash;
use crate::prelude::*;

pub(crate) async fn confirm_forgot_password(
    cx: &mut Cx,
    input: ConfirmForgotPasswordRequest,
) -> Result<ConfirmForgotPasswordResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_ref())?;

    let asked =
        NewPassword { username: &input.username, code: &input.confirmation_code, password: input.password.expose() };
    cx.confirm_forgot_password(Door { pool: &pool, client: &client }, asked).await?;

    Ok(ConfirmForgotPasswordResponse {})
}
