//! `POST /oauth2/device_authorization` (RFC 8628, section 3.1), where the pool offers it: a device without a keyboard asks for a code to show.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use cognate_domain::oauth::device::{DeviceGrant, INTERVAL, LIFE};
use cognate_domain::oauth::{OAuthResult, Params};
use cognate_domain::pool::Extension;
use cognate_engine::{App, Cx};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{answer, client, form};
use crate::login::OwnPage;
use crate::site::Site;

pub(super) async fn begin(State(app): State<Arc<App>>, site: Site, headers: HeaderMap, body: Body) -> Response {
    if !site.pool.config.has(Extension::Device) {
        return crate::answer::nothing_here();
    }
    let answered = form::answered(app, headers, body, |mut cx, headers, params| async move {
        match keep(&mut cx, &site, &headers, &params).await {
            Ok(kept) => answer::json(&cx, StatusCode::OK, &kept),
            Err(error) => answer::refuse_strictly(&cx, &headers, &error),
        }
    });
    answered.await
}

async fn keep(cx: &mut Cx, site: &Site, headers: &HeaderMap, params: &Params) -> OAuthResult<Value> {
    let client = client::prove(cx, site, headers, params).await?;
    let grant = DeviceGrant::check(&client, params)?;
    let begun = cx.begin_device(&site.pool, &client, &grant).await?;
    let user_code = begun.user_code.to_string();
    let page = site.address(&cx.app.settings, OwnPage::Device.path());
    Ok(json!({
        "device_code": begun.device_code.expose(),
        "user_code": user_code,
        "verification_uri": page,
        // Whoever scans it need not be asked which application it is.
        "verification_uri_complete": format!("{page}?client_id={}&user_code={user_code}", client.id),
        "expires_in": LIFE.as_secs(),
        "interval": INTERVAL.as_secs(),
    }))
}
