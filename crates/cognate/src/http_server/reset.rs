//! `POST /dev/reset`: empties the store, makes the sample again, and answers what the first line of `--json` would say.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use cognate_auth_api::AuthApi;
use http::StatusCode;
use serde_json::json;
use tokio::sync::Mutex;

use super::Shared;
use crate::auth::Follows;
use crate::commands::{Welcome, make_sample};

#[derive(Clone)]
struct Reset {
    shared: Shared,
    endpoint: Arc<str>,
    follows: Follows,
    auth: Option<Arc<AuthApi>>,
    /// One at a time: the sample of one must not be emptied by another before it is remembered.
    turn: Arc<Mutex<()>>,
}

pub(super) fn routes(shared: &Shared, endpoint: String, follows: Follows, auth: Option<Arc<AuthApi>>) -> Router {
    let reset = Reset { shared: shared.clone(), endpoint: endpoint.into(), follows, auth, turn: Arc::default() };
    Router::new().route("/dev/reset", post(run)).with_state(reset)
}

async fn run(State(reset): State<Reset>) -> Response {
    // A task of its own: a client that goes away must not leave an empty store behind.
    let done = tokio::spawn(async move {
        let _turn = reset.turn.lock().await;
        let app = &reset.shared.app;
        app.empty_store().await.map_err(|error| crate::open::said(&error))?;
        if let Some(auth) = &reset.auth {
            auth.begin_directory().await.map_err(|error| crate::open::said(&error))?;
        }
        let sample = make_sample(app).await?;
        reset.follows.begin_anew(app, &sample).await?;
        anyhow::Ok(Welcome::new(&reset.endpoint, &app.settings, sample, &reset.follows))
    });
    match done.await.map_err(anyhow::Error::from).and_then(|done| done) {
        Ok(welcome) => Json(welcome).into_response(),
        Err(error) => {
            tracing::error!(%error, "the store could not be reset");
            let message = format!("The store was not reset: {error:#}");
            (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "message": message }))).into_response()
        }
    }
}
