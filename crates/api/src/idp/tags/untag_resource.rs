//! `UntagResource`: takes tags from a pool. Keys that it does not have are no error.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UntagResource.html>

use cognate_store::pools;

use super::tagged_pool::tagged_pool;
use crate::prelude::*;

pub(crate) async fn untag_resource(cx: &mut Cx, input: UntagResourceRequest) -> Result<UntagResourceResponse> {
    let pool = tagged_pool(cx, &input.resource_arn).await?;

    cx.write(async |tx| {
        let mut row = pools::get(tx, &pool.id).await?;
        row.config.untag(&input.tag_keys);
        pools::update(tx, &row).await
    })
    .await?;
    cx.app.caches.pools.forget();

    Ok(UntagResourceResponse {})
}
