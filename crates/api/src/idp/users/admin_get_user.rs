//! `AdminGetUser`: a user, with every attribute.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html>

use cognate_engine::users;

use crate::prelude::*;

pub(crate) async fn admin_get_user(cx: &mut Cx, input: AdminGetUserRequest) -> Result<AdminGetUserResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let user = users::get(&mut cx.read().await?, &pool, &input.username).await?;

    Ok(AdminGetUserResponse {
        user_attributes: Some(user.wire_attributes()),
        username: user.username,
        user_create_date: Some(user.created_at.as_json_seconds()),
        user_last_modified_date: Some(user.modified_at.as_json_seconds()),
        enabled: Some(user.enabled),
        user_status: Some(user.status.into_wire()),
        mfa_options: None,
        preferred_mfa_setting: None,
        user_mfa_setting_list: None,
    })
}
