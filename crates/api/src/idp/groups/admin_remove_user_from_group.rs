//! `AdminRemoveUserFromGroup`: takes a user out of a group. Who is not in it is no error.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html>

use cognate_engine::users;
use cognate_store::groups;
use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn admin_remove_user_from_group(cx: &mut Cx, input: AdminRemoveUserFromGroupRequest) -> Result<Empty> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    cx.write(async |tx| {
        let user = users::get(tx, &pool, &input.username).await?;
        let group = groups::get(tx, &pool.id, &input.group_name).await?;
        groups::remove_member(tx, &group, &user.id).await
    })
    .await?;

    Ok(Empty {})
}
