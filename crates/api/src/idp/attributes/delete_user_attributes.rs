//! `DeleteUserAttributes`: people remove what is known of them.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html>

use cognate_domain::attributes::{Attributes, check_delete};

use crate::prelude::*;

pub(crate) async fn delete_user_attributes(
    cx: &mut Cx,
    input: DeleteUserAttributesRequest,
) -> Result<DeleteUserAttributesResponse> {
    let bearer = cx.bearer()?;
    let (pool, client) = cx.client(&bearer.family.client_id).await?;

    check_delete(&pool.config.schema, &input.user_attribute_names, Some(&client.permissions))?;

    cx.update_attributes(&pool, &bearer.user, &Attributes::blank(&input.user_attribute_names)).await?;

    Ok(DeleteUserAttributesResponse {})
}
