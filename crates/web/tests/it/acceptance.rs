//! The acceptance list of oauth-and-login.md, section 18: what is asked, and what is expected, in the list's own
//! words. Each line says what was observed.

mod authorize;
mod others;
mod token;

use std::pin::Pin;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{Page, Shop};

type Observed<'s> = Pin<Box<dyn Future<Output = String> + Send + 's>>;

struct Case {
    number: u8,
    asked: &'static str,
    expected: &'static str,
    observe: for<'s> fn(&'s Shop) -> Observed<'s>,
}

/// `number, what is asked => what is expected, who observes it`.
macro_rules! cases {
    ($($number:literal $asked:literal => $expected:literal, $observe:path;)*) => {
        &[$(Case { number: $number, asked: $asked, expected: $expected, observe: |shop| Box::pin($observe(shop)) }),*]
    };
}

#[rustfmt::skip] // a table
const CASES: &[Case] = cases! {
    1 "authorize, unregistered redirect_uri (also +slash, +query, other port, upper-case host, user@)"
        => "302 /error?error=redirect_mismatch&client_id=CLIENT, 400; 7 times, and nowhere else",
        authorize::unregistered_redirect_uri;
    2 "authorize without response_type"
        => "302 https://shop.example.com/cb?error=invalid_request&state=s", authorize::without_response_type;
    3 "challenge method plain"
        => "302 https://shop.example.com/cb?error=invalid_request&state=s", authorize::challenge_method_plain;
    4 "implicit on code-only client"
        => "302 https://shop.example.com/cb#error=unauthorized_client&state=s", authorize::implicit_on_code_only_client;
    5 "prompt=none, no cookie"
        => "302 https://shop.example.com/cb?error=login_required&state=s", authorize::prompt_none_without_cookie;
    6 "same with cookie of other client of the pool"
        => "302 https://shop.example.com/cb?code=CODE&state=s", authorize::prompt_none_with_cookie_of_other_client;
    7 "59 min / 61 min after login, with silent renewals between"
        => "302 https://shop.example.com/cb?code=CODE&state=s / 200 Sign in", authorize::an_hour_after_login;
    8 "code twice"
        => "200, 400 invalid_grant; its tokens: 401 invalid_token, 400 invalid_grant", token::code_twice;
    9 "code after 301 s"
        => "299 s: 200; 301 s: 400 invalid_grant", token::code_after_301_seconds;
    10 "token with other redirect_uri"
        => "400 unauthorized_client invalid_redirect", token::token_with_other_redirect_uri;
    11 "verifier missing / wrong / sent without challenge"
        => "400 invalid_grant / 400 invalid_grant / 400 invalid_grant", token::verifiers;
    12 "refresh without rotation"
        => "200 access_token expires_in id_token token_type", token::refresh_without_rotation;
    13 "refresh with rotation, old token inside/outside grace"
        => "200 / 400 invalid_grant", token::refresh_with_rotation;
    14 "new refresh token's expiry"
        => "59 min: 200; 61 min: 400 invalid_grant", token::expiry_of_the_next_refresh_token;
    15 "client_credentials, no scope"
        => "200 access_token expires_in token_type; scope orders/read orders/write; sub CLIENT",
        token::client_credentials_without_scope;
    16 "userInfo with SDK token"
        => "401 invalid_token", others::userinfo_with_sdk_token;
    17 "userInfo flags: strings in cognito profile, booleans in oidc profile"
        => "\"true\" / true", others::userinfo_flags;
    18 "ID token for openid only vs openid email"
        => "email email_verified given_name name / email email_verified", token::id_token_by_scope;
    19 "revoke access token"
        => "400 unsupported_token_type", others::revoke_access_token;
    20 "revoke garbage"
        => "200", others::revoke_garbage;
    21 "logout_uri + redirect_uri"
        => "302 https://shop.example.com/bye; then 302 https://shop.example.com/cb?error=login_required&state=s",
        others::both_ways_of_logging_out;
    22 "GlobalSignOut, then authorize with cookie"
        => "302 https://shop.example.com/cb?code=CODE&state=s", authorize::cookie_after_global_sign_out;
    23 "second client secret"
        => "200, 200; first deleted: 400 invalid_client, 200", others::second_client_secret;
    24 "resource=https://api"
        => "access https://api, refreshed https://api, id CLIENT", token::resource;
    25 "POST /login without _csrf, with foreign cookie"
        => "200 Sign in, no session / 200 Sign in, no session", others::login_of_a_foreign_form;
    26 "discovery on the domain host"
        => "404 404 404", others::discovery_on_the_domain_host;
    27 "JWKS"
        => "2 keys; id and access kid differ, both published", others::jwks;
    28 "CORS"
        => "* on /oauth2/token, /oauth2/revoke, /oauth2/userInfo", others::cors;
};

both_engines! {
    async fn the_acceptance_list_is_met(app: TestApp) {
        let shop = Shop::open(app).await;
        let mut numbers = Vec::new();
        let mut differs = Vec::new();
        for case in CASES {
            let observed = (case.observe)(&shop).await;
            if observed != case.expected {
                let Case { number, asked, expected, .. } = case;
                differs.push(format!("{number}. {asked}\n   expected: {expected}\n   observed: {observed}"));
            }
            numbers.push(case.number);
        }
        assert!(differs.is_empty(), "\n{}", differs.join("\n"));
        assert_eq!(numbers, (1..=28).collect::<Vec<_>>());
    }
}

/// A page in a line, without what chance or the test put in.
fn line(page: &Page, client: &str) -> String {
    let mut to = page.location().replace(client, "CLIENT");
    if let Some(code) = page.answer("code") {
        to = to.replace(&code, "CODE");
    }
    let shown = if to.is_empty() { page.title() } else { to };
    format!("{} {shown}", page.status)
}

/// A public client of its own, and somebody of its own to sign in there.
async fn client_and(shop: &Shop, name: &str) -> String {
    shop.app.user(&shop.pool, name).await;
    shop.page(json!({ "ClientName": name })).await
}
