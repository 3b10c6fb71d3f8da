//! The issuer in authorization responses (RFC 9207): a client of several servers can tell which of them answers.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::setting::{app_of, discovery, open, switch};
use crate::kit::{CALLBACK, Page, Shop};

#[track_caller]
fn assert_says(page: &Page, issuer: Option<&str>, mark: char) {
    assert!(page.location().starts_with(&format!("{CALLBACK}{mark}")), "{page:?}");
    assert_eq!(page.answer("iss").as_deref(), issuer, "{}", page.location());
    assert_eq!(page.location().matches("iss=").count(), usize::from(issuer.is_some()));
    assert_eq!(page.answer("state").as_deref(), Some("s"));
}

both_engines! {
    async fn every_answer_says_whose_it_is(app: TestApp) {
        let shop = open(app, "iss").await;
        let document = discovery(&shop).await;
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
        let issuer = document["issuer"].as_str().unwrap();
        let client = app_of(&shop, json!({ "AllowedOAuthFlows": ["code", "implicit"] })).await;
        let code_only = app_of(&shop, json!({})).await;
        let mut browser = shop.browser();
        let asked = |more: &[(&str, &str)]| Shop::authorize(&client, more);

        for (more, error) in [
            (vec![("prompt", "none")], "login_required"),
            (vec![("response_type", "")], "invalid_request"),
            (vec![("response_type", "id_token")], "invalid_request"),
            (vec![("scope", "nothing")], "invalid_scope"),
            (vec![("resource", "no")], "invalid_target"),
            (vec![("code_challenge_method", "plain"), ("code_challenge", "x")], "invalid_request"),
            (vec![("max_age", "soon")], "invalid_request"),
        ] {
            let page = browser.get(&asked(&more)).await;
            assert_eq!(page.answer("error").as_deref(), Some(error), "{more:?}");
            assert_says(&page, Some(issuer), '?');
        }
        let page = browser.get(&Shop::authorize(&code_only, &[("response_type", "token")])).await;
        assert_eq!(page.answer("error").as_deref(), Some("unauthorized_client"));
        assert_says(&page, Some(issuer), '#');

        assert_says(&browser.sign_in(&asked(&[]), "ann").await, Some(issuer), '?');
        assert_says(&browser.get(&asked(&[])).await, Some(issuer), '?');
        let page = browser.get(&asked(&[("response_type", "token")])).await;
        assert!(page.answer("access_token").is_some());
        assert_says(&page, Some(issuer), '#');
    }

    /// What somebody writes into the request is not what the answer says.
    async fn nobody_else_says_who_the_issuer_is(app: TestApp) {
        let shop = open(app, "iss").await;
        let client = app_of(&shop, json!({})).await;
        let issuer = format!("https://id.example.com/{}", shop.pool);
        let mut browser = shop.browser();
        let address = Shop::authorize(&client, &[("iss", "https://evil.example.com")]);
        assert_says(&browser.sign_in(&address, "ann").await, Some(&issuer), '?');
        let page = browser.get(&Shop::authorize(&client, &[("state", "s&iss=https://evil.example.com")])).await;
        assert_eq!(page.answer("iss").as_deref(), Some(issuer.as_str()));
        assert_eq!(page.answer("state").as_deref(), Some("s&iss=https://evil.example.com"));
    }

    async fn without_it_no_answer_does(app: TestApp) {
        let shop = open(app, "par dpop introspection jwt-access-tokens").await;
        assert_eq!(discovery(&shop).await.get("authorization_response_iss_parameter_supported"), None);
        let client = app_of(&shop, json!({ "AllowedOAuthFlows": ["code", "implicit"] })).await;
        let mut browser = shop.browser();
        assert_says(&browser.get(&Shop::authorize(&client, &[("prompt", "none")])).await, None, '?');
        assert_says(&browser.sign_in(&Shop::authorize(&client, &[]), "ann").await, None, '?');
        assert_says(&browser.get(&Shop::authorize(&client, &[("response_type", "token")])).await, None, '#');
        switch(&shop, "iss").await;
        assert!(browser.get(&Shop::authorize(&client, &[])).await.answer("iss").is_some(), "from now on");
    }
}
