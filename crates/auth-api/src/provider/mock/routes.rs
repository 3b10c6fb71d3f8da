//! `/dev/mock`: the mock's issuer documents, tokens for machines, and its faults. The binary puts these up in development alone, behind its
//! checks of `Host` and `Origin`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cognate_engine::{App, Cx};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::timeout;

use super::faults::{Fault, MOST, Strike};
use super::machines::{self, Refused};
use super::script::{Flaw, Script};
use super::tokens::EXPIRES_IN;
use super::{Mock, PATH};

const LONGEST: usize = 64 * 1024;
const TIME: Duration = Duration::from_secs(20);

#[derive(Clone)]
struct Shown {
    mock: Arc<Mock>,
    app: Arc<App>,
}

pub fn routes(mock: Arc<Mock>, app: Arc<App>) -> Router {
    Router::new()
        .route(&format!("{PATH}/.well-known/jwks.json"), get(jwks))
        .route(&format!("{PATH}/.well-known/openid-configuration"), get(discovery))
        .route(&format!("{PATH}/oauth2/token"), post(token))
        .route(&format!("{PATH}/users"), post(add_users))
        .route(&format!("{PATH}/faults"), get(faults).put(set_faults))
        .with_state(Shown { mock, app })
}

async fn jwks(State(shown): State<Shown>) -> Response {
    Json(shown.mock.keys.set()).into_response()
}

async fn discovery(State(shown): State<Shown>) -> Response {
    let keys = &shown.mock.keys;
    let issuer = &keys.issuer;
    let members = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "token_endpoint": format!("{issuer}/oauth2/token"),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys.alg().as_str()],
    });
    Json(members).into_response()
}

async fn token(State(shown): State<Shown>, headers: HeaderMap, body: Body) -> Response {
    let answered = async {
        let params = machines::form(&headers, body).await?;
        shown.mock.token(&Cx::new(Arc::clone(&shown.app)), &headers, &params).await
    };
    let mut response = match answered.await {
        Ok(token) => {
            let body = json!({ "access_token": token.expose(), "expires_in": EXPIRES_IN, "token_type": "Bearer" });
            Json(body).into_response()
        }
        Err(Refused::OAuth(error)) => {
            let invalid_client = error.code == cognate_domain::oauth::OAuthCode::InvalidClient;
            let status = if invalid_client { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            let mut response = (status, Json(json!({ "error": error.code.as_str() }))).into_response();
            if invalid_client {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
            }
            response
        }
        Err(Refused::Failed(problem)) => {
            (problem.code.status(), Json(json!({ "error": "server_error", "error_description": problem.detail })))
                .into_response()
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `[[users]]`, as in the file: they come while it runs, and are gone with the next beginning.
async fn add_users(State(shown): State<Shown>, body: Body) -> Response {
    let added = async {
        let script = script(body).await?;
        shown.mock.add_users(&mut Cx::new(Arc::clone(&shown.app)), script).await
    };
    match added.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(message) => refused(&message),
    }
}

async fn script(body: Body) -> Result<Script, String> {
    let text = String::from_utf8(read(body).await?).map_err(|_| "The users are text.")?;
    let told = |flaws: Vec<Flaw>| flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let script = Script::read(&text).map_err(told)?;
    let alone = script.is_of_users_alone();
    alone.then_some(script).ok_or_else(|| "Only [[users]] come while it runs; the rest stands in the file.".to_owned())
}

async fn read(body: Body) -> Result<Vec<u8>, String> {
    let read = timeout(TIME, to_bytes(body, LONGEST)).await.ok().and_then(Result::ok);
    read.map(Vec::from).ok_or_else(|| "A body is at most 64 KiB, and comes in at most 20 seconds.".to_owned())
}

fn refused(message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "message": message }))).into_response()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Switched {
    faults: Vec<Fault>,
}

async fn faults(State(shown): State<Shown>) -> Response {
    Json(Switched { faults: shown.mock.faults.shown() }).into_response()
}

/// These, and no others.
async fn set_faults(State(shown): State<Shown>, body: Body) -> Response {
    match understood(body).await {
        Ok(strikes) => {
            shown.mock.faults.replace(strikes);
            faults(State(shown)).await
        }
        Err(message) => refused(&message),
    }
}

async fn understood(body: Body) -> Result<Vec<Strike>, String> {
    let Switched { faults } = serde_json::from_slice(&read(body).await?).map_err(|error| error.to_string())?;
    if faults.len() > MOST {
        return Err(format!("There are more than {MOST} faults."));
    }
    faults.into_iter().map(Fault::understood).collect()
}
