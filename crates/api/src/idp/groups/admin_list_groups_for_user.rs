//! `AdminListGroupsForUser`: a user's groups, by name.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html>

use cognate_domain::group::Group;
use cognate_engine::users;
use cognate_store::groups;

use crate::page;
use crate::prelude::*;

pub(crate) async fn admin_list_groups_for_user(
    cx: &mut Cx,
    input: AdminListGroupsForUserRequest,
) -> Result<AdminListGroupsForUserResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let user = users::get(&mut cx.read().await?, &pool, &input.username).await?;
    let list = format!("AdminListGroupsForUser/{}/{}", pool.id, user.id);
    let after = page::after(cx, &list, input.next_token.as_deref())?;
    let limit = page::limit(input.limit);

    let mut groups = groups::list_of_user(&mut cx.read().await?, &pool.id, &user.id).await?; // a hundred at the most

    groups.retain(|group| after.first().is_none_or(|after| group.name > *after));
    groups.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    let next_token = page::cut(cx, &list, &mut groups, limit, |group| vec![group.name.clone()])?;
    Ok(AdminListGroupsForUserResponse { groups: Some(groups.into_iter().map(Group::into_wire).collect()), next_token })
}
