//! `ListUserPoolClientSecrets`: which secrets a client has, and since when; never what they are.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClientSecrets.html>

use cognate_domain::client::ClientSecret;

use crate::prelude::*;

/// AWS: both fit one page, so no page token was ever given out.
pub(crate) async fn list_user_pool_client_secrets(
    cx: &mut Cx,
    input: ListUserPoolClientSecretsRequest,
) -> Result<ListUserPoolClientSecretsResponse> {
    let (_, client) = cx.own_client(&input.user_pool_id, &input.client_id).await?;
    if input.next_token.is_some() {
        return Err(Error::invalid_pagination_token());
    }

    let client_secrets = client.secrets.iter().map(described).collect();
    Ok(ListUserPoolClientSecretsResponse { client_secrets: Some(client_secrets), next_token: None })
}

fn described(secret: &ClientSecret) -> ClientSecretDescriptorType {
    ClientSecretDescriptorType {
        client_secret_id: Some(secret.id.clone()),
        client_secret_value: None,
        client_secret_create_date: Some(secret.created_at.as_json_seconds()),
    }
}
