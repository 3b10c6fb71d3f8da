//! `ListUserPoolClients`: a pool's app clients, by id.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html>

use cognate_store::clients::{self, ClientRow};

use crate::page;
use crate::prelude::*;

/// AWS: as many as a page holds at the most, when none is asked for.
const MOST: i32 = 60;

pub(crate) async fn list_user_pool_clients(
    cx: &mut Cx,
    input: ListUserPoolClientsRequest,
) -> Result<ListUserPoolClientsResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let list = format!("ListUserPoolClients/{}", pool.id);
    let after = page::after(cx, &list, input.next_token.as_deref())?;
    let after = after.first().map_or("", String::as_str);
    let limit = i64::from(input.max_results.unwrap_or(MOST));
    if input.client_type == Some(ClientTypeType::Dcr) {
        return Ok(ListUserPoolClientsResponse { user_pool_clients: Some(Vec::new()), next_token: None });
    }

    let mut rows = clients::list(&mut cx.read().await?, &pool.id, after, limit + 1).await?;

    let next_token = page::cut(cx, &list, &mut rows, limit, |row| vec![row.client_id.clone()])?;
    Ok(ListUserPoolClientsResponse { user_pool_clients: Some(rows.into_iter().map(described).collect()), next_token })
}

fn described(row: ClientRow) -> UserPoolClientDescription {
    UserPoolClientDescription {
        client_name: Some(row.config.name().to_owned()),
        client_id: Some(row.client_id),
        user_pool_id: Some(row.pool_id),
    }
}
