//! `AdminUserGlobalSignOut`: revokes everything a user was given so far.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html>

use cognate_engine::users;
use cognate_store::tokens;

use crate::prelude::*;

pub(crate) async fn admin_user_global_sign_out(
    cx: &mut Cx,
    input: AdminUserGlobalSignOutRequest,
) -> Result<AdminUserGlobalSignOutResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let user = users::get(&mut cx.read().await?, &pool, &input.username).await?;

    cx.write(async |tx| tokens::revoke_all(tx, &pool.id, &user.id).await).await?;

    Ok(AdminUserGlobalSignOutResponse {})
}
