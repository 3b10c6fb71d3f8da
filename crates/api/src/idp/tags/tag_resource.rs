//! `TagResource`: adds tags to a pool; values of keys that are there already are replaced.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html>

use cognate_store::pools;

use super::tagged_pool::tagged_pool;
use crate::prelude::*;

pub(crate) async fn tag_resource(cx: &mut Cx, input: TagResourceRequest) -> Result<TagResourceResponse> {
    let pool = tagged_pool(cx, &input.resource_arn).await?;

    cx.write(async |tx| {
        let mut row = pools::get(tx, &pool.id).await?;
        row.config.tag(input.tags)?;
        pools::update(tx, &row).await
    })
    .await?;
    cx.app.caches.pools.forget();

    Ok(TagResourceResponse {})
}
