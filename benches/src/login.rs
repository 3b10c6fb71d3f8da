//! A pool's login domain, and how its endpoints and pages are asked: by programs that hold a client's secret or a refresh token,
//! and by browsers. TLS is the proxy's in front of a server; to the server itself a domain is a Host.

use anyhow::{Context as _, Result};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};

use crate::api::call;
use crate::people;
use crate::site::{Site, written};

/// Where the code goes. Nobody asks for it: a client reads it off the answer.
const CALLBACK: &str = "https%3A%2F%2Fshop.example.com%2Fcb";
/// RFC 7636, appendix B. To the server it is as good as any other.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const NAME: &str = "bench";
/// Below the public address that stores are configured with.
const HOST: &str = "bench.auth.id.example.com";

#[derive(Debug)]
pub(crate) struct Login {
    host: String,
    token_path: &'static str,
    /// A public client, for people.
    page: String,
    /// A client with a secret, as its calls present it.
    machine: String,
    scope: &'static str,
    /// How many live sessions there are. The first of them is of the first user, and so on, round and round.
    sessions: u64,
}

impl Login {
    /// Makes a domain, a resource server and both clients for the site's pool.
    pub(crate) async fn open(site: &Site, sessions: u64) -> Result<Self> {
        let pool = &site.pool.id;
        call(site, "CreateUserPoolDomain", &json!({ "UserPoolId": pool, "Domain": NAME })).await?;
        let scopes = [json!({ "ScopeName": "read", "ScopeDescription": "read" })];
        let server = json!({ "UserPoolId": pool, "Identifier": "orders", "Name": "orders", "Scopes": scopes });
        call(site, "CreateResourceServer", &server).await?;
        let machine = json!({
            "UserPoolId": pool,
            "ClientName": "machine",
            "GenerateSecret": true,
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["orders/read"],
        });
        let (id, secret) = client(site, &machine).await?;
        let page = json!({
            "UserPoolId": pool,
            "ClientName": "page",
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "email"],
            "CallbackURLs": ["https://shop.example.com/cb"],
            "SupportedIdentityProviders": ["COGNITO"],
        });
        let (page, _) = client(site, &page).await?;
        let machine = basic(&id, &secret);
        Ok(Self { host: HOST.into(), token_path: "/oauth2/token", page, machine, scope: "orders%2Fread", sessions })
    }

    /// Somebody else's token endpoint, with the clients that benches/rivals gives it.
    pub(crate) fn elsewhere(address: &str, secret: &str) -> Self {
        Self {
            host: address.to_owned(),
            token_path: "/token",
            page: "page".to_owned(),
            machine: basic("machine", secret),
            scope: "orders%2Fread",
            sessions: 0,
        }
    }

    pub(crate) fn sessions(&self) -> u64 {
        self.sessions
    }

    pub(crate) fn client_credentials(&self) -> Vec<u8> {
        let form = format!("grant_type=client_credentials&scope={}", self.scope);
        self.token(&form, &[("authorization", &self.machine)])
    }

    pub(crate) fn refresh(&self, token: &str) -> Vec<u8> {
        self.token(&format!("grant_type=refresh_token&client_id={}&refresh_token={token}", self.page), &[])
    }

    pub(crate) fn exchange(&self, code: &str) -> Vec<u8> {
        let grant = format!("grant_type=authorization_code&client_id={}&redirect_uri={CALLBACK}", self.page);
        self.token(&format!("{grant}&code={code}&code_verifier={VERIFIER}"), &[])
    }

    /// As a program asks: the headers of openid-client's.
    fn token(&self, form: &str, more: &[(&str, &str)]) -> Vec<u8> {
        let mut headers = vec![
            ("host", self.host.as_str()),
            ("accept", "application/json"),
            ("content-type", "application/x-www-form-urlencoded;charset=UTF-8"),
            ("user-agent", "openid-client/v6.8.1"),
        ];
        headers.extend(more);
        written(&format!("POST {}", self.token_path), &headers, form)
    }

    /// The query of an authorization request.
    fn request(&self) -> String {
        let page = &self.page;
        format!(
            "client_id={page}&response_type=code&redirect_uri={CALLBACK}&scope=openid+email&state=0123456789abcdef\
             &code_challenge={CHALLENGE}&code_challenge_method=S256"
        )
    }

    pub(crate) fn authorize(&self) -> Vec<u8> {
        self.get(&format!("/oauth2/authorize?{}", self.request()), "")
    }

    /// With a session's cookie: the answer is the code.
    pub(crate) fn authorize_by_session(&self, number: u64) -> Vec<u8> {
        let cookie = format!("__Host-cognito={}", cookie(number));
        self.get(&format!("/oauth2/authorize?{}&prompt=none", self.request()), &cookie)
    }

    pub(crate) fn login_page(&self) -> Vec<u8> {
        self.get(&format!("/login?{}", self.request()), "")
    }

    pub(crate) fn get(&self, target: &str, cookie: &str) -> Vec<u8> {
        self.browser(&format!("GET {target}"), cookie, &[], "")
    }

    /// The form of the login page, sent back.
    pub(crate) fn submit(&self, target: &str, (cookie, csrf): (&str, &str), number: u64) -> Vec<u8> {
        let (username, password) = (people::username(number), people::PASSWORD);
        let form = format!("_csrf={csrf}&username={username}&password={password}");
        let origin = format!("https://{}", self.host);
        let more = [("origin", origin.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        self.browser(&format!("POST {target}"), cookie, &more, &form)
    }

    /// With the headers of Chromium.
    fn browser(&self, what: &str, cookie: &str, more: &[(&str, &str)], body: &str) -> Vec<u8> {
        let mut headers = vec![
            ("host", self.host.as_str()),
            ("sec-ch-ua", "\"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\""),
            ("sec-ch-ua-mobile", "?0"),
            ("sec-ch-ua-platform", "\"Linux\""),
            ("upgrade-insecure-requests", "1"),
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            ),
            ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
            ("accept-encoding", "gzip, deflate, br, zstd"),
            ("accept-language", "en-US,en;q=0.9"),
        ];
        headers.extend(more);
        if !cookie.is_empty() {
            headers.push(("cookie", cookie));
        }
        written(what, &headers, body)
    }
}

/// What a browser of the session with this number sends: as long as a real one, and known beforehand.
pub(crate) fn cookie(number: u64) -> String {
    let mut bytes = [0x5a; 32];
    for (to, from) in bytes.iter_mut().zip(number.to_be_bytes()) {
        *to = from;
    }
    BASE64URL_NOPAD.encode(&bytes)
}

/// The code or the error that a browser is sent on with.
pub(crate) fn parameter<'l>(location: &'l str, name: &str) -> Option<&'l str> {
    let (_, query) = location.split_once('?')?;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(had, _)| *had == name).map(|(_, value)| value)
}

/// The id of a new client, and its secret if it has one.
async fn client(site: &Site, input: &Value) -> Result<(String, String)> {
    let made = call(site, "CreateUserPoolClient", input).await?;
    let text = |name: &str| made.pointer(&format!("/UserPoolClient/{name}")).and_then(Value::as_str);
    let secret = text("ClientSecret").unwrap_or_default().to_owned();
    Ok((text("ClientId").context("no client")?.to_owned(), secret))
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()))
}
