//! `UpdateGroup`: changes what is given. AWS: unlike a pool's or a client's, what is left out stays as it is.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html>

use cognate_store::groups::{self, Change};

use crate::prelude::*;

pub(crate) async fn update_group(cx: &mut Cx, input: UpdateGroupRequest) -> Result<UpdateGroupResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    let change = Change {
        pool_id: &pool.id,
        name: &input.group_name,
        description: input.description.as_deref(),
        role_arn: input.role_arn.as_deref(),
        precedence: input.precedence,
        now: cx.now,
    };
    let group = cx
        .write(async |tx| {
            groups::update(tx, &change).await?;
            groups::get(tx, change.pool_id, change.name).await
        })
        .await?;

    Ok(UpdateGroupResponse { group: Some(group.into_wire()) })
}
