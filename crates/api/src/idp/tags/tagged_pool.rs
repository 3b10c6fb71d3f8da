//! The pool that an ARN names. Only pools have tags.

use std::sync::Arc;

use cognate_domain::pool::Pool;

use crate::prelude::*;

/// A pool of the caller's. The whole ARN must be the pool's own: partition, service, region and account are not decoration.
pub(super) async fn tagged_pool(cx: &Cx, arn: &str) -> Result<Arc<Pool>> {
    let id = arn.rsplit_once(":userpool/").map(|(_, id)| id).ok_or_else(Error::not_a_pool_arn)?;
    let pool = cx.own_pool(id).await?;
    if pool.arn() == arn { Ok(pool) } else { Err(Error::pool_not_found(id)) }
}
