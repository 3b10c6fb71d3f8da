//! `ListUsers`: users of a pool: all, or those a filter finds.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html>

use cognate_domain::filter::{Comparison, Filter, prefix_end};
use cognate_domain::pool::Pool;
use cognate_domain::user::User;
use cognate_store::user_search::{self, Range};

use crate::page;
use crate::prelude::*;

pub(crate) async fn list_users(cx: &mut Cx, input: ListUsersRequest) -> Result<ListUsersResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let filter_text = input.filter.as_deref().unwrap_or_default();
    let filter = Filter::parse(filter_text)?;
    let list = format!("ListUsers/{}/{filter_text}", pool.id);
    let after = page::after(cx, &list, input.pagination_token.as_deref())?;
    let limit = page::limit(input.limit);

    let mut rows = find(cx, &pool, filter.as_ref(), &after, limit + 1).await?;

    let pagination_token =
        page::cut(cx, &list, &mut rows, limit, |(value, user)| vec![value.clone(), user.id.clone()])?;
    let wanted = input.attributes_to_get.as_deref();
    let users: Result<Vec<UserType>> = rows.into_iter().map(|(_, user)| shown(user, wanted)).collect();
    Ok(ListUsersResponse { users: Some(users?), pagination_token })
}

/// Above every value that is searched.
const GREATEST: &str = "\u{10FFFF}";
const LONGEST: usize = 300;

/// Pairs of what a page goes by and the user.
async fn find(
    cx: &Cx,
    pool: &Pool,
    filter: Option<&Filter>,
    after: &[String],
    limit: i64,
) -> Result<Vec<(String, User)>> {
    let tx = &mut cx.read().await?;
    let Some(filter) = filter else {
        let after = after.get(1).map_or("", String::as_str);
        let users = user_search::list_by_id(tx, &pool.id, after, limit).await?;
        return Ok(users.into_iter().map(|user| (String::new(), user)).collect());
    };
    let from = filter.folded_value(&pool.config.names);
    let before = match filter.comparison {
        Comparison::StartsWith => prefix_end(&from).unwrap_or_else(|| GREATEST.repeat(LONGEST)),
        Comparison::Equals => format!("{from}\u{1}"), // the next greater text: values hold no U+0000
    };
    let range = Range { attribute: filter.attribute.name(), from: &from, before: &before };
    let after = after.first().zip(after.get(1)).map(|(value, user)| (value.as_str(), user.as_str()));
    user_search::list(tx, &pool.id, &range, after, limit).await
}

/// Only the attributes asked for, which every user found must have.
fn shown(user: User, wanted: Option<&[String]>) -> Result<UserType> {
    let mut shown = user.into_wire();
    if let (Some(wanted), Some(attributes)) = (wanted, &mut shown.attributes) {
        let has = |name: &String| attributes.iter().any(|attribute| attribute.name == *name);
        if !wanted.iter().all(has) {
            return Err(Error::attribute_not_found_on_user());
        }
        attributes.retain(|attribute| wanted.contains(&attribute.name));
    }
    Ok(shown)
}
