//! `AddUserPoolClientSecret`: gives a client its second secret, so that the first can go without anybody waiting.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html>

use cognate_domain::client::secret_id;
use cognate_domain::ids;
use cognate_engine::pools::SECRET_ATTEMPTS;
use cognate_engine::sealing::{Sealed, row_of};
use cognate_store::client_secrets::{self, SecretRow};
use cognate_wire::Secret;

use crate::prelude::*;

pub(crate) async fn add_user_pool_client_secret(
    cx: &mut Cx,
    input: AddUserPoolClientSecretRequest,
) -> Result<AddUserPoolClientSecretResponse> {
    let generated = input.client_secret.is_none().then(|| Secret::from(ids::client_secret(cx.entropy())));
    let secret = input.client_secret.or_else(|| generated.clone()).unwrap_or_default();

    for _ in 0..SECRET_ATTEMPTS {
        let client = cx.own_client_anew(&input.user_pool_id, &input.client_id).await?;
        let created_at = client.next_secret_at(cx.now)?;
        let secret_id = secret_id(&client.id, created_at);
        let place = row_of(&client.id, &secret_id);
        let row = SecretRow {
            secret_sealed: cx.app.seal(Sealed::AddedClientSecret, &place, secret.expose().as_bytes())?,
            client_id: client.id,
            secret_id,
            created_at,
        };

        if cx.write(async |tx| client_secrets::insert(tx, &row, client.version).await).await? {
            cx.app.caches.clients.forget();
            return Ok(AddUserPoolClientSecretResponse {
                client_secret_descriptor: Some(ClientSecretDescriptorType {
                    client_secret_id: Some(row.secret_id),
                    client_secret_value: generated,
                    client_secret_create_date: Some(row.created_at.as_json_seconds()),
                }),
            });
        }
    }
    Err(Error::too_many_requests())
}
