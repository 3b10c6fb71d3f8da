//! Managed login: what a person meets at a login domain. Each page is a face of the engine's flows and has a file; what they share is
//! a `Visit`. They work without scripts. oauth-and-login.md, sections 2, 5 and 12.

mod account;
mod assets;
mod browser;
mod choose_account;
mod confirm;
mod confirm_user;
mod device;
mod error_page;
mod fields;
mod forgot_password;
mod form;
mod logout;
mod memo;
mod new_password;
mod own_page;
mod pages;
mod problem;
pub(crate) mod provider;
pub(crate) mod request;
mod reset_password;
pub(crate) mod session;
mod sign_in;
mod sign_up;
mod stop;
mod visit;

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use cognate_engine::App;

use crate::oauth::{authorize, posted};

pub(crate) use own_page::OwnPage;
pub use pages::Pages;
pub(crate) use stop::Stop;
pub(crate) use visit::Visit;

/// What browsers meet.
pub(crate) fn routes(pages: Arc<Pages>) -> Router<Arc<App>> {
    Router::new()
        .route("/oauth2/authorize", get(authorize).post(posted))
        .route("/authorize", get(authorize))
        .route("/login", get(sign_in::show).post(sign_in::submit))
        .route("/signup", get(sign_up::show).post(sign_up::submit))
        .route("/confirm", get(confirm::show).post(confirm::submit))
        .route("/confirmUser", get(confirm_user::show))
        .route("/resendcode", get(confirm::show).post(confirm::resend))
        .route("/forgotPassword", get(forgot_password::show).post(forgot_password::submit))
        .route("/confirmforgotPassword", get(reset_password::show).post(reset_password::submit))
        .route("/confirmForgotPassword", get(reset_password::show).post(reset_password::submit))
        .route("/confirmforgotpassword", get(reset_password::show).post(reset_password::submit))
        .route("/changePassword", get(new_password::expired).post(new_password::submit))
        .route("/logout", get(logout::logout).post(logout::submit))
        .route("/device", get(device::show).post(device::submit))
        .route("/error", get(error_page::show))
        .route("/assets/{name}", get(assets::asset))
        .merge(account::routes())
        .fallback(error_page::nowhere)
        .layer(Extension(pages))
}
