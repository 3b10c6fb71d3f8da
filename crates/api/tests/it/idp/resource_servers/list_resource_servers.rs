//! `ListResourceServers`.

use cognate_testkit::app::merged;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{create, describe};

both_engines! {
    async fn pages_hold_every_server_once(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &other, "elsewhere", &[]).await.assert_good();
        let mut made = Vec::new();
        for identifier in ["b", "A", "https://b.example/x", "a", "B", "_", "a-b"] {
            create(&app, &pool, identifier, &["read"]).await.assert_good();
            made.push(describe(&app, &pool, identifier).await.good()["ResourceServer"].take());
        }

        for size in [1, 2, 3, 7, 50] {
            let mut more = json!({ "MaxResults": size });
            let mut seen: Vec<Value> = Vec::new();
            loop {
                let page = app.idp("ListResourceServers", merged(json!({ "UserPoolId": pool }), more.clone())).await.good();
                let servers = page["ResourceServers"].as_array().unwrap();
                assert!(servers.len() <= size, "{page}");
                seen.extend(servers.iter().cloned());
                let Some(token) = page.get("NextToken") else { break };
                more["NextToken"] = token.clone();
            }
            assert_eq!(seen.len(), made.len());
            assert!(made.iter().all(|server| seen.contains(server)), "{seen:?}");
        }
    }

    async fn a_page_holds_fifty_at_the_most_and_when_no_size_is_named(app: TestApp) {
        let pool = app.pool().await;
        for number in 0..51 {
            create(&app, &pool, &format!("api-{number}"), &[]).await.assert_good();
        }
        let page = |more: Value| app.idp("ListResourceServers", merged(json!({ "UserPoolId": pool }), more));

        let first = page(json!({})).await.good();
        assert_eq!(first["ResourceServers"].as_array().unwrap().len(), 50);
        let last = page(json!({ "NextToken": first["NextToken"] })).await.good();
        assert_eq!(last["ResourceServers"].as_array().unwrap().len(), 1);
        assert_eq!(last.get("NextToken"), None);
        for (size, bound) in [(51, "less than or equal to 50"), (0, "greater than or equal to 1")] {
            page(json!({ "MaxResults": size })).await.assert_refused(
                "InvalidParameterException",
                &format!(
                    "1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member \
                     must have value {bound}"
                ),
            );
        }
    }

    async fn a_token_belongs_to_its_pool(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        for identifier in ["a", "b"] {
            create(&app, &pool, identifier, &[]).await.assert_good();
        }
        let first = app.idp("ListResourceServers", json!({ "UserPoolId": pool, "MaxResults": 1 })).await;

        let next = json!({ "UserPoolId": other, "NextToken": first.text("/NextToken") });
        let refused = app.idp("ListResourceServers", next).await;

        refused.assert_refused("InvalidParameterException", "Invalid pagination token given.");
    }

    async fn a_pool_without_servers_lists_none(app: TestApp) {
        let pool = app.pool().await;
        let listed = app.idp("ListResourceServers", json!({ "UserPoolId": pool })).await.good();
        assert_eq!(listed, json!({ "ResourceServers": [] }));
    }
}
