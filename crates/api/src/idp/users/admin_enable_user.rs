//! `AdminEnableUser`: lets a user sign in again. What was revoked when they were disabled stays revoked.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminEnableUser.html>

use cognate_domain::user::User;
use cognate_engine::users::{self, Change, TakenAlias};

use crate::prelude::*;

pub(crate) async fn admin_enable_user(cx: &mut Cx, input: AdminEnableUserRequest) -> Result<AdminEnableUserResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let user = users::get(&mut cx.read().await?, &pool, &input.username).await?;
    let now = cx.now;

    cx.write(async |tx| {
        let before = cognate_store::users::find(tx, &pool.id, &user.id).await?.ok_or_else(Error::user_not_found)?;
        if before.enabled {
            return Ok(());
        }
        let after = User { enabled: true, modified_at: now, ..before.clone() };
        users::update(tx, &pool, &Change { before: &before, after: &after, taken: TakenAlias::Refuse }).await
    })
    .await?;

    Ok(AdminEnableUserResponse {})
}
