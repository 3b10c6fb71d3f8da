//! `DeleteUserPoolDomain`: takes a domain from its pool; anybody may have its name then.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolDomain.html>

use cognate_store::{login_domains, pools};

use crate::prelude::*;

pub(crate) async fn delete_user_pool_domain(
    cx: &mut Cx,
    input: DeleteUserPoolDomainRequest,
) -> Result<DeleteUserPoolDomainResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    cx.write(async |tx| {
        let mut row = pools::get(tx, &pool.id).await?;
        if !login_domains::delete(tx, &pool.id, &input.domain).await? {
            return Err(Error::domain_not_found());
        }
        row.config.remove_domain(&input.domain);
        pools::update(tx, &row).await
    })
    .await?;
    cx.app.caches.pools.forget();
    cx.app.caches.domains.forget();

    Ok(DeleteUserPoolDomainResponse {})
}
