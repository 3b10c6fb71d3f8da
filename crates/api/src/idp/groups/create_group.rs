//! `CreateGroup`: a new group of a pool.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html>

use cognate_domain::group::{Group, MOST_IN_POOL};
use cognate_domain::ids;
use cognate_store::groups;

use crate::prelude::*;

/// So near the limit each creation counts for itself; below, one count before the write does: never are so many created
/// at the same moment.
const NEAR: i64 = 500;

pub(crate) async fn create_group(cx: &mut Cx, input: CreateGroupRequest) -> Result<CreateGroupResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let counts = groups::count(&mut cx.read().await?, &pool.id).await? >= MOST_IN_POOL - NEAR;

    let id = ids::uuid(cx.entropy()).to_string();
    let group = Group::from_wire(input, id, cx.now);

    cx.write(async |tx| {
        if counts && groups::count(tx, &pool.id).await? >= MOST_IN_POOL {
            return Err(Error::too_many_groups());
        }
        groups::insert(tx, &group).await
    })
    .await?;

    Ok(CreateGroupResponse { group: Some(group.into_wire()) })
}
