//! `CreateResourceServer`.

use std::sync::Arc;

use cognate_domain::resource_server::{MOST_IN_POOL, ResourceServer};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;
use tokio::task::JoinSet;

use super::kit::{INVALID, create, delete, describe, scope};

const FULL: (&str, &str) = ("LimitExceededException", "A user pool cannot have more than 300 resource servers.");

async fn fill(app: &TestApp, pool: &str, servers: i64) {
    let server = |number: i64| ResourceServer {
        pool_id: pool.to_owned(),
        identifier: format!("api-{number}"),
        name: "API".to_owned(),
        scopes: Vec::new(),
    };
    let servers: Vec<ResourceServer> = (0..servers).map(server).collect();
    let kept = app.app.db.write(async |tx| {
        for server in &servers {
            cognate_store::resource_servers::insert(tx, server).await?;
        }
        Ok(())
    });
    kept.await.unwrap();
}

both_engines! {
    async fn a_server_is_answered_and_found_as_it_was_made(app: TestApp) {
        let pool = app.pool().await;

        let made = create(&app, &pool, "https://api.example.com", &["read", "users:write"]).await.good();

        assert_eq!(made, json!({ "ResourceServer": {
            "UserPoolId": pool, "Identifier": "https://api.example.com", "Name": "API",
            "Scopes": [scope("read"), scope("users:write")],
        } }));
        assert_eq!(describe(&app, &pool, "https://api.example.com").await.good(), made);
    }

    async fn a_server_may_have_no_scopes(app: TestApp) {
        let pool = app.pool().await;

        let input = json!({ "UserPoolId": pool, "Identifier": "photos", "Name": "Photos" });
        let made = app.idp("CreateResourceServer", input).await.good();

        assert_eq!(made, json!({ "ResourceServer": { "UserPoolId": pool, "Identifier": "photos", "Name": "Photos" } }));
    }

    async fn an_identifier_is_taken_once_in_a_pool_and_by_its_exact_spelling(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &pool, "photos", &["read"]).await.assert_good();

        let again = create(&app, &pool, "photos", &[]).await;
        again.assert_refused(INVALID, &format!("photos already exists in user pool {pool}."));
        create(&app, &pool, "Photos", &[]).await.assert_good();
        create(&app, &other, "photos", &[]).await.assert_good();

        assert_eq!(describe(&app, &pool, "photos").await["ResourceServer"]["Scopes"], json!([scope("read")]));
    }

    async fn a_scope_is_named_once(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "photos", &["read", "write", "read"]).await.assert_refused(INVALID, "Duplicate scope name: read");
        assert_eq!(app.rows("resource_servers").await, 0);
    }

    async fn a_server_has_a_hundred_scopes_at_the_most(app: TestApp) {
        let pool = app.pool().await;
        let names: Vec<String> = (0..101).map(|number| format!("scope-{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();

        let many = create(&app, &pool, "photos", &names).await;
        assert_eq!(many.error.as_deref(), Some(INVALID));
        assert!(many.message.ends_with("Member must have length less than or equal to 100"), "{many}");
        create(&app, &pool, "photos", &names[..100]).await.assert_good();
    }

    async fn the_services_own_identifiers_are_nobodys(app: TestApp) {
        let pool = app.pool().await;
        let refused = create(&app, &pool, "aws.cognito/dcr", &["register"]).await;
        refused.assert_refused(INVALID, "aws.cognito/dcr is a reserved identifier.");
    }

    async fn the_last_server_is_made_and_none_behind_it(app: TestApp) {
        let pool = app.pool().await;
        fill(&app, &pool, MOST_IN_POOL - 1).await;

        create(&app, &pool, "the-last", &[]).await.assert_good();
        create(&app, &pool, "too-many", &[]).await.assert_refused(FULL.0, FULL.1);
        create(&app, &app.pool().await, "elsewhere", &[]).await.assert_good();
        delete(&app, &pool, "api-7").await.assert_good();
        create(&app, &pool, "in-its-place", &[]).await.assert_good();
    }

    async fn of_twenty_servers_of_one_identifier_one_is_made(app: TestApp) {
        let pool = app.pool().await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..20 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { create(&app, &pool, "photos", &["read"]).await });
        }
        let answers = calls.join_all().await;

        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        for refused in answers.iter().filter(|answer| answer.status != 200) {
            let error = refused.error.as_deref().unwrap();
            assert!([INVALID, "TooManyRequestsException"].contains(&error), "{refused}");
        }
        assert_eq!(app.rows("resource_servers").await, 1);
    }

    async fn an_unknown_pool_has_no_servers(app: TestApp) {
        let refused = create(&app, "us-east-1_000000000", "photos", &[]).await;
        refused.assert_refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist.");
    }
}
