//! `AddCustomAttributes`: adds attributes to a pool's schema, all or none. They can be written at once, and never go again.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html>

use cognate_store::pools;

use crate::prelude::*;

pub(crate) async fn add_custom_attributes(
    cx: &mut Cx,
    input: AddCustomAttributesRequest,
) -> Result<AddCustomAttributesResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let now = cx.now;

    cx.write(async |tx| {
        let mut row = pools::get(tx, &pool.id).await?;
        row.config.schema = row.config.schema.with_custom(&input.custom_attributes)?;
        row.modified_at = now;
        pools::update(tx, &row).await
    })
    .await?;
    cx.app.caches.pools.forget();

    Ok(AddCustomAttributesResponse {})
}
