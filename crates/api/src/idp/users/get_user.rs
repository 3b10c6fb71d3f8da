//! `GetUser`: the bearer of an access token, as far as the client may read.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html>

use crate::prelude::*;

pub(crate) async fn get_user(cx: &mut Cx, _input: GetUserRequest) -> Result<GetUserResponse> {
    let bearer = cx.bearer()?;
    let (_, client) = cx.client(&bearer.family.client_id).await?;
    let readable = |attribute: &AttributeType| client.permissions.may_read(&attribute.name);

    Ok(GetUserResponse {
        user_attributes: bearer.user.wire_attributes().into_iter().filter(readable).collect(),
        username: bearer.user.username,
        mfa_options: None,
        preferred_mfa_setting: None,
        user_mfa_setting_list: None,
    })
}
