//! The download of one's own data.

use cognate_testkit::{TestApp, both_engines};
use http::header;
use serde_json::{Value, json};

use super::kit::Town;

both_engines! {
    async fn everything_that_is_kept_is_in_the_file_but_no_secret(app: TestApp) {
        let first = json!({
            "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] },
        });
        let town = Town::with(app, first, json!({ "ReadAttributes": ["name"] })).await;
        let sub = town.app.user(&town.pool, "ann").await;
        let known = [("nickname", "Annie"), ("email_verified", "true")];
        town.set("ann", known.map(|(name, value)| json!({ "Name": name, "Value": value })).to_vec().into()).await;
        town.app.idp("CreateGroup", json!({ "UserPoolId": town.pool, "GroupName": "readers" })).await.assert_good();
        let member = json!({ "UserPoolId": town.pool, "Username": "ann", "GroupName": "readers" });
        town.app.idp("AdminAddUserToGroup", member).await.assert_good();
        let tokens = town.app.tokens(&town.client, "ann").await;
        let email = json!([{ "Name": "email", "Value": "new@example.com" }]);
        let change = json!({ "AccessToken": tokens.access, "UserAttributes": email });
        town.app.idp("UpdateUserAttributes", change).await.assert_good();
        let mut browser = town.browser_of("ann").await;

        let answer = browser.get(&town.href("/account/data")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"account.json\"");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let data: Value = serde_json::from_str(&answer.text).unwrap();
        let session = json!({
            "provider": "COGNITO",
            "signedInAt": "2026-01-02T03:04:05.000Z",
            "until": "2026-01-02T04:04:05.000Z",
        });
        let held = json!({
            "application": "app",
            "clientId": town.client,
            "scopes": ["aws.cognito.signin.user.admin"],
            "signedInAt": "2026-01-02T03:04:05.000Z",
            "until": "2026-02-01T03:04:05.000Z",
        });
        assert_eq!(
            data,
            json!({
                "sub": sub,
                "username": "ann",
                "status": "CONFIRMED",
                "enabled": true,
                "hasPassword": true,
                "createdAt": "2026-01-02T03:04:05.000Z",
                "modifiedAt": "2026-01-02T03:04:05.000Z",
                "attributes": { "email": "ann@example.com", "email_verified": "true", "nickname": "Annie" },
                "pendingContacts": { "email": "new@example.com" },
                "groups": ["readers"],
                "browsers": [session],
                "applications": [held],
            })
        );
    }

    async fn it_is_ones_own(app: TestApp) {
        let town = Town::open(app).await;
        for name in ["ann", "eve"] {
            town.app.user(&town.pool, name).await;
        }
        let sub = town.app.idp("AdminGetUser", json!({ "UserPoolId": town.pool, "Username": "ann" })).await;
        let sub = sub.text("/UserAttributes/0/Value");
        let mut eve = town.browser_of("eve").await;
        for more in [format!("&sub={sub}"), "&username=ann".to_owned(), format!("&user_id={sub}&user=ann")] {
            let answer = eve.get(&format!("{}{more}", town.href("/account/data"))).await;
            answer.assert_hides("ann");
            answer.assert_shows("eve@example.com");
        }
    }
}
