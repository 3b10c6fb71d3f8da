//! `AdminDeleteUser`: removes a user with everything that is only theirs.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html>

use cognate_domain::ids;
use cognate_engine::users;
use cognate_store::pools;
use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn admin_delete_user(cx: &mut Cx, input: AdminDeleteUserRequest) -> Result<Empty> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let [shard] = ids::random::<1>(cx.entropy());

    cx.write(async |tx| {
        let user = users::get(tx, &pool, &input.username).await?;
        if !cognate_store::users::delete(tx, &pool.id, &user.id).await? {
            return Err(Error::user_not_found());
        }
        pools::count_users(tx, &pool.id, shard % pools::COUNT_SHARDS, -1).await
    })
    .await?;

    Ok(Empty {})
}
