//! `DeleteUserPoolClientSecret`: takes one of a client's two secrets away; from then on it proves nothing.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClientSecret.html>

use cognate_engine::pools::SECRET_ATTEMPTS;
use cognate_store::client_secrets;

use crate::prelude::*;

pub(crate) async fn delete_user_pool_client_secret(
    cx: &mut Cx,
    input: DeleteUserPoolClientSecretRequest,
) -> Result<DeleteUserPoolClientSecretResponse> {
    for _ in 0..SECRET_ATTEMPTS {
        let client = cx.own_client_anew(&input.user_pool_id, &input.client_id).await?;
        let secret = client.removable_secret(&input.client_secret_id)?;

        let deleted = cx
            .write(async |tx| {
                if secret.is_first {
                    client_secrets::delete_first(tx, &client.id, client.version).await
                } else {
                    client_secrets::delete(tx, &client.id, &secret.id, client.version).await
                }
            })
            .await?;
        if deleted {
            cx.app.caches.clients.forget();
            return Ok(DeleteUserPoolClientSecretResponse {});
        }
    }
    Err(Error::too_many_requests())
}
