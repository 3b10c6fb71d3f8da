//! `ListResourceServers`: a pool's resource servers, by identifier.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListResourceServers.html>

use cognate_domain::resource_server::ResourceServer;
use cognate_store::resource_servers;

use crate::page;
use crate::prelude::*;

/// As many as a page holds at the most, when none is asked for.
const MOST: i32 = 50;

pub(crate) async fn list_resource_servers(
    cx: &mut Cx,
    input: ListResourceServersRequest,
) -> Result<ListResourceServersResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let list = format!("ListResourceServers/{}", pool.id);
    let after = page::after(cx, &list, input.next_token.as_deref())?;
    let after = after.first().map_or("", String::as_str);
    let limit = i64::from(input.max_results.unwrap_or(MOST));

    let mut servers = resource_servers::list(&mut cx.read().await?, &pool.id, after, limit + 1).await?;

    let next_token = page::cut(cx, &list, &mut servers, limit, |server| vec![server.identifier.clone()])?;
    let resource_servers = servers.into_iter().map(ResourceServer::into_wire).collect();
    Ok(ListResourceServersResponse { resource_servers, next_token })
}
