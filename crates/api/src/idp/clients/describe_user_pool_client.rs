//! `DescribeUserPoolClient`: an app client, its secret included.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html>

use crate::prelude::*;

pub(crate) async fn describe_user_pool_client(
    cx: &mut Cx,
    input: DescribeUserPoolClientRequest,
) -> Result<DescribeUserPoolClientResponse> {
    let (_, client) = cx.own_client(&input.user_pool_id, &input.client_id).await?;

    Ok(DescribeUserPoolClientResponse { user_pool_client: Some((*client).clone().into_wire()) })
}
