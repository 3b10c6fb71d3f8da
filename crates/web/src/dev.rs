//! Development only: the messages that were kept instead of sent, for scripts and for people.
//! The binary puts these routes up in `dev` alone, behind its checks of `Host` and `Origin`.

mod inbox;
mod messages;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use cognate_engine::App;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/dev/messages", get(messages::list).delete(messages::empty))
        .route("/dev/inbox", get(inbox::show))
        .route("/dev/inbox/empty", post(inbox::empty))
        .route("/dev/inbox/{message_id}/body", get(inbox::body))
}
