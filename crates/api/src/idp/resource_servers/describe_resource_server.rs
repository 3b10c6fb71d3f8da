//! `DescribeResourceServer`: a resource server with its scopes.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeResourceServer.html>

use cognate_store::resource_servers;

use crate::prelude::*;

pub(crate) async fn describe_resource_server(
    cx: &mut Cx,
    input: DescribeResourceServerRequest,
) -> Result<DescribeResourceServerResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    let server = resource_servers::find(&mut cx.read().await?, &pool.id, &input.identifier).await?;

    let server = server.ok_or_else(|| Error::resource_server_not_found(&input.identifier))?;
    Ok(DescribeResourceServerResponse { resource_server: server.into_wire() })
}
