//! A relying party as the suite is one: a client with a secret (and a second one), which asks, exchanges, and checks
//! all that it is given.

use cognate_jose::{JwkSet, VerifyingKey, sha256};
use cognate_testkit::TestApp;
use cognate_testkit::app::PASSWORD;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::kit::{Answer, Browser, CALLBACK, Machine, Page, Shop, basic};

pub(super) const STATE: &str = "the-state-of-a-request";
pub(super) const NONCE: &str = "the-nonce-of-a-request";
/// Every scope that discovery names.
pub(super) const ALL: [&str; 4] = ["openid", "profile", "email", "phone"];

pub(super) struct Suite {
    pub(super) shop: Shop,
    pub(super) client: Machine,
    pub(super) client2: Machine,
    /// Ann's.
    pub(super) sub: String,
}

/// What an answer of the token endpoint was worth.
pub(super) struct Tokens {
    pub(super) answer: Answer,
    pub(super) access: String,
    pub(super) refresh: String,
    /// The claims of its ID token.
    pub(super) id: Value,
}

impl Suite {
    pub(super) async fn open(app: TestApp) -> Self {
        Self::of(app, "oidc").await
    }

    /// With Ann, of whom all is known.
    pub(super) async fn of(app: TestApp, profile: &str) -> Self {
        let pool = json!({ "AutoVerifiedAttributes": ["email"], "UserPoolTags": { "cognate:profile": profile } });
        let shop = Shop::open_with(app, pool).await;
        let more = json!({
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ALL,
            "CallbackURLs": [CALLBACK],
            "SupportedIdentityProviders": ["COGNITO"],
        });
        let (client, client2) = (shop.confidential(more.clone()).await, shop.confidential(more).await);
        let sub = shop.app.user(&shop.pool, "ann").await;
        let attributes: Vec<Value> =
            ABOUT.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
        let input = json!({ "UserPoolId": shop.pool, "Username": "ann", "UserAttributes": attributes });
        shop.app.idp("AdminUpdateUserAttributes", input).await.assert_good();
        Self { shop, client, client2, sub }
    }

    pub(super) fn issuer(&self) -> String {
        format!("https://id.example.com/{}", self.shop.pool)
    }

    /// The authorization request that every module begins with; a parameter without a value is left out.
    pub(super) fn request(&self, more: &[(&str, &str)]) -> String {
        Self::request_of(&self.client, more)
    }

    pub(super) fn request_of(client: &Machine, more: &[(&str, &str)]) -> String {
        let ours = [("scope", "openid"), ("state", STATE), ("nonce", NONCE)];
        let ours = ours.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let all: Vec<_> = ours.chain(more.iter().copied()).collect();
        Shop::authorize(&client.id, &all)
    }

    /// Where a browser is sent in which Ann has just signed in.
    pub(super) async fn signed_in(&self, more: &[(&str, &str)]) -> Page {
        let page = self.shop.browser().sign_in(&self.request(more), "ann").await;
        Self::assert_answers(&page);
        page
    }

    /// That the browser brings an answer and no error, with the state as it was sent.
    #[track_caller]
    pub(super) fn assert_answers(page: &Page) {
        assert!(page.location().starts_with(&format!("{CALLBACK}?")), "{page:?}");
        assert_eq!((page.answer("error"), page.answer("state").as_deref()), (None, Some(STATE)), "{page:?}");
        assert!(page.answer("code").unwrap().len() >= 32, "a code that nobody guesses");
    }

    /// The same, and what its code is exchanged for.
    pub(super) async fn tokens(&self, more: &[(&str, &str)]) -> Tokens {
        let page = self.signed_in(more).await;
        self.exchange(&page.code(), &[]).await
    }

    /// Ann's session answers, or somebody is asked and it is Ann.
    pub(super) async fn again(&self, browser: &mut Browser<'_>, more: &[(&str, &str)]) -> Tokens {
        let page = browser.open(&self.request(more)).await;
        let page = if page.status == 200 { sign_in_at(browser, &page).await } else { page };
        Self::assert_answers(&page);
        self.exchange(&page.code(), &[]).await
    }

    pub(super) async fn exchange(&self, code: &str, more: &[(&str, &str)]) -> Tokens {
        let answer = self.redeem(code, more).await;
        self.checked(answer).await
    }

    /// With `client_secret_basic`.
    pub(super) async fn redeem(&self, code: &str, more: &[(&str, &str)]) -> Answer {
        let form = [("grant_type", "authorization_code"), ("redirect_uri", CALLBACK), ("code", code)];
        self.ask(&self.client, &[&form, more].concat()).await
    }

    pub(super) async fn refreshed(&self, client: &Machine, token: &str) -> Answer {
        self.ask(client, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn ask(&self, client: &Machine, form: &[(&str, &str)]) -> Answer {
        let proof = basic(&client.id, &client.secret);
        self.shop.post_with("/oauth2/token", form, &[("authorization", &proof)]).await
    }

    /// All that OpenID Connect Core, 3.1.3.3 to 3.1.3.8, asks a client to look at.
    pub(super) async fn checked(&self, answer: Answer) -> Tokens {
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.header("content-type").starts_with("application/json"));
        assert!(answer.header("cache-control").contains("no-store"), "{:?}", answer.headers);
        assert!(answer.text("token_type").eq_ignore_ascii_case("bearer"));
        assert!(answer.body["expires_in"].as_i64().unwrap() > 0, "{}", answer.body);
        let (access, id) = (answer.text("access_token"), answer.text("id_token"));

        let keys = self.shop.get(&format!("/{}/.well-known/jwks.json", self.shop.pool), "id.example.com").await;
        let keys: JwkSet = serde_json::from_value(keys.body).unwrap();
        let peek = cognate_jose::peek(&id).unwrap();
        let key = keys.find(peek.kid.as_deref().unwrap()).unwrap();
        let claims = VerifyingKey::from_jwk(key).unwrap().verify(&id).unwrap();

        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(self.issuer()), &json!(self.client.id)));
        assert_eq!(claims["sub"], self.sub);
        let [iat, exp, auth_time] = ["iat", "exp", "auth_time"].map(|name| claims[name].as_i64().unwrap());
        assert!(auth_time <= iat && iat < exp, "{claims}");
        let digest = sha256(access.as_bytes());
        assert_eq!(claims["at_hash"], BASE64URL_NOPAD.encode(&digest[..16]));
        Tokens { access, refresh: answer.text("refresh_token"), id: claims, answer }
    }

    /// What userInfo says of whom an ID token is about.
    pub(super) async fn userinfo(&self, tokens: &Tokens) -> Value {
        let answer = self.shop.userinfo(&tokens.access).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.header("content-type").starts_with("application/json"));
        assert_eq!(answer.body["sub"], tokens.id["sub"], "OpenID Connect Core, 5.3.2");
        answer.body
    }
}

/// Fills the form that a browser shows.
pub(super) async fn sign_in_at(browser: &mut Browser<'_>, page: &Page) -> Page {
    assert_eq!((page.status, page.title().as_str()), (200, "Sign in"), "{page:?}");
    let form = page.form("/login").fill("username", "ann").fill("password", PASSWORD);
    browser.send_on(&form).await
}

/// Ann's, as the pool keeps them.
pub(super) const ABOUT: [(&str, &str); 18] = [
    ("name", "Ann Example"),
    ("given_name", "Ann"),
    ("family_name", "Example"),
    ("middle_name", "B."),
    ("nickname", "annie"),
    ("preferred_username", "ann.example"),
    ("profile", "https://example.com/ann"),
    ("picture", "https://example.com/ann.png"),
    ("website", "https://ann.example.com"),
    ("gender", "female"),
    ("birthdate", "1990-02-03"),
    ("zoneinfo", "Europe/Berlin"),
    ("locale", "de-DE"),
    ("updated_at", "1471453471"),
    ("address", "1 Main St"),
    ("email_verified", "true"),
    ("phone_number", "+15555550100"),
    ("phone_number_verified", "true"),
];
