//! `DeleteResourceServer`: removes a resource server. Clients keep its scopes, see `domain::resource_server`.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteResourceServer.html>

use cognate_store::resource_servers;
use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn delete_resource_server(cx: &mut Cx, input: DeleteResourceServerRequest) -> Result<Empty> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    let deleted = cx.write(async |tx| resource_servers::delete(tx, &pool.id, &input.identifier).await).await?;

    if deleted { Ok(Empty {}) } else { Err(Error::resource_server_not_found(&input.identifier)) }
}
