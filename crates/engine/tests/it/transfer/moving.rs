//! A pool with something of everything, from one engine to the other.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{On as _, TestApp, TestDb, both_engines};
use serde_json::{Value, json};

use super::{export, import, on_the_other_engine, place, state};

struct Made {
    pool: String,
    client: String,
    secret_client: String,
}

async fn execute(app: &TestApp, sql: &str, values: &[&str]) {
    app.app
        .db
        .write(async |tx| {
            let mut query = tx.query(sql);
            for value in values {
                query = query.bind(*value);
            }
            query.execute().await
        })
        .await
        .unwrap();
}

async fn full(app: &TestApp) -> Made {
    let pool = app
        .pool_with(json!({
            "AliasAttributes": ["email", "preferred_username"],
            "UserPoolTags": { "team": "a" },
            "Policies": { "PasswordPolicy": { "MinimumLength": 10, "PasswordHistorySize": 3 } },
            "Schema": [{ "Name": "rank", "AttributeDataType": "Number", "Mutable": true }],
            "EmailVerificationMessage": "Your code is {####}.",
        }))
        .await;
    let client = app.client(&pool).await;
    let secret_client = app.client_with(&pool, json!({ "GenerateSecret": true, "ClientName": "secret" })).await;
    app.idp("AddUserPoolClientSecret", json!({ "UserPoolId": pool, "ClientId": secret_client })).await.assert_good();
    let server = json!({ "UserPoolId": pool, "Identifier": "https://api", "Name": "api",
        "Scopes": [{ "ScopeName": "read", "ScopeDescription": "reads" }] });
    app.idp("CreateResourceServer", server).await.assert_good();
    for group in ["staff", "admins"] {
        let group = json!({ "UserPoolId": pool, "GroupName": group, "Precedence": 3, "Description": "d" });
        app.idp("CreateGroup", group).await.assert_good();
    }
    app.idp("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "moving-people" })).await.assert_good();

    for name in ["ann", "bob", "cleo"] {
        app.invited(&pool, name, "Temporary-Pass-1").await;
        app.set_password(&pool, name).await;
    }
    app.invited(&pool, "dan", "Temporary-Pass-1").await;
    app.sign_up(&client, "eve").await.assert_good();
    for (name, group) in [("ann", "staff"), ("ann", "admins"), ("bob", "staff")] {
        let member = json!({ "UserPoolId": pool, "Username": name, "GroupName": group });
        app.idp("AdminAddUserToGroup", member).await.assert_good();
    }
    let changes = json!({ "UserPoolId": pool, "Username": "ann", "UserAttributes": [
        { "Name": "email_verified", "Value": "true" }, { "Name": "preferred_username", "Value": "annie" },
        { "Name": "custom:rank", "Value": "7" }] });
    app.idp("AdminUpdateUserAttributes", changes).await.assert_good();
    app.idp("AdminDisableUser", json!({ "UserPoolId": pool, "Username": "cleo" })).await.assert_good();
    let other = json!({ "UserPoolId": pool, "Username": "bob", "Password": "Another-Horse-9", "Permanent": true });
    app.idp("AdminSetUserPassword", other).await.assert_good();
    execute(
        app,
        "INSERT INTO pending_attributes (pool_id, user_id, attribute, value, asked_at)
         SELECT pool_id, user_id, 'email', 'new@example.com', created_at FROM users WHERE username = $1",
        &["ann"],
    )
    .await;
    Made { pool, client, secret_client }
}

/// All that the API says of a pool.
async fn described(app: &TestApp, made: &Made) -> Vec<Value> {
    let pool = &made.pool;
    let mut all = Vec::new();
    for (operation, input) in [
        ("DescribeUserPool", json!({ "UserPoolId": pool })),
        ("ListUsers", json!({ "UserPoolId": pool })),
        ("ListGroups", json!({ "UserPoolId": pool })),
        ("ListUsersInGroup", json!({ "UserPoolId": pool, "GroupName": "staff" })),
        ("AdminListGroupsForUser", json!({ "UserPoolId": pool, "Username": "ann" })),
        ("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": made.client })),
        ("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": made.secret_client })),
        ("ListUserPoolClientSecrets", json!({ "UserPoolId": pool, "ClientId": made.secret_client })),
        ("DescribeResourceServer", json!({ "UserPoolId": pool, "Identifier": "https://api" })),
        ("DescribeUserPoolDomain", json!({ "Domain": "moving-people" })),
        ("AdminGetUser", json!({ "UserPoolId": pool, "Username": "annie" })),
        ("ListUsers", json!({ "UserPoolId": pool, "Filter": "email ^= \"bob\"" })),
    ] {
        all.push(app.idp(operation, input).await.good());
    }
    all
}

both_engines! {
    async fn everything_of_a_pool_is_the_same_on_the_other_engine(db: TestDb) {
        let target = on_the_other_engine(&db).await;
        let source = TestApp::on(db).await;
        let made = full(&source).await;
        let before = described(&source, &made).await;
        let keys = cognate_store::signing_keys::list(&mut source.app.db.read().await.unwrap(), &made.pool).await.unwrap();
        let (_folder, path) = place();

        let exported = export(&source, &made.pool, &path).await.unwrap();
        let imported = import(&target, &path).await.unwrap();

        let counts = exported.counts;
        assert_eq!((counts.users, counts.groups, counts.clients, counts.signing_keys), (5, 2, 2, 2));
        assert_eq!((counts.resource_servers, counts.domains), (1, 1));
        assert_eq!((imported.counts, imported.pool_id.as_str()), (counts, made.pool.as_str()));
        let after = described(&target, &made).await;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after);
        }
        let moved = cognate_store::signing_keys::list(&mut target.app.db.read().await.unwrap(), &made.pool).await.unwrap();
        let kids = |keys: &[cognate_store::signing_keys::SigningKeyRow]| {
            keys.iter().map(|key| (key.kid.clone(), key.token_use.clone(), key.public_jwk.clone())).collect::<Vec<_>>()
        };
        assert_eq!(kids(&keys), kids(&moved));
        for table in ["users", "user_aliases", "user_search", "group_members", "pending_attributes"] {
            assert_eq!(source.rows(table).await, target.rows(table).await, "{table}");
        }
    }

    async fn passwords_old_and_temporary_go_on_as_they_were(db: TestDb) {
        let target = on_the_other_engine(&db).await;
        let source = TestApp::on(db).await;
        let made = full(&source).await;
        let (_folder, path) = place();
        export(&source, &made.pool, &path).await.unwrap();
        import(&target, &path).await.unwrap();

        target.srp(&made.pool, &made.client, "ann", PASSWORD).await.assert_good();
        target.password(&made.client, "annie", PASSWORD).await.assert_good();
        target.password(&made.client, "bob", "Another-Horse-9").await.assert_good();
        let wrong = target.password(&made.client, "bob", PASSWORD).await;
        assert_eq!(wrong.error.as_deref(), Some("NotAuthorizedException"));
        assert_eq!(target.password(&made.client, "dan", "Temporary-Pass-1").await.text("/ChallengeName"), "NEW_PASSWORD_REQUIRED");
        assert_eq!(target.password(&made.client, "eve", PASSWORD).await.error.as_deref(), Some("UserNotConfirmedException"));
        let again = json!({ "UserPoolId": made.pool, "Username": "bob", "Password": PASSWORD, "Permanent": true });
        let reused = target.idp("AdminSetUserPassword", again).await;
        assert_eq!(reused.error.as_deref(), Some("PasswordHistoryPolicyViolationException"), "former passwords moved too");

        let tokens = target.tokens(&made.client, "ann").await;
        target.get_user(&tokens.access).await.assert_good();
    }

    async fn a_pool_may_come_back_once_it_was_deleted(db: TestDb) {
        let app = TestApp::on(db).await;
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let (_folder, path) = place();
        export(&app, &pool, &path).await.unwrap();
        assert!(state(export(&app, &pool, &path).await).contains("is there already"));

        assert!(state(import(&app, &path).await).contains("is there already"), "an import changes no pool");
        app.idp("DeleteUserPool", json!({ "UserPoolId": pool })).await.assert_good();
        assert_eq!(app.rows("users").await, 1, "the job has not removed them yet");
        import(&app, &path).await.unwrap();
        app.tokens(&client, "ann").await;

        let again = import(&app, &path).await.unwrap();
        assert!(again.resumed_after > 0, "the same file once more has nothing to do");
        assert_eq!(app.rows("users").await, 1);
        app.idp("DeleteUserPool", json!({ "UserPoolId": pool })).await.assert_good();
        import(&app, &path).await.unwrap();
        app.tokens(&client, "ann").await;
    }

    async fn an_export_reads_past_its_own_page_and_writes_each_user_once(db: TestDb) {
        let target = on_the_other_engine(&db).await;
        let source = TestApp::on(db).await;
        let (_folder, path) = place();
        let made = cognate_testkit::app::people_file::write(&path, [42; 32], 1203);
        import(&source, &path).await.unwrap();
        let copy = path.with_extension("copy");
        let exported = export(&source, &made.pool_id, &copy).await.unwrap();
        assert_eq!(exported.counts.users, 1203);
        import(&target, &copy).await.unwrap();
        assert_eq!(target.rows("users").await, 1203);
        target.srp(&made.pool_id, &made.client_id, "person-0001202", PASSWORD).await.assert_good();
        let described = target.idp("DescribeUserPool", json!({ "UserPoolId": made.pool_id })).await;
        assert_eq!(described.body["UserPool"]["EstimatedNumberOfUsers"], 1203);
    }
}

#[tokio::test]
async fn a_pool_that_is_not_there_cannot_be_exported() {
    let app = TestApp::on(TestDb::sqlite()).await;
    let (_folder, path) = place();
    assert_eq!(state(export(&app, "us-east-1_none", &path).await), "there is no pool us-east-1_none");
    assert!(!path.exists() && !path.with_extension("jsonl.part").exists());
}
