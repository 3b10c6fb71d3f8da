//! `CreateUserPoolDomain`: gives a pool a prefix or a name of the owner's own, if nobody on the server has it.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html>

use cognate_domain::login_domain::{self, LoginDomain};
use cognate_store::{login_domains, pools};

use crate::prelude::*;

pub(crate) async fn create_user_pool_domain(
    cx: &mut Cx,
    input: CreateUserPoolDomainRequest,
) -> Result<CreateUserPoolDomainResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let host = login_domain::target(&cx.app.settings.public_url);

    let domain = LoginDomain::create(input, &pool, host.as_deref(), cx.now)?;

    cx.write(async |tx| {
        let mut row = pools::get(tx, &pool.id).await?;
        row.config.add_domain(&domain.name, domain.is_custom())?;
        pools::update(tx, &row).await?;
        login_domains::insert(tx, &domain).await
    })
    .await?;
    cx.app.caches.pools.forget();

    Ok(CreateUserPoolDomainResponse {
        managed_login_version: Some(domain.config.managed_login_version),
        cloud_front_domain: host.filter(|_| domain.is_custom()),
        routing: None,
    })
}
