//! RFC 9700 (Best Current Practice for OAuth 2.0 Security), point by point: one test for each attack, named for it.
//! Each was seen to fail with its guard taken away. <https://www.rfc-editor.org/rfc/rfc9700>

// | Point | Test | Stands on |
// | --- | --- | --- |
// | 2.1, 4.1 | redirects: an address that only resembles a registered one | `Target::prove` |
// | 2.1, 4.11.2 | redirects: the server is no open redirector | `Target::prove`, `logout::destination` |
// | 4.11.2 | redirects: a request that nobody can have made | `Request::read`, `request::refuse` |
// | 4.4 | redirects: a code that was carried to another server | `client::prove` (the pool) |
// | 4.4 | redirects: an answer of another server | `Target::answer` (`iss`, where a pool has it) |
// | 4.7 | redirects: an answer that the client did not ask for | `Target::answer` |
// | 2.1.1, 4.5 | codes: a stolen code without its verifier | `CodeGrant::check` |
// | 2.1.1 | codes: a challenge in plain text | `Challenge::of` |
// | 4.8 | codes: a request whose challenge was stripped | `CodeGrant::check` |
// | 4.5 | codes: not redeemed by another client | `Cx::present` |
// | 4.5 | codes: not redeemed for another address | `CodeGrant::check` |
// | 4.3, 4.5 | codes: one that is replayed ends what it has begun | `Cx::present`, `Cx::end_sign_in` |
// | 4.5 | codes: redeemed at once | `tokens::insert_family` (a family begins once) and `Cx::present` (`redeemed_at`), both |
// | 4.3 | codes: kept for later | `Cx::present` and `Cx::grant_by_code` (`expires_at`), both |
// | 4.10 | codes: do not outlive a sign-out everywhere | `tokens::insert_family` (`token_epoch`) |
// | 2.2.1, 4.10.1 | tokens: a stolen one that is bound to a key | `Cx::authenticate_for` (`cnf`), `Cx::accept` (`key`) |
// | 2.2.2, 4.14.2 | tokens: a stolen refresh token | `Cx::accept`, `Cx::end_family` |
// | 4.14.2 | tokens: a refresh token of another client | `Cx::presented` |
// | 4.14.2 | tokens: a refresh token for ever | `Cx::accept` |
// | 4.14.2 | tokens: a refresh token does not widen | `Cx::grant_by_code`, `TokenFamily::scope` |
// | 2.3, 4.9.1 | tokens: a counterfeit resource | `authorize::resource` |
// | 2.3 | tokens: only what its scopes say | `Cx::authenticate_for` (scope) |
// | 2.1.2, 4.6 | tokens: not put into an address | `authorize::client_may_ask` |
// | 4.6 | tokens: an access token that was injected | `Cx::sign_tokens` (`at_hash`) |
// | 4.3.2 | tokens: one in an address | `userinfo::bearer` |
// | 4.3 | tokens: no cache keeps one | `answer::common` |
// | 4.10 | tokens: a stolen one ends with its sign-in | `Cx::authenticate_for` (`revoked`; `exp`) |
// | 4.9 | tokens: made up, or another | `App::proves_access`, `userinfo::claims` (the pool) |
// | 2.4 | clients: no tokens for a password | `token::grant` |
// | 2.5 | clients: a client that has a secret | `client::prove` |
// | 2.6 | clients: metadata | `issuer::configuration` |
// | 4.13 | clients: a header that a proxy would set | `site::authority` |
// | 4.15 | clients: not taken for a person | `machine::scopes`; `Cx::authenticate_for` |
// | 4.2 | browsers: a referrer | `answer::for_browsers` |
// | 4.12 | browsers: a password is not posted on | `Visit::redirect` |
// | 4.16 | browsers: no frame | `answer::common`, `Pages::render` (either header) |
// | 4.7 | browsers: a form of another site | `Visit::is_own_form` |
// | 2.6, 4.17 | browsers: no script of another site | `answer::for_browsers` |
// | 2.1 | browsers: no method but its own | `login::routes` |

mod browsers;
mod clients;
mod codes;
mod redirects;
mod tokens;

use cognate_testkit::TestApp;
use cognate_testkit::app::merged;
use serde_json::{Value, json};

use crate::kit::{Answer, CHALLENGE, Page, Shop, VERIFIER};

const WITH_PKCE: [(&str, &str); 2] = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
const PROOF: (&str, &str) = ("code_verifier", VERIFIER);

/// A shop where Ann is known, and its public client.
struct Scene {
    shop: Shop,
    client: String,
}

impl Scene {
    async fn set(app: TestApp, client: Value) -> Self {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(merged(json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] }), client)).await;
        Self { shop, client }
    }

    /// The page that sends Ann's browser back to the application.
    async fn answer(&self, more: &[(&str, &str)]) -> Page {
        self.shop.browser().sign_in(&Shop::authorize(&self.client, more), "ann").await
    }

    async fn code(&self, more: &[(&str, &str)]) -> String {
        self.answer(more).await.code()
    }

    async fn tokens(&self) -> Answer {
        let code = self.code(&WITH_PKCE).await;
        self.shop.redeem(&self.client, &code, &[PROOF]).await
    }

    async fn userinfo(&self, token: &str) -> u16 {
        self.shop.userinfo(token).await.status
    }
}
