//! Tags that are settings (docs/decisions/0018): they hold at once, and one that means nothing is refused.

use std::collections::BTreeMap;

use cognate_domain::pool::{Extension, Profile};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{INVALID, arn, tag, tags, untag};

const PROFILE: &str = "cognate:profile";
const EXTENSIONS: &str = "cognate:extensions";

/// How the pool answers at this node now.
async fn now(app: &TestApp, pool: &str) -> (Profile, [bool; 2]) {
    let pool = app.app.pool(pool).await.unwrap().unwrap();
    (pool.config.profile(), [Extension::Iss, Extension::Par].map(|extension| pool.config.has(extension)))
}

const OFF: (Profile, [bool; 2]) = (Profile::Cognito, [false, false]);

both_engines! {
    async fn a_setting_holds_at_once_and_until_it_is_taken_away(app: TestApp) {
        let pool = app.pool().await;
        let arn = arn(&pool);
        assert_eq!(now(&app, &pool).await, OFF);

        tag(&app, &arn, json!({ PROFILE: "oidc", EXTENSIONS: "iss par", "stage": "test" })).await.assert_good();
        assert_eq!(now(&app, &pool).await, (Profile::Oidc, [true, true]));
        tag(&app, &arn, json!({ EXTENSIONS: "iss" })).await.assert_good();
        assert_eq!(now(&app, &pool).await, (Profile::Oidc, [true, false]), "a value takes the place of another");
        tag(&app, &arn, json!({ PROFILE: "cognito" })).await.assert_good();
        assert_eq!(now(&app, &pool).await, (Profile::Cognito, [true, false]));
        untag(&app, &arn, json!([EXTENSIONS])).await.assert_good();
        assert_eq!(now(&app, &pool).await, OFF);
        assert_eq!(tags(&app, &arn).await, json!({ PROFILE: "cognito", "stage": "test" }));
    }

    /// Whichever operation has made or changed the pool, and every client reads back what it wrote.
    async fn a_setting_comes_with_the_pool_too(app: TestApp) {
        let strict = json!({ PROFILE: "oidc", EXTENSIONS: "par" });
        let pool = app.pool_with(json!({ "UserPoolTags": strict })).await;
        assert_eq!(now(&app, &pool).await, (Profile::Oidc, [false, true]));
        let described = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
        assert_eq!(described["UserPool"]["UserPoolTags"], strict);
        let input = json!({ "UserPoolId": pool, "UserPoolTags": { EXTENSIONS: "iss" } });
        app.idp("UpdateUserPool", input).await.assert_good();
        assert_eq!(now(&app, &pool).await, (Profile::Cognito, [true, false]));
    }

    async fn a_setting_that_means_nothing_is_refused_by_every_operation(app: TestApp) {
        let pool = app.pool_with(json!({ "UserPoolTags": { PROFILE: "oidc" } })).await;
        let arn = arn(&pool);
        for (key, value, said) in [
            (PROFILE, "OIDC", "Tag cognate:profile: \"OIDC\" is neither `cognito` nor `oidc`."),
            (PROFILE, "", "Tag cognate:profile: \"\" is neither `cognito` nor `oidc`."),
            (
                EXTENSIONS,
                "iss,par",
                "Tag cognate:extensions: \"iss,par\" is none of iss, par, require-par, dpop, introspection, \
                 jwt-access-tokens, device.",
            ),
            (
                "cognate:extension",
                "iss",
                "Tag cognate:extension: there is no such setting; there are cognate:profile, cognate:extensions and \
                 cognate:signing-algorithm.",
            ),
        ] {
            let bad = BTreeMap::from([(key, value), ("stage", "live")]);
            tag(&app, &arn, json!(bad)).await.assert_refused(INVALID, said);
            for (operation, more) in
                [("UpdateUserPool", json!({ "UserPoolId": pool })), ("CreateUserPool", json!({ "PoolName": "other" }))]
            {
                let input = cognate_testkit::app::merged(more, json!({ "UserPoolTags": bad }));
                app.idp(operation, input).await.assert_refused(INVALID, said);
            }
        }
        assert_eq!(tags(&app, &arn).await, json!({ PROFILE: "oidc" }), "nothing of a refused call is kept");
        assert_eq!(now(&app, &pool).await, (Profile::Oidc, [false, false]));
    }

    /// As one that was never there is no error.
    async fn keys_that_only_look_like_ours_are_anybodys(app: TestApp) {
        let pool = app.pool().await;
        let arn = arn(&pool);
        let free = json!({ "Cognate:profile": "x", "cognate": "x", "my:cognate:profile": "x", EXTENSIONS: "" });
        tag(&app, &arn, free.clone()).await.assert_good();
        assert_eq!((tags(&app, &arn).await, now(&app, &pool).await), (free, OFF));
        assert_eq!(untag(&app, &arn, json!(["cognate:nothing"])).await.good(), Value::Object(serde_json::Map::new()));
    }
}
