//! `[auth_api.cognito]`: a pool of Amazon Cognito, or of a server that speaks its API.

use url::{Host, Url};
use zeroize::Zeroizing;

use crate::settings::messages::{refuse_without, secret};
use crate::settings::read::Reader;
use crate::settings::server::{origin, region};
use crate::settings::table::TABLE;

pub(crate) struct CognitoSettings {
    pub(crate) region: String,
    pub(crate) user_pool_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Zeroizing<String>>,
    pub(crate) endpoint: Url,
    /// Named by the operator, and not Amazon's: it may have a private address.
    pub(crate) is_own_endpoint: bool,
    pub(crate) issuer: Option<String>,
    pub(crate) credentials: Option<AwsCredentials>,
}

pub(crate) struct AwsCredentials {
    pub(crate) access_key_id: String,
    pub(crate) secret: Zeroizing<String>,
    pub(crate) session_token: Option<Zeroizing<String>>,
}

const PREFIX: &str = "auth_api.cognito.";

/// With another provider none of this means anything.
pub(super) fn refuse(reader: &mut Reader) {
    for setting in TABLE.iter().filter(|setting| setting.name.starts_with(PREFIX)) {
        refuse_without(reader, setting.name, "auth_api.provider = \"cognito\"");
    }
}

pub(super) fn read(reader: &mut Reader) -> Option<CognitoSettings> {
    let user_pool_id = needed(reader, "auth_api.cognito.user_pool_id", pool_id);
    let client_id = needed(reader, "auth_api.cognito.client_id", client);
    let of_pool = user_pool_id.as_deref().and_then(|id| id.split('_').next()).unwrap_or("us-east-1").to_owned();
    let region = reader.parse("auth_api.cognito.region", of_pool, region);
    let client_secret = secret(reader, "auth_api.cognito.client_secret");
    let is_own_endpoint = reader.has("auth_api.cognito.endpoint");
    let endpoint = endpoint(reader, &region);
    let issuer = issuer(reader);
    let credentials = credentials(reader);
    Some(CognitoSettings {
        region,
        user_pool_id: user_pool_id?,
        client_id: client_id?,
        client_secret,
        endpoint: endpoint?,
        is_own_endpoint,
        issuer,
        credentials,
    })
}

fn needed(reader: &mut Reader, name: &str, read: fn(&str) -> Result<String, String>) -> Option<String> {
    if !reader.has(name) {
        reader.refuse(name, "is missing, and auth_api.provider is cognito");
        return None;
    }
    reader.parse(name, None, |text| read(text).map(Some))
}

fn pool_id(text: &str) -> Result<String, String> {
    let well_formed = text.len() <= 55
        && text.split_once('_').is_some_and(|(region, id)| {
            !region.is_empty() && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if well_formed {
        Ok(text.to_owned())
    } else {
        Err(format!("{text:?} is no pool's id, such as eu-central-1_Ex4mpl3"))
    }
}

fn client(text: &str) -> Result<String, String> {
    let well_formed =
        text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+".contains(&byte));
    if well_formed { Ok(text.to_owned()) } else { Err(format!("{text:?} is no app client's id")) }
}

fn endpoint(reader: &mut Reader, region: &str) -> Option<Url> {
    const NAME: &str = "auth_api.cognito.endpoint";
    let default = Url::parse(&format!("https://cognito-idp.{region}.amazonaws.com")).ok();
    let url = reader.parse(NAME, default, |text| origin(text).map(Some))?;
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "http" && !is_here && !reader.switch("auth_api.cognito.allow_http_endpoint") {
        reader.refuse(NAME, "is not https; auth_api.cognito.allow_http_endpoint = true allows it by name");
    }
    Some(url)
}

fn issuer(reader: &mut Reader) -> Option<String> {
    reader.parse("auth_api.cognito.issuer", None, |text| {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let plain = url.is_some_and(|url| url.query().is_none() && url.fragment().is_none());
        if plain { Ok(Some(text.to_owned())) } else { Err(format!("{text:?} is no issuer: a URL without a query")) }
    })
}

fn credentials(reader: &mut Reader) -> Option<AwsCredentials> {
    const KEY: &str = "auth_api.cognito.access_key_id";
    const SECRET: &str = "auth_api.cognito.secret_access_key";
    let access_key_id = reader.parse(KEY, None, |text| {
        let well_formed = text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if well_formed { Ok(Some(text.to_owned())) } else { Err("is no access key's id".to_owned()) }
    });
    let (secret_key, session_token) = (secret(reader, SECRET), secret(reader, "auth_api.cognito.session_token"));
    match (access_key_id, secret_key) {
        (Some(access_key_id), Some(secret)) => Some(AwsCredentials { access_key_id, secret, session_token }),
        (Some(_), None) => {
            reader.refuse(SECRET, format!("is missing, and {KEY} is there"));
            None
        }
        (None, Some(_)) if !reader.has_refused(KEY) => {
            reader.refuse(KEY, format!("is missing, and {SECRET} is there"));
            None
        }
        (None, _) => {
            for name in ["auth_api.cognito.session_token", "auth_api.cognito.session_token_file"] {
                refuse_without(reader, name, KEY);
            }
            None
        }
    }
}
