//! `[server]`: where it listens, what it is called, what it shows.

use std::net::{Ipv4Addr, SocketAddr};

use url::Url;

use super::Mode;
use super::auth_api;
use super::read::Reader;
use crate::http_server::Proxies;

pub(crate) const DEV: &str = "dev";

pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) admin_listen: SocketAddr,
    /// Without a trailing slash. `None` in dev: then it is where the listener turns out to be.
    pub(crate) public_url: Option<String>,
    pub(crate) environment: String,
    pub(crate) region: String,
    pub(crate) account: String,
    pub(crate) faces: Faces,
    pub(crate) proxies: Proxies,
    pub(crate) log: Log,
}

/// What it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Faces {
    pub(crate) aws: bool,
    pub(crate) login: bool,
    pub(crate) auth_api: bool,
}

pub(crate) struct Log {
    pub(crate) filter: String,
    pub(crate) format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

pub(crate) fn read(reader: &mut Reader, mode: Mode) -> Server {
    let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listen = reader.parse("server.listen", local(9229), address);
    let admin_listen = reader.parse("server.admin_listen", local(9230), address);
    if mode == Mode::Serve && listen == admin_listen && listen.port() != 0 {
        reader.refuse("server.admin_listen", "is the same as server.listen; /metrics must not be public");
    }
    let faces = faces(reader);
    Server {
        listen,
        admin_listen,
        public_url: public_url(reader, mode),
        environment: environment(reader, mode),
        region: reader.parse("server.region", "us-east-1".into(), region),
        account: account(reader),
        faces,
        proxies: proxies(reader),
        log: log(reader, mode),
    }
}

fn proxies(reader: &mut Reader) -> Proxies {
    const NAME: &str = "server.trusted_proxies";
    Proxies::read(&reader.list(NAME)).unwrap_or_else(|reason| {
        reader.refuse(NAME, reason);
        Proxies::default()
    })
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is no address and port, such as 127.0.0.1:9229 or [::1]:9229"))
}

fn public_url(reader: &mut Reader, mode: Mode) -> Option<String> {
    const NAME: &str = "server.public_url";
    if !reader.has(NAME) {
        if mode == Mode::Serve {
            reader.refuse(NAME, "is missing: the address that clients use, such as https://id.example.com");
        }
        return None;
    }
    let text = reader.text(NAME)?;
    let url = match origin(&text) {
        Ok(url) => url,
        Err(reason) => {
            reader.refuse(NAME, reason);
            return None;
        }
    };
    if mode == Mode::Serve && url.scheme() == "http" && !reader.switch("server.allow_http_public_url") {
        reader.refuse(NAME, "is not https; server.allow_http_public_url = true allows it by name");
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

/// A scheme, a host, perhaps a port: no path, since AWS's clients post to `/`.
pub(super) fn origin(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{text:?} is no URL: {error}"))?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    match url.scheme() {
        "http" | "https" if url.has_host() && !text.contains('@') && plain => Ok(url),
        "http" | "https" => Err(format!("{text:?} must be scheme, host and port alone, without path or query")),
        _ => Err(format!("{text:?} must begin with https://")),
    }
}

pub(crate) fn environment(reader: &mut Reader, mode: Mode) -> String {
    const NAME: &str = "server.environment";
    if mode == Mode::Dev {
        return DEV.into();
    }
    if !reader.has(NAME) {
        reader.refuse(NAME, "is missing: the name of this environment, such as production or staging");
    }
    reader.parse(NAME, String::new(), |text| match text {
        DEV => Err("is `dev`, the name of development stores".into()),
        _ if is_name(text) => Ok(text.into()),
        _ => Err(format!("{text:?} must be 1 to 40 lower-case letters, digits and hyphens")),
    })
}

fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

pub(super) fn region(text: &str) -> Result<String, String> {
    if is_name(text) { Ok(text.into()) } else { Err(format!("{text:?} is no name of a region, such as eu-central-1")) }
}

pub(crate) fn account(reader: &mut Reader) -> String {
    reader.parse("server.account", "123456789012".into(), |text| {
        let twelve_digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if twelve_digits { Ok(text.into()) } else { Err(format!("{text:?} must be twelve digits")) }
    })
}

/// Only what is built may be asked for, so that nobody believes a face is there.
fn faces(reader: &mut Reader) -> Faces {
    if !reader.has("server.faces") {
        return Faces { aws: true, login: true, auth_api: auth_api::is_meant(reader) };
    }
    let faces = reader.list("server.faces");
    if faces.is_empty() {
        reader.refuse("server.faces", "is empty: this server would show nothing");
    }
    let has = |name: &str| faces.iter().any(|face| face == name);
    for face in faces.iter().filter(|face| !BUILT.contains(&face.as_str())) {
        let reason = match face.as_str() {
            "gateway" => format!("{face:?} is not built yet; `aws`, `login` and `auth-api` are"),
            _ => format!("{face:?} is no face of Cognate; `aws`, `login` and `auth-api` are"),
        };
        reader.refuse("server.faces", reason);
    }
    Faces { aws: has("aws"), login: has("login"), auth_api: has("auth-api") }
}

const BUILT: [&str; 3] = ["aws", "login", "auth-api"];

fn log(reader: &mut Reader, mode: Mode) -> Log {
    let filter = if mode == Mode::Dev { "warn" } else { "info" };
    let filter = reader.parse("server.log", filter.into(), |text| {
        tracing_subscriber::EnvFilter::try_new(text).map_err(|error| error.to_string())?;
        Ok(text.to_owned())
    });
    let format = reader.parse("server.log_format", LogFormat::Text, |text| match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("{text:?} is neither text nor json")),
    });
    Log { filter, format }
}
