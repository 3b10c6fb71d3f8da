//! `ChangePassword`: a signed-in user proves the present password and sets another.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html>

use crate::prelude::*;

pub(crate) async fn change_password(cx: &mut Cx, input: ChangePasswordRequest) -> Result<ChangePasswordResponse> {
    let bearer = cx.bearer()?;
    let previous = input.previous_password.as_ref().map(cognate_wire::Secret::expose);

    cx.change_password(bearer, previous, input.proposed_password.expose()).await?;

    Ok(ChangePasswordResponse {})
}
