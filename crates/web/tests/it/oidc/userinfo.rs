//! userInfo: how the access token may come.

use cognate_testkit::{TestApp, both_engines};

use super::party::Suite;

const PATH: &str = "/oauth2/userInfo";

both_engines! {
    /// By GET, with the token in the header.
    async fn oidcc_userinfo_get(app: TestApp) {
        let suite = Suite::open(app).await;
        let tokens = suite.tokens(&[]).await;
        assert_eq!(suite.userinfo(&tokens).await["sub"], suite.sub);
        let refused = suite.shop.userinfo(&format!("{}x", tokens.access)).await;
        assert_eq!(refused.error(), (401, "invalid_token"));
        assert!(refused.header("www-authenticate").starts_with("Bearer "), "RFC 6750, 3");
    }

    /// By POST, with the token in the header.
    async fn oidcc_userinfo_post_header(app: TestApp) {
        let suite = Suite::open(app).await;
        let tokens = suite.tokens(&[]).await;
        let bearer = format!("Bearer {}", tokens.access);
        let answer = suite.shop.post_with(PATH, &[], &[("authorization", &bearer)]).await;
        assert_eq!((answer.status, answer.text("sub")), (200, suite.sub.clone()));
    }

    /// By POST, with the token in the form; not in both places (RFC 6750, 2).
    async fn oidcc_userinfo_post_body(app: TestApp) {
        let suite = Suite::open(app).await;
        let tokens = suite.tokens(&[]).await;
        let form = [("access_token", tokens.access.as_str())];
        let answer = suite.shop.post(PATH, &form).await;
        assert_eq!((answer.status, answer.text("sub")), (200, suite.sub.clone()));

        let bearer = format!("Bearer {}", tokens.access);
        let twice = suite.shop.post_with(PATH, &form, &[("authorization", &bearer)]).await;
        assert_eq!(twice.error(), (400, "invalid_request"));
        let in_query = format!("{PATH}?access_token={}", tokens.access);
        // A token in an address is none, and who brings none is told of the scheme alone (RFC 6750, 3.1).
        for none in [suite.shop.post(&in_query, &[]).await, suite.shop.get(&in_query, crate::kit::HOST).await] {
            assert_eq!((none.error(), none.header("www-authenticate")), ((401, ""), "Bearer"));
        }
        for bad in ["x", &tokens.answer.text("id_token"), &tokens.refresh] {
            assert_eq!(suite.shop.post(PATH, &[("access_token", bad)]).await.error(), (401, "invalid_token"));
        }
    }
}
