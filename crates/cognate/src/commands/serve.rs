//! `cognate serve`: production. Whatever is unsafe or unknown was refused before the store is opened.

use std::sync::Arc;

use anyhow::Context as _;
use cognate_engine::app::Parts;
use cognate_engine::{App, Mode, Settings, jobs};
use tokio::net::TcpListener;

use super::say;
use crate::cli::Serve;
use crate::http_server::{self, Face, LoginPages, Shown};
use crate::seams::{SystemClock, SystemEntropy};
use crate::settings::Sources;
use crate::shutdown::Shutdown;
use crate::{auth, logging, open, preflight};

pub(crate) async fn run(asked: Serve) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals()?;
    let ready = preflight::all(Sources::read(asked.settings.0, asked.config.as_deref()))?;
    let server = &ready.config.server;
    logging::start(&server.log);

    let login = LoginPages::open(&ready.config.login)?;
    let public = listen(server.listen).await?;
    let admin = listen(server.admin_listen).await?;
    let db = open::store(&ready.config.store, &server.environment, &ready.keys.ids).await?;
    let parts = Parts {
        db,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        keyring: ready.keys.keyring,
        settings: Settings {
            mode: Mode::Serve,
            public_url: server.public_url.clone().unwrap_or_default(),
            region: server.region.clone(),
            account: server.account.clone(),
        },
        post: ready.post,
    };
    let app = App::start(parts).await.map_err(|error| open::said(&error))?;
    let settings = &ready.config.auth_api;
    let provider = if server.faces.auth_api { auth::provider(&app, settings).await? } else { None };
    let auth = match provider {
        Some(provider) => Some(auth::api(&app, settings, provider).await?),
        None => None,
    };
    warn_of_missing_carriers(&ready.config.carriers);

    let (at, admin_at) = (public.local_addr()?, admin.local_addr()?);
    let work = jobs::start(Arc::clone(&app));
    let face = Face::Public { admin, faces: server.faces, proxies: server.proxies.clone() };
    let serving = http_server::start(public, face, Shown { login, auth }, Arc::clone(&app), shutdown)?;
    say(&format!(
        "Cognate serves {} ({}) on {at}; health and metrics on {admin_at}",
        app.settings.public_url, server.environment
    ))?;
    let ended = serving.await;
    open::close(&app, work).await;
    ended.context("the listener ended unexpectedly")?;
    Ok(())
}

async fn listen(at: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at}"))
}

fn warn_of_missing_carriers(carriers: &crate::settings::Carriers) {
    if carriers.smtp.is_none() {
        tracing::warn!("messages.smtp_host is not set: e-mail cannot be delivered");
    }
    if carriers.webhook.is_none() {
        tracing::warn!("messages.sms_webhook_url is not set: text messages cannot be delivered");
    }
}
