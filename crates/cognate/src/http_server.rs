//! The listeners: what answers where, within which limits, and how they end.

mod aws;
mod guard;
mod health;
mod lanes;
mod listen;
mod metrics;
mod proxies;
mod reset;

use std::io;
use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use cognate_auth_api::AuthApi;
use cognate_auth_api::provider::mock;
use cognate_engine::App;
use cognate_web::Pages;
use http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) use guard::Guard;
use lanes::Lanes;
use metrics::Metrics;
pub(crate) use proxies::Proxies;

use crate::auth::Follows;
use crate::settings::{Faces, Login, Refused};
use crate::shutdown::Shutdown;

/// Which routes a server shows.
pub(crate) enum Face {
    /// Everything on one listener, for this machine.
    Dev { guard: Guard, endpoint: String, follows: Follows },
    /// Health and metrics on a listener of their own.
    Public { admin: TcpListener, faces: Faces, proxies: Proxies },
}

/// What is shown beside AWS's APIs.
pub(crate) struct Shown {
    pub(crate) login: LoginPages,
    pub(crate) auth: Option<Arc<AuthApi>>,
}

/// What people meet at login domains.
pub(crate) struct LoginPages {
    pages: Arc<Pages>,
    by_path: bool,
}

impl LoginPages {
    /// An error names the file that is wrong.
    pub(crate) fn open(settings: &Login) -> anyhow::Result<Self> {
        let pages = match &settings.pages {
            Some(folder) => Pages::with_folder(folder).map_err(|error| Refused::one("login.pages", error))?,
            None => Pages::built_in().map_err(|error| crate::open::said(&error))?,
        };
        Ok(Self { pages: Arc::new(pages), by_path: settings.by_path })
    }
}

/// What the handlers of this crate share.
#[derive(Clone)]
struct Shared {
    app: Arc<App>,
    metrics: Arc<Metrics>,
    shutdown: Shutdown,
}

/// Begins to answer. The task ends once everything in flight has been answered after a shutdown, or has had its time.
pub(crate) fn start(
    public: TcpListener,
    face: Face,
    shown: Shown,
    app: Arc<App>,
    shutdown: Shutdown,
) -> io::Result<JoinHandle<()>> {
    let lanes = Arc::new(Lanes::start()?);
    let faces = match face {
        Face::Dev { .. } => Faces { aws: true, login: true, auth_api: true },
        Face::Public { faces, .. } => faces,
    };
    let auth = shown.auth.filter(|_| faces.auth_api);
    let metrics = Arc::new(Metrics::new(auth.as_deref()));
    let shared = Shared { app: Arc::clone(&app), metrics, shutdown: shutdown.clone() };
    let mut common = cognate_web::issuer::routes().with_state(Arc::clone(&app));
    if faces.aws {
        common = common.merge(aws::routes(&shared));
    }
    if let Some(auth) = &auth {
        common = common.merge(cognate_auth_api::routes(Arc::clone(auth)));
    }
    let login = shown.login;
    // Login domains have a page for what is not there.
    common = if faces.login {
        let counted = middleware::from_fn_with_state(shared.clone(), metrics::count_login);
        common.merge(cognate_web::routes(login.pages, login.by_path).with_state(app).layer(counted))
    } else {
        common.fallback(nothing_here)
    };
    match face {
        Face::Dev { guard, endpoint, follows } => {
            let mut own = cognate_web::dev::routes().with_state(Arc::clone(&shared.app));
            if let Some(mock) = follows.mock() {
                own = own.merge(mock::routes(Arc::clone(mock), Arc::clone(&shared.app)));
            }
            let own = own
                .merge(reset::routes(&shared, endpoint, follows, auth))
                .layer(middleware::from_fn(guard::same_origin));
            let router =
                common.merge(own).merge(admin(&shared)).layer(middleware::from_fn_with_state(guard, guard::known_host));
            Ok(tokio::spawn(listen::run(public, router, Proxies::default(), lanes, shutdown)))
        }
        Face::Public { admin: listener, proxies, .. } => {
            let (own, nobodys) = (admin(&shared).fallback(nothing_here), Proxies::default());
            let admin = listen::run(listener, own, nobodys, Arc::clone(&lanes), shutdown.clone());
            let public = listen::run(public, common, proxies, lanes, shutdown);
            Ok(tokio::spawn(async {
                tokio::join!(public, admin);
            }))
        }
    }
}

fn admin(shared: &Shared) -> Router {
    Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::show))
        .with_state(shared.clone())
}

async fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "message": "Nothing answers at this address." }))).into_response()
}
