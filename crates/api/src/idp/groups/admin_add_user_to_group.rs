//! `AdminAddUserToGroup`: puts a user into a group. Who is in it already stays in it, and that is no error.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html>

use cognate_domain::group::MOST_OF_USER;
use cognate_engine::users;
use cognate_store::groups;
use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn admin_add_user_to_group(cx: &mut Cx, input: AdminAddUserToGroupRequest) -> Result<Empty> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let now = cx.now;

    cx.write(async |tx| {
        let user = users::get(tx, &pool, &input.username).await?;
        let group = groups::get(tx, &pool.id, &input.group_name).await?;

        let added = groups::add_member(tx, &group, &user.id, now).await?;
        if added && groups::count_of_user(tx, &pool.id, &user.id).await? > MOST_OF_USER {
            return Err(Error::too_many_groups_of_user());
        }
        Ok(())
    })
    .await?;

    Ok(Empty {})
}
