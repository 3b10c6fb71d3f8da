//! `AdminDisableUser`: shuts a user out, and revokes everything they were given so far.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html>

use cognate_domain::user::User;
use cognate_engine::users::{self, Change, TakenAlias};
use cognate_store::tokens;

use crate::prelude::*;

pub(crate) async fn admin_disable_user(
    cx: &mut Cx,
    input: AdminDisableUserRequest,
) -> Result<AdminDisableUserResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let user = users::get(&mut cx.read().await?, &pool, &input.username).await?;
    let now = cx.now;

    cx.write(async |tx| {
        let before = cognate_store::users::find(tx, &pool.id, &user.id).await?.ok_or_else(Error::user_not_found)?;
        if before.enabled {
            let after = User { enabled: false, modified_at: now, ..before.clone() };
            users::update(tx, &pool, &Change { before: &before, after: &after, taken: TakenAlias::Refuse }).await?;
        }
        tokens::revoke_all(tx, &pool.id, &user.id).await
    })
    .await?;

    Ok(AdminDisableUserResponse {})
}
