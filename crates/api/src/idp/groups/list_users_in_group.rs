//! `ListUsersInGroup`: a group's members, as `ListUsers` shows them.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsersInGroup.html>

use cognate_domain::user::User;
use cognate_store::groups;

use crate::page;
use crate::prelude::*;

pub(crate) async fn list_users_in_group(
    cx: &mut Cx,
    input: ListUsersInGroupRequest,
) -> Result<ListUsersInGroupResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let group = groups::get(&mut cx.read().await?, &pool.id, &input.group_name).await?;
    let list = format!("ListUsersInGroup/{}/{}", pool.id, group.id); // not the name: a later group's list is another
    let after = page::after(cx, &list, input.next_token.as_deref())?;
    let after = after.first().map_or("", String::as_str);
    let limit = page::limit(input.limit);

    let mut users = groups::list_members(&mut cx.read().await?, &group, after, limit + 1).await?;

    let next_token = page::cut(cx, &list, &mut users, limit, |user| vec![user.id.clone()])?;
    Ok(ListUsersInGroupResponse { users: Some(users.into_iter().map(User::into_wire).collect()), next_token })
}
