//! `ListTagsForResource`: a pool's tags.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTagsForResource.html>

use super::tagged_pool::tagged_pool;
use crate::prelude::*;

pub(crate) async fn list_tags_for_resource(
    cx: &mut Cx,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse> {
    let pool = tagged_pool(cx, &input.resource_arn).await?;

    Ok(ListTagsForResourceResponse { tags: Some(pool.config.tags()) })
}
