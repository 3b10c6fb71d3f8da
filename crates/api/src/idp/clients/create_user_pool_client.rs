//! `CreateUserPoolClient`: gives a pool a new app client.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html>

use cognate_domain::client::ClientConfig;
use cognate_domain::ids;
use cognate_engine::sealing::Sealed;
use cognate_store::clients::{self, ClientRow};

use crate::prelude::*;

pub(crate) async fn create_user_pool_client(
    cx: &mut Cx,
    input: CreateUserPoolClientRequest,
) -> Result<CreateUserPoolClientResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let given = input.client_secret.as_ref().map(|secret| secret.expose().to_owned());
    let generated = (input.generate_secret == Some(true)).then(|| ids::client_secret(cx.entropy()));
    let config = ClientConfig::create(input, &pool)?;
    cx.scopes_exist(&pool.id, config.custom_scopes()).await?;

    let client_id = ids::client_id(cx.entropy());
    let secret = given.or(generated).map(zeroize::Zeroizing::new);
    let sealed = secret.map(|secret| cx.app.seal(Sealed::ClientSecret, &client_id, secret.as_bytes()));
    let row = ClientRow {
        client_id,
        pool_id: pool.id.clone(),
        config,
        secret_sealed: sealed.transpose()?,
        version: 1,
        created_at: cx.now,
        modified_at: cx.now,
    };

    cx.write(async |tx| clients::insert(tx, &row).await).await?;

    let client = cx.app.open_client(row, Vec::new())?;
    Ok(CreateUserPoolClientResponse { user_pool_client: Some(client.into_wire()) })
}
