//! `AdminDeleteUserAttributes`: an administrator removes what is known of a user.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUserAttributes.html>

use cognate_domain::attributes::{Attributes, check_delete};
use cognate_engine::users;

use crate::prelude::*;

pub(crate) async fn admin_delete_user_attributes(
    cx: &mut Cx,
    input: AdminDeleteUserAttributesRequest,
) -> Result<AdminDeleteUserAttributesResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let user = users::get(&mut cx.read().await?, &pool, &input.username).await?;

    check_delete(&pool.config.schema, &input.user_attribute_names, None)?;

    cx.update_attributes(&pool, &user, &Attributes::blank(&input.user_attribute_names)).await?;

    Ok(AdminDeleteUserAttributesResponse {})
}
