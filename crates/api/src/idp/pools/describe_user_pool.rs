//! `DescribeUserPool`: a pool's configuration and the estimated number of its users.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html>

use cognate_store::pools;

use crate::prelude::*;

pub(crate) async fn describe_user_pool(
    cx: &mut Cx,
    input: DescribeUserPoolRequest,
) -> Result<DescribeUserPoolResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let users = pools::number_of_users(&mut cx.read().await?, &pool.id).await?;

    Ok(DescribeUserPoolResponse { user_pool: Some((*pool).clone().into_wire(users)) })
}
