//! `GlobalSignOut`: revokes everything the user was given so far.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html>

use cognate_store::tokens;

use crate::prelude::*;

pub(crate) async fn global_sign_out(cx: &mut Cx, _input: GlobalSignOutRequest) -> Result<GlobalSignOutResponse> {
    let bearer = cx.bearer()?;

    cx.write(async |tx| tokens::revoke_all(tx, &bearer.user.pool_id, &bearer.user.id).await).await?;

    Ok(GlobalSignOutResponse {})
}
