//! `UpdateUserPoolClient`: replaces a client's configuration; what is left out goes back to its default.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html>

use cognate_store::{client_secrets, clients};

use crate::prelude::*;

pub(crate) async fn update_user_pool_client(
    cx: &mut Cx,
    input: UpdateUserPoolClientRequest,
) -> Result<UpdateUserPoolClientResponse> {
    let (pool, client) = cx.own_client(&input.user_pool_id, &input.client_id).await?;
    let mut tx = cx.read().await?;
    let row = clients::find(&mut tx, &client.id).await?;
    let mut row = row.ok_or_else(|| Error::client_not_found(&client.id))?;
    let secrets = client_secrets::list(&mut tx, &client.id).await?;
    drop(tx);

    let has_secret = row.secret_sealed.is_some() || !secrets.is_empty();
    row.config = row.config.update(input, &pool, has_secret)?;
    cx.scopes_exist(&pool.id, row.config.custom_scopes()).await?;
    row.modified_at = cx.now;

    cx.write(async |tx| clients::update(tx, &row).await).await?;
    cx.app.caches.clients.forget();

    let client = cx.app.open_client(row, secrets)?;
    Ok(UpdateUserPoolClientResponse { user_pool_client: Some(client.into_wire()) })
}
