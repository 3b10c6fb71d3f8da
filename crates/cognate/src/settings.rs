//! The configuration: from flags, environment and file to values that may be used. Everything that is unknown, missing
//! or unsafe becomes a `Refusal` with its name.

mod auth_api;
mod database;
mod keys;
mod layers;
mod login;
mod messages;
mod read;
mod refusal;
mod server;
mod table;

use std::path::Path;

pub(crate) use auth_api::{AuthApi, CognitoSettings, ProviderSettings};
pub(crate) use cognate_engine::Mode;
pub(crate) use database::Store;
pub(crate) use keys::{KeySource, Keys};
pub(crate) use layers::{Given, Layer, from_text};
pub(crate) use login::Login;
pub(crate) use messages::Carriers;
use read::Reader;
pub(crate) use refusal::{Judged, Refusal, Refused};
pub(crate) use server::{Faces, Log, LogFormat, Server};
pub(crate) use table::{For, Kind, Setting, TABLE};

/// What `dev` and `serve` run with.
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) carriers: Carriers,
    pub(crate) login: Login,
    pub(crate) auth_api: AuthApi,
}

/// What the `keys` commands need: no listener, no carriers.
pub(crate) struct StoreConfig {
    pub(crate) mode: Mode,
    pub(crate) environment: String,
    pub(crate) account: String,
    pub(crate) store: Store,
    pub(crate) keys: Keys,
}

/// The layers laid over each other, and what was wrong with their names.
pub(crate) struct Sources {
    layer: Layer,
    refusals: Vec<Refusal>,
}

impl Sources {
    pub(crate) fn read(flags: Layer, file: Option<&Path>) -> Self {
        let mut refusals = Vec::new();
        let below = file.map(|path| layers::from_file(path, &mut refusals)).unwrap_or_default();
        let environment = layers::from_environment(std::env::vars_os(), &mut refusals);
        Self { layer: layers::merge(flags, layers::merge(environment, below)), refusals }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.layer.contains_key(name)
    }

    /// Everything that `mode` needs, and everything that is wrong with it.
    pub(crate) fn config(self, mode: Mode) -> Judged<Config> {
        let mut reader = Reader::new(self.layer, self.refusals);
        if mode == Mode::Dev {
            reader.refuse_what_only_serve_uses("means nothing to `cognate dev`; it is a setting of `cognate serve`");
        }
        let server = server::read(&mut reader, mode);
        let store = database::read(&mut reader, mode);
        let keys = keys::read(&mut reader, mode, &store);
        let carriers = messages::read(&mut reader, mode);
        let login = login::read(&mut reader, mode);
        let auth_api = auth_api::read(&mut reader, mode, server.faces);
        reader.finish(Config { server, store, keys, carriers, login, auth_api })
    }

    /// The part that finds and opens a store. It is a development store unless an environment is named.
    pub(crate) fn store(self, with_file: bool) -> Judged<StoreConfig> {
        let mode = if with_file || self.has("server.environment") { Mode::Serve } else { Mode::Dev };
        let mut reader = Reader::new(self.layer, self.refusals);
        if mode == Mode::Dev {
            reader.refuse_what_only_serve_uses("means nothing without --config or --environment, which name a server");
        }
        let environment = server::environment(&mut reader, mode);
        let account = server::account(&mut reader);
        let store = database::read(&mut reader, mode);
        let keys = keys::read(&mut reader, mode, &store);
        reader.finish(StoreConfig { mode, environment, account, store, keys })
    }
}

#[cfg(test)]
mod tests;
