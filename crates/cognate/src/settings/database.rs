//! `[store]`: the data folder and the database.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use url::Url;

use super::Mode;
use super::read::Reader;

#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) data: PathBuf,
    /// `sqlite:PATH` or `postgres://..`
    pub(crate) database: String,
}

impl Store {
    /// The file of an embedded store.
    pub(crate) fn sqlite_file(&self) -> Option<&Path> {
        self.database.strip_prefix("sqlite:").map(Path::new)
    }

    fn below(data: PathBuf) -> Self {
        let database = format!("sqlite:{}", data.join("cognate.db").display());
        Self { data, database }
    }
}

pub(crate) fn read(reader: &mut Reader, mode: Mode) -> Store {
    let data = reader.path("store.data");
    if mode == Mode::Serve && data.is_none() && !reader.has("store.database") {
        reader.refuse("store.database", "is missing: sqlite:PATH, postgres://USER:PASSWORD@HOST/NAME, or store.data");
    }
    let default = Store::below(data.unwrap_or_else(|| PathBuf::from(".cognate")));
    match reader.parse("store.database", None, |text| checked(text, mode).map(Some)) {
        Some(database) => Store { database, ..default },
        None => default,
    }
}

fn checked(text: &str, mode: Mode) -> Result<String, String> {
    if let Some(path) = text.strip_prefix("sqlite:") {
        return match path {
            "" | ":memory:" => Err("must name a file, as sqlite:cognate.db".into()),
            path if path.starts_with("//") || path.contains('?') => {
                Err("must be sqlite: and a plain path, as sqlite:/var/lib/cognate/cognate.db".into())
            }
            _ => Ok(text.into()),
        };
    }
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return Err("must begin with sqlite: or postgres://".into());
    }
    let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    let plain = url.query_pairs().any(|(key, value)| key == "sslmode" && value == "disable");
    if mode == Mode::Serve && plain && !is_near(&url) {
        return Err("has sslmode=disable, and its host is another machine: users would travel in the clear".into());
    }
    Ok(text.into())
}

/// Whether the host is this machine: a loopback address, a socket, or none.
fn is_near(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return true };
    let host = host.trim_matches(['[', ']']);
    let loopback = || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    host.is_empty() || host == "localhost" || host.to_lowercase().starts_with("%2f") || loopback()
}
