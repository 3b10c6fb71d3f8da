//! The one stylesheet and the one script of the pages, under names that change with what they hold.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, StatusCode, header};

use super::pages::Pages;
use crate::site::Site;

const HEADERS: [(HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "public, max-age=31536000, immutable"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];

pub(super) async fn asset(
    _: Site,
    Extension(pages): Extension<Arc<Pages>>,
    Path(path): Path<Vec<(String, String)>>,
) -> Response {
    let name = path.into_iter().find(|(key, _)| key == "name").map(|(_, name)| name).unwrap_or_default();
    match [&pages.style, &pages.script].into_iter().find(|asset| asset.name == name) {
        Some(asset) => (HEADERS, [(header::CONTENT_TYPE, asset.kind)], asset.text.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
