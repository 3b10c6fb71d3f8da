//! `AdminDeleteUser`: removes a user with everything that is only theirs.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html>

use cognate_engine::users;
use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn admin_delete_user(cx: &mut Cx, input: AdminDeleteUserRequest) -> Result<Empty> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let user = users::get(&mut cx.read().await?, &pool, &input.username).await?;

    cx.delete_user(&user).await?;

    Ok(Empty {})
}
