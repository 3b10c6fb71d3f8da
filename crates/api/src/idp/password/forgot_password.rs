//! `ForgotPassword`: sends a code to a verified contact. user-pools.md, sections 15 and 19.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html>

use cognate_engine::sign_in::Door;

use crate::idp::secret_hash;
use crate::prelude::*;

pub(crate) async fn forgot_password(cx: &mut Cx, input: ForgotPasswordRequest) -> Result<ForgotPasswordResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_ref())?;

    let sent = cx.forgot_password(Door { pool: &pool, client: &client }, &input.username).await?;

    Ok(ForgotPasswordResponse { code_delivery_details: Some(sent.into_wire()) })
}
