//! `cognate dev`: an embedded store, a sample pool and client, everything open to this machine and to it alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use cognate_engine::app::Parts;
use cognate_engine::messages::Post;
use cognate_engine::{App, Mode, Settings, jobs};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::banner::Banner;
use super::welcome::Welcome;
use super::{sample, say};
use crate::cli::Dev;
use crate::http_server::{self, Face, Guard, LoginPages, Shown};
use crate::seams::{SystemClock, SystemEntropy};
use crate::settings::{Given, Layer, Refused, Sources, from_text};
use crate::shutdown::Shutdown;
use crate::{auth, logging, master_key, open};

pub(crate) async fn run(asked: Dev) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals()?;
    let mut flags = asked.settings.0;
    let folder = if asked.ephemeral { Some(TempDir::with_prefix("cognate-dev-")?) } else { None };
    if let Some(folder) = &folder {
        keep_in(folder.path(), &mut flags)?;
    }
    let mut config = Sources::read(flags, asked.config.as_deref()).config(Mode::Dev).accepted()?;
    let script = auth::script(&config.auth_api)?;
    let (server, store) = (&config.server, &config.store);
    if !server.listen.ip().is_loopback() && !asked.expose {
        let reason =
            format!("{} can be reached from other machines, and dev is open to all; --expose allows it", server.listen);
        return Err(Refused::one("server.listen", reason).into());
    }
    if open::look(store, &server.environment).await?.master_key.is_some() {
        config.keys.must_exist();
    }
    logging::start(&server.log);

    let listener =
        TcpListener::bind(server.listen).await.with_context(|| format!("cannot listen on {}", server.listen))?;
    let endpoint = endpoint(listener.local_addr()?);
    let settings = Settings {
        mode: Mode::Dev,
        public_url: server.public_url.clone().unwrap_or_else(|| endpoint.clone()),
        region: server.region.clone(),
        account: server.account.clone(),
    };
    let keys = master_key::open(&config.keys)?;
    let db = open::store(store, &server.environment, &keys.ids).await?;
    let parts = Parts {
        db,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        keyring: keys.keyring,
        settings,
        post: Post::inbox(),
    };
    let app = App::start(parts).await.map_err(|error| open::said(&error))?;
    let sample = sample::find_or_make(&app).await?;
    let (provider, follows) = auth::of_dev(&app, &config.auth_api, script, &sample).await?;
    let welcome = Welcome::new(&endpoint, &app.settings, sample, &follows);

    let auth = Some(auth::api(&app, &config.auth_api, provider).await?);
    let shown = Shown { login: LoginPages::open(&config.login)?, auth };
    let work = jobs::start(Arc::clone(&app));
    let guard = Guard::new(&app.settings.public_url, asked.expose);
    let serving =
        http_server::start(listener, Face::Dev { guard, endpoint, follows }, shown, Arc::clone(&app), shutdown)?;
    if asked.json {
        say(&serde_json::to_string(&welcome)?)?;
    } else {
        let data = folder.is_none().then_some(store.data.as_path());
        say(&Banner { welcome: &welcome, data }.to_string())?;
    }
    let ended = serving.await;
    open::close(&app, work).await;
    ended.context("the listener ended unexpectedly")?;
    Ok(())
}

/// An ephemeral store is below the temporary folder, whatever the environment or a file says.
fn keep_in(folder: &Path, flags: &mut Layer) -> anyhow::Result<()> {
    let folder = folder.to_str().context("the temporary folder's name is no text")?;
    for (name, value) in [("store.data", folder.to_owned()), ("store.database", format!("sqlite:{folder}/cognate.db"))]
    {
        let raw = from_text(crate::settings::Kind::Text, &value).map_err(anyhow::Error::msg)?;
        flags.insert(name, Given { raw, origin: "flag --ephemeral".into() });
    }
    Ok(())
}

/// The listener's address as this machine reaches it.
fn endpoint(at: SocketAddr) -> String {
    let ip = match at.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, at.port()))
}
