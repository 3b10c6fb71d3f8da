//! `CreateResourceServer`: a new resource server of a pool, with its scopes.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html>

use cognate_domain::resource_server::{MOST_IN_POOL, ResourceServer};
use cognate_store::resource_servers;

use crate::prelude::*;

/// So near the limit each creation counts for itself; below, one count before the write does: never are so many created
/// at the same moment.
const NEAR: i64 = 50;

pub(crate) async fn create_resource_server(
    cx: &mut Cx,
    input: CreateResourceServerRequest,
) -> Result<CreateResourceServerResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let counts = resource_servers::count(&mut cx.read().await?, &pool.id).await? >= MOST_IN_POOL - NEAR;

    let server = ResourceServer::create(input)?;

    cx.write(async |tx| {
        if counts && resource_servers::count(tx, &pool.id).await? >= MOST_IN_POOL {
            return Err(Error::too_many_resource_servers());
        }
        resource_servers::insert(tx, &server).await
    })
    .await?;

    Ok(CreateResourceServerResponse { resource_server: server.into_wire() })
}
