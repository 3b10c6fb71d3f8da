//! `GetGroup`: a group by its name.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetGroup.html>

use cognate_store::groups;

use crate::prelude::*;

pub(crate) async fn get_group(cx: &mut Cx, input: GetGroupRequest) -> Result<GetGroupResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let group = groups::get(&mut cx.read().await?, &pool.id, &input.group_name).await?;

    Ok(GetGroupResponse { group: Some(group.into_wire()) })
}
