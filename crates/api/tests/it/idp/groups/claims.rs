//! What a user's groups say in their tokens: user-pools.md, section 17.1. They are read anew at every refresh.

use cognate_testkit::app::claims;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{add, ann_and_group, create, delete, remove, role};

/// The claims of groups in an ID and an access token.
fn of_groups(id: &str, access: &str) -> (Value, Value) {
    let only = |token: &str| {
        let all = claims(token);
        let said = |name: &&str| all.get(*name).is_some();
        let names = ["cognito:groups", "cognito:roles", "cognito:preferred_role"];
        names.iter().filter(|name| said(name)).map(|name| ((*name).to_owned(), all[*name].clone())).collect()
    };
    (only(id), only(access))
}

/// Ann signs in.
async fn signed_in(app: &TestApp, pool: &str) -> (Value, Value) {
    let tokens = app.tokens(&app.client(pool).await, "ann").await;
    of_groups(&tokens.id, &tokens.access)
}

both_engines! {
    async fn who_is_in_no_group_has_no_such_claims(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        app.user(&pool, "bob").await;
        add(&app, &pool, "bob", "admins").await.assert_good();

        assert_eq!(signed_in(&app, &pool).await, (json!({}), json!({})));
    }

    async fn groups_without_roles_are_named_alone(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        add(&app, &pool, "ann", "admins").await.assert_good();

        let groups = json!({ "cognito:groups": ["admins"] });
        assert_eq!(signed_in(&app, &pool).await, (groups.clone(), groups));
    }

    async fn the_first_groups_role_is_preferred_and_the_access_token_says_no_roles(app: TestApp) {
        let pool = ann_and_group(&app, "last").await;
        for (name, settings) in [
            ("second", json!({ "Precedence": 7, "RoleArn": role("second") })),
            ("first", json!({ "Precedence": 0, "RoleArn": role("first") })),
            ("also-second", json!({ "Precedence": 7, "RoleArn": role("first") })),
            ("not-hers", json!({ "Precedence": 0, "RoleArn": role("not-hers") })),
        ] {
            create(&app, &pool, name, settings).await.assert_good();
        }
        for group in ["last", "second", "first", "also-second"] {
            add(&app, &pool, "ann", group).await.assert_good();
        }

        let (id, access) = signed_in(&app, &pool).await;

        let groups = json!(["first", "also-second", "second", "last"]);
        assert_eq!(id, json!({
            "cognito:groups": groups,
            "cognito:roles": [role("first"), role("second")],
            "cognito:preferred_role": role("first"),
        }));
        assert_eq!(access, json!({ "cognito:groups": groups }));
    }

    async fn a_tie_between_roles_prefers_none(app: TestApp) {
        let pool = ann_and_group(&app, "last").await;
        for name in ["a", "b"] {
            create(&app, &pool, name, json!({ "Precedence": 1, "RoleArn": role(name) })).await.assert_good();
            add(&app, &pool, "ann", name).await.assert_good();
        }

        let (id, _) = signed_in(&app, &pool).await;

        assert_eq!(id, json!({ "cognito:groups": ["a", "b"], "cognito:roles": [role("a"), role("b")] }));
    }

    async fn a_refresh_tells_the_groups_of_now(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        create(&app, &pool, "readers", json!({})).await.assert_good();
        let client = app.client(&pool).await;
        add(&app, &pool, "ann", "admins").await.assert_good();
        let token = app.tokens(&client, "ann").await.refresh;
        let told = async || {
            let answer = app.refresh(&client, &token).await;
            let of = |name: &str| answer.text(&format!("/AuthenticationResult/{name}"));
            of_groups(&of("IdToken"), &of("AccessToken"))
        };
        let both = |claims: Value| (claims.clone(), claims);

        assert_eq!(told().await, both(json!({ "cognito:groups": ["admins"] })));
        add(&app, &pool, "ann", "readers").await.assert_good();
        assert_eq!(told().await, both(json!({ "cognito:groups": ["admins", "readers"] })));
        let update = json!({ "UserPoolId": pool, "GroupName": "readers", "Precedence": 1 });
        app.idp("UpdateGroup", update).await.assert_good();
        assert_eq!(told().await, both(json!({ "cognito:groups": ["readers", "admins"] })));
        remove(&app, &pool, "ann", "admins").await.assert_good();
        assert_eq!(told().await, both(json!({ "cognito:groups": ["readers"] })));
        delete(&app, &pool, "readers").await.assert_good();
        assert_eq!(told().await, both(json!({})));
        create(&app, &pool, "readers", json!({})).await.assert_good();
        assert_eq!(told().await, both(json!({})));
    }

    async fn groups_of_another_pool_are_not_told(app: TestApp) {
        let (pool, other) = (ann_and_group(&app, "admins").await, ann_and_group(&app, "admins").await);
        add(&app, &other, "ann", "admins").await.assert_good();

        assert_eq!(signed_in(&app, &pool).await, (json!({}), json!({})));
    }
}
