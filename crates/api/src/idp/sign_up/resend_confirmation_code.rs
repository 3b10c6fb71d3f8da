//! `ResendConfirmationCode`: a new code in place of the one before.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html>

use crate::idp::secret_hash;
use crate::prelude::*;

pub(crate) async fn resend_confirmation_code(
    cx: &mut Cx,
    input: ResendConfirmationCodeRequest,
) -> Result<ResendConfirmationCodeResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_ref())?;

    let sent = cx.resend_code(&pool, &client, &input.username).await?;

    Ok(ResendConfirmationCodeResponse { code_delivery_details: Some(sent.into_wire()) })
}
