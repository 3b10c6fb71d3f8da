//! `AdminUpdateUserAttributes`: an administrator changes what is known of a user, and may call a contact verified.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html>

use cognate_domain::attributes::{Attributes, check_admin_update};
use cognate_engine::users;

use crate::prelude::*;

pub(crate) async fn admin_update_user_attributes(
    cx: &mut Cx,
    input: AdminUpdateUserAttributesRequest,
) -> Result<AdminUpdateUserAttributesResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let changes = Attributes::from_wire(input.user_attributes)?;
    let user = users::get(&mut cx.read().await?, &pool, &input.username).await?;

    check_admin_update(&pool.config.schema, &changes)?;

    cx.update_attributes(&pool, &user, &changes).await?;

    Ok(AdminUpdateUserAttributesResponse {})
}
