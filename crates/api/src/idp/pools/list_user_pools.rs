//! `ListUserPools`: the caller's pools in the region, by id.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html>

use cognate_store::pools::{self, PoolRow};

use crate::page;
use crate::prelude::*;

pub(crate) async fn list_user_pools(cx: &mut Cx, input: ListUserPoolsRequest) -> Result<ListUserPoolsResponse> {
    let owner = (cx.caller.account.as_str(), cx.caller.region.as_str());
    let list = format!("ListUserPools/{}/{}", owner.0, owner.1);
    let after = page::after(cx, &list, input.next_token.as_deref())?;
    let after = after.first().map_or("", String::as_str);
    let limit = i64::from(input.max_results);

    let mut rows = pools::list(&mut cx.read().await?, owner, after, limit + 1).await?;

    let next_token = page::cut(cx, &list, &mut rows, limit, |row| vec![row.pool_id.clone()])?;
    Ok(ListUserPoolsResponse { user_pools: Some(rows.into_iter().map(described).collect()), next_token })
}

fn described(row: PoolRow) -> UserPoolDescriptionType {
    let described = row.config.described;
    UserPoolDescriptionType {
        id: Some(row.pool_id),
        name: described.name,
        lambda_config: described.lambda_config,
        creation_date: Some(row.created_at.as_json_seconds()),
        last_modified_date: Some(row.modified_at.as_json_seconds()),
        ..UserPoolDescriptionType::default()
    }
}
