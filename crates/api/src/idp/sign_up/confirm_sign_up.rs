//! `ConfirmSignUp`: the code that was sent confirms the account and verifies where it was sent.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html>

use cognate_engine::sign_up::Confirmation;
use cognate_engine::users::TakenAlias;

use crate::idp::secret_hash;
use crate::prelude::*;

pub(crate) async fn confirm_sign_up(cx: &mut Cx, input: ConfirmSignUpRequest) -> Result<ConfirmSignUpResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_ref())?;

    let confirmation = Confirmation {
        username: &input.username,
        code: &input.confirmation_code,
        taken: if input.force_alias_creation == Some(true) { TakenAlias::Move } else { TakenAlias::Refuse },
    };
    cx.confirm_sign_up(&pool, &client, confirmation).await?;

    Ok(ConfirmSignUpResponse { session: None })
}
