//! `/health/live`: the process answers. `/health/ready`: it may be given work.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use cognate_store::marks;
use http::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use super::Shared;

const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn live() -> Response {
    Json(json!({ "status": "live" })).into_response()
}

pub(super) async fn ready(State(shared): State<Shared>) -> Response {
    let not_ready = |why: &str| {
        (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "not ready", "reason": why }))).into_response()
    };
    if shared.shutdown.has_begun() {
        return not_ready("shutting down");
    }
    let asked = async { marks::find(&mut shared.app.db.read().await?, marks::ENVIRONMENT).await };
    match timeout(PATIENCE, asked).await {
        Ok(Ok(Some(_))) => Json(json!({ "status": "ready" })).into_response(),
        Ok(Ok(None)) => not_ready("the store has lost its mark"),
        Ok(Err(error)) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            tracing::warn!(cause, "the store does not answer");
            not_ready("the store does not answer")
        }
        Err(_) => not_ready("the store does not answer in time"),
    }
}
