//! `DeleteUserPoolClient`: removes an app client; its tokens cannot be refreshed any more.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html>

use cognate_store::clients;
use cognate_wire::Empty;

use crate::prelude::*;

pub(crate) async fn delete_user_pool_client(cx: &mut Cx, input: DeleteUserPoolClientRequest) -> Result<Empty> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    let deleted = cx.write(async |tx| clients::delete(tx, &pool.id, &input.client_id).await).await?;
    cx.app.caches.clients.forget();

    if deleted { Ok(Empty {}) } else { Err(Error::client_not_found(&input.client_id)) }
}
