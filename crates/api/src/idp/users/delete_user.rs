//! `DeleteUser`: people remove themselves, with everything that is only theirs.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html>

use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn delete_user(cx: &mut Cx, _input: DeleteUserRequest) -> Result<Empty> {
    let bearer = cx.bearer()?;

    cx.delete_user(&bearer.user).await?;

    Ok(Empty {})
}
