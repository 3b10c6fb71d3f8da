//! `ListUserPoolClientSecrets`

use std::time::Duration;

use cognate_domain::Clock;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::add_user_pool_client_secret::{add, confidential, listed};

both_engines! {
    async fn ids_and_dates_are_listed_and_values_never(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        let first = app.clock.now();
        app.clock.advance(Duration::from_mins(1));
        add(&app, &pool, &client, None).await.assert_good();
        let second = app.clock.now();

        let expected = [first, second].map(|made| json!({
            "ClientSecretId": format!("{client}--{}", made.seconds()),
            "ClientSecretCreateDate": made.as_json_seconds(),
        }));
        assert_eq!(listed(&app, &pool, &client).await, expected);
    }

    async fn a_public_client_has_none(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;

        assert_eq!(listed(&app, &pool, &client).await, Vec::<Value>::new());
    }

    async fn there_is_no_second_page(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        let input = json!({ "UserPoolId": pool, "ClientId": client, "NextToken": "made-up" });
        let refused = app.idp("ListUserPoolClientSecrets", input).await;
        refused.assert_refused("InvalidParameterException", "Invalid pagination token given.");
    }
}
