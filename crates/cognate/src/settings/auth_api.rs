//! `[auth_api]`: what products call instead of a provider's SDK.

mod cognito;

use std::path::PathBuf;

use http::HeaderValue;
use url::Url;
use zeroize::Zeroizing;

use super::Mode;
use super::messages::secret;
use super::read::Reader;
use super::server::Faces;

pub(crate) use cognito::CognitoSettings;

pub(crate) struct AuthApi {
    /// None where it could not be read, and was refused.
    pub(crate) provider: Option<ProviderSettings>,
    pub(crate) allowed_origins: Vec<HeaderValue>,
    /// The application's page where invitations are accepted; `{token}` stands in it.
    pub(crate) invitation_url: Option<String>,
    /// For a time of transition.
    pub(crate) takes_id_tokens: bool,
    /// None in dev unless it is given: there everything comes from one address.
    pub(crate) calls_per_address: Option<i64>,
    pub(crate) webhook_secret: Option<Zeroizing<String>>,
}

/// In an hour.
const CALLS_PER_ADDRESS: i64 = 100;
/// What the standard asks of a secret, in bytes.
const SHORTEST_SECRET: usize = 24;

/// Who signs people in.
pub(crate) enum ProviderSettings {
    /// The app client by which the boundary is known to its pool. In dev, without one, it is the sample's.
    Cognate {
        client: Option<String>,
    },
    Cognito(Box<CognitoSettings>),
    /// Nobody but a file. In dev alone.
    Mock {
        file: PathBuf,
    },
}

pub(crate) fn read(reader: &mut Reader, mode: Mode, faces: Faces) -> AuthApi {
    let provider = provider(reader, mode, faces);
    AuthApi {
        provider,
        allowed_origins: origins(reader),
        invitation_url: invitation_url(reader),
        takes_id_tokens: takes_id_tokens(reader),
        calls_per_address: calls_per_address(reader, mode),
        webhook_secret: webhook_secret(reader),
    }
}

/// Whether somebody configured it: then it is shown, if nothing is said of faces.
pub(super) fn is_meant(reader: &Reader) -> bool {
    reader.has("auth_api.client") || reader.has("auth_api.provider")
}

fn provider(reader: &mut Reader, mode: Mode, faces: Faces) -> Option<ProviderSettings> {
    const NAME: &str = "auth_api.provider";
    let name = if reader.has(NAME) { reader.text(NAME)? } else { "cognate".to_owned() };
    if name != "cognito" {
        cognito::refuse(reader);
    }
    if name != "mock" && reader.has(MOCK_FILE) {
        reader.refuse(MOCK_FILE, "means nothing unless auth_api.provider is mock");
    }
    match name.as_str() {
        "cognate" => Some(ProviderSettings::Cognate { client: client(reader, mode, faces) }),
        "cognito" => {
            if reader.has("auth_api.client") {
                reader.refuse(
                    "auth_api.client",
                    "is of a pool of this server; with cognito it is auth_api.cognito.client_id",
                );
            }
            cognito::read(reader).map(|settings| ProviderSettings::Cognito(Box::new(settings)))
        }
        "mock" => mock(reader, mode),
        _ => {
            reader.refuse(NAME, format!("{name:?} is neither cognate, cognito nor mock"));
            None
        }
    }
}

fn client(reader: &mut Reader, mode: Mode, faces: Faces) -> Option<String> {
    const NAME: &str = "auth_api.client";
    if faces.auth_api && mode == Mode::Serve && !reader.has(NAME) {
        reader.refuse(NAME, "is missing: the id of the app client whose pool signs people in at /v1");
    }
    reader.text(NAME)
}

const MOCK_FILE: &str = "auth_api.mock.file";

fn mock(reader: &mut Reader, mode: Mode) -> Option<ProviderSettings> {
    const CLIENT: &str = "auth_api.client";
    if mode == Mode::Serve {
        reader.refuse(
            "auth_api.provider",
            "is mock, which signs in whoever its file says: it is for `cognate dev` alone",
        );
    }
    if reader.has(CLIENT) {
        reader.refuse(CLIENT, "means nothing to the provider mock, which asks no pool");
    }
    if !reader.has(MOCK_FILE) {
        reader.refuse(MOCK_FILE, "is missing: the TOML file with the users of the mock");
    }
    reader.path(MOCK_FILE).map(|file| ProviderSettings::Mock { file })
}

fn calls_per_address(reader: &mut Reader, mode: Mode) -> Option<i64> {
    const NAME: &str = "auth_api.calls_per_address";
    if mode == Mode::Dev && !reader.has(NAME) {
        return None;
    }
    Some(reader.parse(NAME, CALLS_PER_ADDRESS, |text| {
        let number = text.parse().ok().filter(|number| (1..=100_000).contains(number));
        number.ok_or_else(|| format!("{text:?} is no number from 1 to 100000"))
    }))
}

fn webhook_secret(reader: &mut Reader) -> Option<Zeroizing<String>> {
    const NAME: &str = "auth_api.webhook_secret";
    let secret = secret(reader, NAME)?;
    if secret.len() < SHORTEST_SECRET {
        reader.refuse(NAME, format!("is shorter than {SHORTEST_SECRET} bytes"));
    }
    Some(secret)
}

fn origins(reader: &mut Reader) -> Vec<HeaderValue> {
    const NAME: &str = "auth_api.allowed_origins";
    let mut origins = Vec::new();
    for text in reader.list(NAME) {
        match origin(&text) {
            Some(origin) => origins.push(origin),
            None => reader.refuse(NAME, format!("{text:?} is no origin, such as https://app.example.com")),
        }
    }
    origins
}

/// Written as browsers write it, or it would never be met.
fn origin(text: &str) -> Option<HeaderValue> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    if url.origin().ascii_serialization() != text {
        return None;
    }
    HeaderValue::from_str(text).ok()
}

fn invitation_url(reader: &mut Reader) -> Option<String> {
    const NAME: &str = "auth_api.invitation_url";
    let text = reader.text(NAME)?;
    if !takes_token(&text) {
        reader.refuse(NAME, "is no https URL (or http to localhost) with {token} behind the host");
    }
    Some(text)
}

/// What an invitation's token may be sent to: over TLS or to this machine, and in no part that says which machine.
fn takes_token(text: &str) -> bool {
    let with = |token: &str| Url::parse(&text.replace("{token}", token)).ok();
    let (Some(url), Some(other)) = (with("a"), with("b")) else { return false };
    let own = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && own);
    let is_one_place = url.origin() == other.origin() && url.username().is_empty() && url.password().is_none();
    let is_short = text.len() <= 1024 && !text.contains(|c: char| c.is_control() || c.is_whitespace());
    is_safe && is_one_place && is_short && text.contains("{token}")
}

fn takes_id_tokens(reader: &mut Reader) -> bool {
    const NAME: &str = "auth_api.token_use";
    if !reader.has(NAME) {
        return false;
    }
    let mut uses = reader.list(NAME);
    uses.sort_unstable();
    match uses.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["access"] => false,
        ["access", "id"] => true,
        _ => {
            reader.refuse(NAME, "is neither [\"access\"] nor, for a time of transition, [\"access\", \"id\"]");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{origin, takes_token};

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for good in ["https://app.example.com", "http://localhost:3000", "https://app.example.com:8443"] {
            assert_eq!(origin(good).unwrap(), good);
        }
        for bad in [
            "*",
            "null",
            "app.example.com",
            "https://app.example.com/",
            "https://APP.example.com",
            "https://a.example:443",
            "file:///x",
        ] {
            assert!(origin(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn an_invitations_token_leaves_over_tls_and_says_no_host() {
        for good in [
            "https://app.example.com/join?token={token}",
            "https://app.example.com/join#{token}",
            "https://app.example.com:8443/join/{token}",
            "http://localhost:3000/join?token={token}",
            "http://127.0.0.1:3000/{token}",
        ] {
            assert!(takes_token(good), "{good}");
        }
        for bad in [
            "",
            "{token}",
            "https://app.example.com/join",
            "https://app.example.com/join?token={TOKEN}",
            "http://app.example.com/join?token={token}",
            "https://{token}.example.com/join",
            "https://ann:{token}@app.example.com/join",
            "https://app.example.com/join?token={token} and more",
            "javascript:alert('{token}')",
            "file:///join/{token}",
        ] {
            assert!(!takes_token(bad), "{bad}");
        }
    }
}
