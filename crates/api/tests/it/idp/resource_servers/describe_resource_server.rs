//! `DescribeResourceServer`.

use cognate_testkit::{Serving, TestApp, both_engines};
use serde_json::json;

use super::kit::{assert_not_found, create, describe};

both_engines! {
    async fn a_server_is_found_by_its_exact_identifier_in_its_own_pool(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &pool, "photos", &["read"]).await.assert_good();

        describe(&app, &pool, "photos").await.assert_good();
        assert_not_found(&describe(&app, &pool, "Photos").await, "Photos");
        assert_not_found(&describe(&app, &pool, "photo").await, "photo");
        assert_not_found(&describe(&app, &other, "photos").await, "photos");
    }

    async fn servers_are_their_own_accounts(app: Serving) {
        let pool = app.pool().await;
        let made = create(&app, &pool, "photos", &["read"]).await.good();
        let stranger = app.new_key("999999999999").await;

        for operation in
            ["CreateResourceServer", "DescribeResourceServer", "UpdateResourceServer", "DeleteResourceServer", "ListResourceServers"]
        {
            let input = json!({ "UserPoolId": pool, "Identifier": "photos", "Name": "Theirs" });
            let refused = app.send(app.sign(app.unsigned(operation, input.to_string()), &stranger)).await;
            refused.assert_refused("ResourceNotFoundException", &format!("User pool {pool} does not exist."));
        }

        assert_eq!(describe(&app, &pool, "photos").await.good(), made);
        assert_eq!(app.rows("resource_servers").await, 1);
    }
}
