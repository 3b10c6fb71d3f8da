//! `UpdateUserPoolDomain`: another certificate, or another version of the login pages.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolDomain.html>

use cognate_domain::login_domain;
use cognate_store::login_domains;

use crate::prelude::*;

pub(crate) async fn update_user_pool_domain(
    cx: &mut Cx,
    input: UpdateUserPoolDomainRequest,
) -> Result<UpdateUserPoolDomainResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let now = cx.now;

    let domain = cx
        .write(async |tx| {
            let found = login_domains::find(tx, &input.domain).await?.filter(|domain| domain.pool_id == pool.id);
            let domain = found.ok_or_else(Error::domain_not_found)?.update(&input, &pool, now)?;
            login_domains::update(tx, &domain).await?;
            Ok(domain)
        })
        .await?;
    cx.app.caches.domains.forget();

    let host = login_domain::target(&cx.app.settings.public_url);
    Ok(UpdateUserPoolDomainResponse {
        managed_login_version: Some(domain.config.managed_login_version),
        cloud_front_domain: host.filter(|_| domain.is_custom()),
        routing: None,
    })
}
