//! Which custom scopes a client may be given, and what becomes of them.

use cognate_testkit::app::merged;
use cognate_testkit::{Answered, TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{create, delete, update};

fn asking(scopes: &[&str]) -> Value {
    json!({
        "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": scopes,
        "CallbackURLs": ["https://app.example.com/cb"],
    })
}

async fn new_client(app: &TestApp, pool: &str, scopes: &[&str]) -> Answered {
    let input = merged(json!({ "UserPoolId": pool, "ClientName": "app" }), asking(scopes));
    app.idp("CreateUserPoolClient", input).await
}

async fn change_client(app: &TestApp, pool: &str, client: &str, scopes: &[&str]) -> Answered {
    let input = merged(json!({ "UserPoolId": pool, "ClientId": client }), asking(scopes));
    app.idp("UpdateUserPoolClient", input).await
}

#[track_caller]
fn assert_unknown(answer: &Answered, scope: &str) {
    answer.assert_refused("ScopeDoesNotExistException", &format!("Invalid scope requested: {scope}"));
}

both_engines! {
    async fn a_client_is_given_scopes_of_its_pools_servers(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "https://api.example.com", &["read", "write"]).await.assert_good();
        create(&app, &pool, "photos", &["read"]).await.assert_good();
        let scopes = ["openid", "https://api.example.com/read", "photos/read", "https://api.example.com/write"];

        let made = new_client(&app, &pool, &scopes).await.good();

        assert_eq!(made["UserPoolClient"]["AllowedOAuthScopes"], json!(scopes));
        let client = made["UserPoolClient"]["ClientId"].as_str().unwrap();
        let changed = change_client(&app, &pool, client, &["photos/read"]).await.good();
        assert_eq!(changed["UserPoolClient"]["AllowedOAuthScopes"], json!(["photos/read"]));
    }

    async fn a_scope_that_no_server_of_the_pool_has_is_refused(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &pool, "photos", &["read"]).await.assert_good();
        create(&app, &other, "films", &["read"]).await.assert_good();
        let client = app.client(&pool).await;

        for scope in ["photos/write", "photos/Read", "Photos/read", "films/read", "photos", "photos/", "/read", "Openid", "photos/read/"] {
            assert_unknown(&new_client(&app, &pool, &["openid", "photos/read", scope]).await, scope);
            assert_unknown(&change_client(&app, &pool, &client, &["openid", scope]).await, scope);
        }

        assert_eq!(app.rows("clients").await, 1);
        let input = json!({ "UserPoolId": pool, "ClientId": client });
        let described = app.idp("DescribeUserPoolClient", input).await.good();
        assert_eq!(described["UserPoolClient"].get("AllowedOAuthScopes"), None);
    }

    async fn a_client_keeps_a_scope_that_is_deleted_but_is_not_given_it_again(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "photos", &["read", "write"]).await.assert_good();
        create(&app, &pool, "films", &["read"]).await.assert_good();
        let made = new_client(&app, &pool, &["photos/read", "films/read"]).await;
        let client = made.text("/UserPoolClient/ClientId");

        update(&app, &pool, "photos", json!({ "Name": "Photos" })).await.assert_good();
        delete(&app, &pool, "films").await.assert_good();

        let input = json!({ "UserPoolId": pool, "ClientId": client });
        let described = app.idp("DescribeUserPoolClient", input).await.good();
        assert_eq!(described["UserPoolClient"]["AllowedOAuthScopes"], json!(["photos/read", "films/read"]));
        assert_unknown(&new_client(&app, &pool, &["photos/read"]).await, "photos/read");
        assert_unknown(&change_client(&app, &pool, &client, &["films/read"]).await, "films/read");
    }
}
