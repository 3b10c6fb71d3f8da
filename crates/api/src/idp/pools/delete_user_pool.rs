//! `DeleteUserPool`: removes a pool with its clients and keys at once; its users follow in small steps.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html>

use cognate_store::pools;
use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn delete_user_pool(cx: &mut Cx, input: DeleteUserPoolRequest) -> Result<Empty> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let now = cx.now;
    let deleted = cx
        .write(async |tx| {
            let row = pools::find(tx, &pool.id).await?.ok_or_else(|| Error::pool_not_found(&pool.id))?;
            if row.config.deletion_protected() {
                return Err(Error::deletion_protected());
            }
            if row.config.has_domain() {
                return Err(Error::pool_has_domain_to_delete());
            }
            pools::delete(tx, &pool.id, now).await
        })
        .await?;
    cx.app.caches.forget_all();

    if deleted { Ok(Empty {}) } else { Err(Error::pool_not_found(&pool.id)) }
}
