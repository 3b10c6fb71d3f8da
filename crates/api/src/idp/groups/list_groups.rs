//! `ListGroups`: a pool's groups, by name.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListGroups.html>

use cognate_domain::group::Group;
use cognate_store::groups;

use crate::page;
use crate::prelude::*;

pub(crate) async fn list_groups(cx: &mut Cx, input: ListGroupsRequest) -> Result<ListGroupsResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let list = format!("ListGroups/{}", pool.id);
    let after = page::after(cx, &list, input.next_token.as_deref())?;
    let after = after.first().map_or("", String::as_str);
    let limit = page::limit(input.limit);

    let mut groups = groups::list(&mut cx.read().await?, &pool.id, after, limit + 1).await?;

    let next_token = page::cut(cx, &list, &mut groups, limit, |group| vec![group.name.clone()])?;
    Ok(ListGroupsResponse { groups: Some(groups.into_iter().map(Group::into_wire).collect()), next_token })
}
