//! `POST /oauth2/revoke`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use crate::kit::{Shop, basic};

both_engines! {
    async fn a_refresh_token_is_revoked_with_its_sign_in(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let (client, other) = (shop.page(json!({})).await, shop.page(json!({})).await);
        let tokens = shop.app.tokens(&client, "ann").await;
        let revoke = async |client: &str| shop.post("/oauth2/revoke", &[("client_id", client), ("token", &tokens.refresh)]).await;

        let foreign = revoke(&other).await;
        assert_eq!((foreign.status, foreign.body), (200, Value::Null), "as if it were nobody's");
        shop.app.get_user(&tokens.access).await.assert_good();

        for _ in 0..2 {
            let answer = revoke(&client).await;
            assert_eq!((answer.status, answer.body), (200, Value::Null));
        }
        assert_eq!(shop.app.get_user(&tokens.access).await.error.as_deref(), Some("NotAuthorizedException"));
        assert_eq!(shop.app.refresh(&client, &tokens.refresh).await.error.as_deref(), Some("NotAuthorizedException"));
    }

    async fn what_cannot_be_revoked_is_told_and_garbage_is_not(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let kept = shop.page(json!({ "EnableTokenRevocation": false })).await;
        let tokens = shop.app.tokens(&client, "ann").await;
        for (client, token, expected) in [
            (&client, "garbage", (200, "")),
            (&client, "", (400, "invalid_request")),
            (&client, tokens.access.as_str(), (400, "unsupported_token_type")),
            (&client, tokens.id.as_str(), (400, "unsupported_token_type")),
            (&kept, "garbage", (400, "invalid_request")),
        ] {
            let answer = shop.post("/oauth2/revoke", &[("client_id", client), ("token", token)]).await;
            assert_eq!(answer.error(), expected, "{token}");
        }
    }

    async fn a_client_that_proves_nothing_revokes_nothing(app: TestApp) {
        let shop = Shop::open(app).await;
        let machine = shop.machine().await;
        let token = ("token", "garbage");
        let wrong = shop.post_with("/oauth2/revoke", &[token], &[("authorization", &basic(&machine.id, "wrong"))]).await;
        assert_eq!(wrong.error(), (401, "invalid_client"));
        assert_eq!(shop.post("/oauth2/revoke", &[token, ("client_id", &machine.id)]).await.error(), (401, "invalid_client"));
        assert_eq!(shop.post("/oauth2/revoke", &[token]).await.error(), (400, "invalid_request"));
    }
}
