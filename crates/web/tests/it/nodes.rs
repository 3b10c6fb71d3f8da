//! Two nodes on one store: what one has begun the other finishes, once.

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{CALLBACK, Shop};

both_engines! {
    async fn a_code_of_one_node_is_redeemed_at_the_other_once(app: TestApp) {
        let here = Shop::open(app).await;
        here.app.user(&here.pool, "ann").await;
        let client = here.page(json!({})).await;
        let there = here.another_node().await;
        let code = here.browser().sign_in(&Shop::authorize(&client, &[]), "ann").await.code();

        let redeemed = there.redeem(&client, &code, &[]).await;
        assert_eq!(redeemed.status, 200);
        let access = redeemed.text("access_token");
        assert_eq!((here.userinfo(&access).await.status, there.userinfo(&access).await.status), (200, 200));

        here.app.clock.advance(Duration::from_secs(1));
        assert_eq!(here.redeem(&client, &code, &[]).await.error(), (400, "invalid_grant"));
        assert_eq!(there.userinfo(&access).await.status, 401, "a second use ends the sign-in at every node");
    }

    async fn of_many_who_redeem_a_code_at_once_one_gets_tokens(app: TestApp) {
        let here = Shop::open(app).await;
        here.app.user(&here.pool, "ann").await;
        let client = here.page(json!({})).await;
        let there = here.another_node().await;
        let code = here.browser().sign_in(&Shop::authorize(&client, &[]), "ann").await.code();

        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", client.as_str()),
            ("redirect_uri", CALLBACK),
            ("code", code.as_str()),
        ];
        let [a, b, c, d] = [&here, &there, &here, &there].map(|node| node.post("/oauth2/token", &form));
        let (a, b, c, d) = tokio::join!(a, b, c, d);
        let answers = [a, b, c, d];
        let granted: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(granted.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        assert!(answers.iter().all(|answer| answer.status == 200 || answer.error() == (400, "invalid_grant")));
        // Those who came at the same moment prove no theft.
        let access = granted.first().unwrap().text("access_token");
        assert_eq!(there.userinfo(&access).await.status, 200);
    }

    async fn a_session_of_one_node_is_one_at_the_other_and_ends_at_both(app: TestApp) {
        let here = Shop::open(app).await;
        here.app.user(&here.pool, "ann").await;
        let client = here.page(json!({ "LogoutURLs": [CALLBACK] })).await;
        let there = here.another_node().await;
        let mut browser = here.browser();
        browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();

        let mut moved = browser.clone().at(&there);
        let silent = Shop::authorize(&client, &[("prompt", "none")]);
        let code = moved.get(&silent).await.code();
        assert_eq!(here.redeem(&client, &code, &[]).await.status, 200);

        let before = moved.clone();
        let out = Shop::address("/logout", &client, &[("logout_uri", CALLBACK)]);
        assert_eq!(moved.get(&out).await.location(), CALLBACK);
        for mut old in [before.clone(), before.at(&here)] {
            assert_eq!(old.get(&silent).await.answer("error").as_deref(), Some("login_required"));
        }
    }
}
