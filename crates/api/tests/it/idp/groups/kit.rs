//! The beginnings of the tests of groups.

use std::collections::BTreeMap;

use cognate_engine::jobs;
use cognate_testkit::app::merged;
use cognate_testkit::{Answered, TestApp};
use serde_json::{Value, json};
use tokio::task::JoinSet;

pub(super) const GROUP_NOT_FOUND: (&str, &str) = ("ResourceNotFoundException", "Group not found.");
pub(super) const USER_NOT_FOUND: (&str, &str) = ("UserNotFoundException", "User does not exist.");

pub(super) fn role(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

pub(super) async fn create(app: &TestApp, pool: &str, name: &str, more: Value) -> Answered {
    app.idp("CreateGroup", merged(json!({ "UserPoolId": pool, "GroupName": name }), more)).await
}

pub(super) async fn get(app: &TestApp, pool: &str, name: &str) -> Answered {
    app.idp("GetGroup", json!({ "UserPoolId": pool, "GroupName": name })).await
}

pub(super) async fn delete(app: &TestApp, pool: &str, name: &str) -> Answered {
    app.idp("DeleteGroup", json!({ "UserPoolId": pool, "GroupName": name })).await
}

pub(super) async fn add(app: &TestApp, pool: &str, user: &str, group: &str) -> Answered {
    let input = json!({ "UserPoolId": pool, "Username": user, "GroupName": group });
    app.idp("AdminAddUserToGroup", input).await
}

pub(super) async fn remove(app: &TestApp, pool: &str, user: &str, group: &str) -> Answered {
    let input = json!({ "UserPoolId": pool, "Username": user, "GroupName": group });
    app.idp("AdminRemoveUserFromGroup", input).await
}

/// A pool with a group and ann, who is not in it.
pub(super) async fn ann_and_group(app: &TestApp, group: &str) -> String {
    let pool = app.pool().await;
    app.user(&pool, "ann").await;
    create(app, &pool, group, json!({})).await.assert_good();
    pool
}

/// The names on the first page of a user's groups.
pub(super) async fn groups_of(app: &TestApp, pool: &str, user: &str) -> Vec<String> {
    let listed = app.idp("AdminListGroupsForUser", json!({ "UserPoolId": pool, "Username": user })).await.good();
    names(&listed["Groups"], "GroupName")
}

/// The names on the first page of a group's members, sorted.
pub(super) async fn members(app: &TestApp, pool: &str, group: &str) -> Vec<String> {
    let listed = app.idp("ListUsersInGroup", json!({ "UserPoolId": pool, "GroupName": group })).await.good();
    let mut names = names(&listed["Users"], "Username");
    names.sort();
    names
}

pub(super) fn names(listed: &Value, member: &str) -> Vec<String> {
    listed.as_array().unwrap().iter().map(|one| one[member].as_str().unwrap().to_owned()).collect()
}

/// What all pages of a list hold under `member`, in their order; `input` names the list and the size of a page.
pub(super) async fn pages(app: &TestApp, operation: &str, mut input: Value, member: &str, name: &str) -> Vec<String> {
    let (mut seen, limit) = (Vec::new(), usize::try_from(input["Limit"].as_u64().unwrap()).unwrap());
    loop {
        let page = app.idp(operation, input.clone()).await.good();
        let here = names(&page[member], name);
        assert!(here.len() <= limit, "{here:?}");
        seen.extend(here);
        let Some(token) = page.get("NextToken") else { return seen };
        input["NextToken"] = token.clone();
        assert!(seen.len() < 100, "the pages never end");
    }
}

/// Lays many groups into the store at once: `group-1` and so on.
pub(super) async fn fill(app: &TestApp, pool: &str, number: i64) {
    let laid = app.app.db.write(async |tx| {
        tx.query(
            "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)
             INSERT INTO user_groups (pool_id, group_name, group_id, created_at, modified_at)
             SELECT CAST($1 AS TEXT), 'group-' || CAST(i AS TEXT), 'id-' || CAST(i AS TEXT), 0, 0 FROM n",
        )
        .bind(pool)
        .bind(number)
        .execute()
        .await
    });
    laid.await.unwrap();
}

/// Puts a user into every group of the pool.
pub(super) async fn fill_user(app: &TestApp, pool: &str, user_id: &str) {
    let laid = app.app.db.write(async |tx| {
        tx.query(
            "INSERT INTO group_members (pool_id, user_id, group_id, added_at)
             SELECT pool_id, CAST($2 AS TEXT), group_id, 0 FROM user_groups WHERE pool_id = $1",
        )
        .bind(pool)
        .bind(user_id)
        .execute()
        .await
    });
    laid.await.unwrap();
}

/// The background work, until nothing is left to do.
pub(super) async fn work(app: &TestApp) {
    let mut steps = 0;
    while jobs::step(&app.app).await.unwrap() {
        steps += 1;
        assert!(steps < 200, "the work never ends");
    }
}

/// How often each outcome came, of calls that ran at once: `ok` or the error's name.
pub(super) async fn outcomes(calls: JoinSet<Answered>) -> BTreeMap<String, usize> {
    let mut outcomes = BTreeMap::new();
    for answer in calls.join_all().await {
        *outcomes.entry(answer.error.unwrap_or_else(|| "ok".to_owned())).or_default() += 1;
    }
    outcomes
}

/// That nothing but these came.
#[track_caller]
pub(super) fn assert_only(outcomes: &BTreeMap<String, usize>, these: &[&str]) {
    assert!(outcomes.keys().all(|outcome| these.contains(&outcome.as_str())), "{outcomes:?}");
}
