//! `UpdateResourceServer`: replaces name and scopes. Clients keep the scopes that go, see `domain::resource_server`.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateResourceServer.html>

use cognate_domain::resource_server::ResourceServer;
use cognate_store::resource_servers;

use crate::prelude::*;

pub(crate) async fn update_resource_server(
    cx: &mut Cx,
    input: UpdateResourceServerRequest,
) -> Result<UpdateResourceServerResponse> {
    cx.own_pool(&input.user_pool_id).await?;

    let server = ResourceServer::update(input)?;

    let changed = cx.write(async |tx| resource_servers::update(tx, &server).await).await?;

    if !changed {
        return Err(Error::resource_server_not_found(&server.identifier));
    }
    Ok(UpdateResourceServerResponse { resource_server: server.into_wire() })
}
