//! `DeleteGroup`: removes a group; its members stop being so at once, and their rows follow in small steps.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteGroup.html>

use cognate_store::groups;
use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn delete_group(cx: &mut Cx, input: DeleteGroupRequest) -> Result<Empty> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let now = cx.now;

    let deleted = cx.write(async |tx| groups::delete(tx, &pool.id, &input.group_name, now).await).await?;

    if deleted { Ok(Empty {}) } else { Err(Error::group_not_found()) }
}
