//! `UpdateUserAttributes`: people change what is known of them. A new e-mail address or phone number is sent a code.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html>

use cognate_domain::attributes::{Attributes, check_update};
use cognate_domain::delivery::Destination;

use crate::prelude::*;

pub(crate) async fn update_user_attributes(
    cx: &mut Cx,
    input: UpdateUserAttributesRequest,
) -> Result<UpdateUserAttributesResponse> {
    let bearer = cx.bearer()?;
    let (pool, client) = cx.client(&bearer.family.client_id).await?;

    let changes = Attributes::from_wire(input.user_attributes)?;
    check_update(&pool.config.schema, &changes, &client.permissions)?;

    let sent = cx.update_attributes(&pool, &bearer.user, &changes).await?;

    let sent = sent.into_iter().map(Destination::into_wire).collect();
    Ok(UpdateUserAttributesResponse { code_delivery_details_list: Some(sent) })
}
