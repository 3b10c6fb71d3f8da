//! `DescribeUserPoolDomain`: a domain by its name.
//! AWS: one that is not there is described by an empty object; so is one that is not the caller's.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html>

use cognate_domain::login_domain;
use cognate_store::login_domains;
use cognate_wire::ErrorKind;

use crate::prelude::*;

pub(crate) async fn describe_user_pool_domain(
    cx: &mut Cx,
    input: DescribeUserPoolDomainRequest,
) -> Result<DescribeUserPoolDomainResponse> {
    let unknown = DescribeUserPoolDomainResponse { domain_description: Some(DomainDescriptionType::default()) };
    let domain = login_domains::find(&mut cx.read().await?, &input.domain).await?;
    let Some(domain) = domain else { return Ok(unknown) };
    let pool = match cx.own_pool(&domain.pool_id).await {
        Ok(pool) => pool,
        Err(error) if error.kind == ErrorKind::ResourceNotFound => return Ok(unknown),
        Err(error) => return Err(error),
    };

    let described = domain.into_wire(pool.account.clone(), login_domain::target(&cx.app.settings.public_url));
    Ok(DescribeUserPoolDomainResponse { domain_description: Some(described) })
}
