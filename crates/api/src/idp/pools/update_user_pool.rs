//! `UpdateUserPool`: replaces a pool's configuration; what is left out goes back to its default.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html>

use cognate_store::{login_domains, pools};

use crate::prelude::*;

pub(crate) async fn update_user_pool(cx: &mut Cx, input: UpdateUserPoolRequest) -> Result<UpdateUserPoolResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let row = pools::find(&mut cx.read().await?, &pool.id).await?;
    let mut row = row.ok_or_else(|| Error::pool_not_found(&input.user_pool_id))?;

    row.config = row.config.update(input)?;
    row.modified_at = cx.now;

    cx.write(async |tx| {
        for name in row.config.domains() {
            if let Some(domain) = login_domains::find(tx, name).await? {
                domain.fits(row.config.tier())?;
            }
        }
        pools::update(tx, &row).await
    })
    .await?;
    cx.app.caches.pools.forget();

    Ok(UpdateUserPoolResponse {})
}
