//! Page tokens of lists: bound to their list, and good for an hour.

use std::time::Duration;

use cognate_testkit::app::merged;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

const INVALID: (&str, &str) = ("InvalidParameterException", "Invalid pagination token given.");

async fn users(app: &TestApp, pool: &str, more: Value) -> cognate_testkit::Answered {
    app.idp("ListUsers", merged(json!({ "UserPoolId": pool, "Limit": 2 }), more)).await
}

/// A pool of five, and the token behind the first two.
async fn five(app: &TestApp) -> (String, String) {
    let pool = app.pool().await;
    for name in ["ann", "anna", "anne", "annie", "bob"] {
        app.invited(&pool, name, cognate_testkit::app::PASSWORD).await;
    }
    let token = users(app, &pool, json!({})).await.text("/PaginationToken");
    (pool, token)
}

both_engines! {
    async fn pages_hold_everybody_once(app: TestApp) {
        let (pool, _) = five(&app).await;

        let (everybody, some) = (["ann", "anna", "anne", "annie", "bob"], "username ^= \"an\"");
        for (mut more, wanted) in [(json!({}), &everybody[..]), (json!({ "Filter": some }), &everybody[..4])] {
            let mut seen = Vec::new();
            loop {
                let page = users(&app, &pool, more.clone()).await.good();
                let users = page["Users"].as_array().unwrap();
                seen.extend(users.iter().map(|user| user["Username"].as_str().unwrap().to_owned()));
                let Some(token) = page.get("PaginationToken") else { break };
                more["PaginationToken"] = token.clone();
            }
            seen.sort();
            assert_eq!(seen, wanted);
        }
    }

    async fn a_token_is_good_for_an_hour(app: TestApp) {
        let (pool, token) = five(&app).await;
        let next = json!({ "PaginationToken": token });

        app.clock.almost(Duration::from_hours(1));
        users(&app, &pool, next.clone()).await.assert_good();
        app.clock.tick();

        users(&app, &pool, next).await.assert_refused(INVALID.0, INVALID.1);
    }

    async fn an_altered_token_is_refused(app: TestApp) {
        let (pool, token) = five(&app).await;

        for at in [0, 20, token.len() / 2, token.len() - 2] {
            let mut bent = token.clone();
            bent.replace_range(at..=at, if &token[at..=at] == "A" { "B" } else { "A" });
            users(&app, &pool, json!({ "PaginationToken": bent })).await.assert_refused(INVALID.0, INVALID.1);
        }
        users(&app, &pool, json!({ "PaginationToken": "x" })).await.assert_refused(INVALID.0, INVALID.1);
    }

    async fn a_token_belongs_to_its_own_list(app: TestApp) {
        let (pool, token) = five(&app).await;
        let (other, _) = five(&app).await;

        let next = json!({ "PaginationToken": token });
        users(&app, &other, next.clone()).await.assert_refused(INVALID.0, INVALID.1);
        let filtered = json!({ "PaginationToken": token, "Filter": "username ^= \"a\"" });
        users(&app, &pool, filtered).await.assert_refused(INVALID.0, INVALID.1);
        let clients = json!({ "UserPoolId": pool, "NextToken": token });
        app.idp("ListUserPoolClients", clients).await.assert_refused(INVALID.0, INVALID.1);
        let pools = json!({ "MaxResults": 1, "NextToken": token });
        app.idp("ListUserPools", pools).await.assert_refused(INVALID.0, INVALID.1);
    }

    async fn pools_and_clients_are_paged_alike(app: TestApp) {
        let pool = app.pool().await;
        app.pool().await;
        for _ in 0..3 {
            app.client(&pool).await;
        }

        let pools = app.idp("ListUserPools", json!({ "MaxResults": 1 })).await;
        let next = json!({ "MaxResults": 1, "NextToken": pools.text("/NextToken") });
        let last = app.idp("ListUserPools", next).await.good();
        assert!(last.get("NextToken").is_none());
        assert_ne!(pools["UserPools"][0]["Id"], last["UserPools"][0]["Id"]);

        let clients = app.idp("ListUserPoolClients", json!({ "UserPoolId": pool, "MaxResults": 2 })).await;
        let next = json!({ "UserPoolId": pool, "MaxResults": 2, "NextToken": clients.text("/NextToken") });
        let last = app.idp("ListUserPoolClients", next).await.good();
        assert_eq!(last["UserPoolClients"].as_array().unwrap().len(), 1);
        assert!(last.get("NextToken").is_none());
    }
}
