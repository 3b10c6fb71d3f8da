//! The Auth API that products build on: sign-in contracts over any provider, and the application's own directory. docs/decisions/0020.

mod admin;
mod audit;
mod auth;
mod call;
mod caller;
mod check;
mod cors;
mod directory;
mod figures;
mod limits;
mod openapi;
mod parameters;
mod permissions;
pub mod problem;
pub mod provider;
mod session;
mod sign_up_attributes;
mod trace;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::middleware;
use axum::routing::{MethodRouter, delete, get, patch, post};
use cognate_domain::Result;
use cognate_engine::{App, Secret};
use cognate_policy::Cache;
use cognate_store::catalogue as stored_catalogue;
use http::HeaderValue;
use prometheus_client::registry::Registry;

use crate::admin::{audit as audit_log, grants, policies, roles, users};
use crate::auth::{challenges, passwords, refresh, reminders, sign_in, sign_out, sign_up};
use crate::directory::{catalogue, decisions, me, subject, webhook};
use crate::figures::Figures;
use crate::provider::{Provider, TokenUses};

pub use call::ClientAddress;
pub use openapi::json as openapi_json;

/// One deployment's Auth API.
pub struct AuthApi {
    pub app: Arc<App>,
    pub provider: Arc<dyn Provider>,
    pub settings: AuthSettings,
    policies: Cache,
    figures: Arc<Figures>,
}

impl AuthApi {
    /// With the roles that are built in.
    pub async fn open(app: Arc<App>, provider: Arc<dyn Provider>, settings: AuthSettings) -> Result<Arc<Self>> {
        let api = Arc::new(Self { app, provider, settings, policies: Cache::new(), figures: Arc::new(Figures::new()) });
        api.begin_directory().await?;
        Ok(api)
    }

    /// What is counted of its calls.
    pub fn register_figures(&self, registry: &mut Registry) {
        self.figures.register(registry);
    }

    /// Adds the built-in roles that are missing: again after a development store was emptied.
    pub async fn begin_directory(&self) -> Result<()> {
        let now = self.app.clock.now();
        self.app.db.write(async |tx| stored_catalogue::insert_built_in(tx, now).await).await
    }
}

pub struct AuthSettings {
    pub uses: TokenUses,
    /// Where invitations are accepted, with `{token}` in it. Without one, mails hold the bare token.
    pub invitation_url: Option<String>,
    /// Whose pages may call from a browser.
    pub allowed_origins: Vec<HeaderValue>,
    /// How many calls that send mail or try a code may come from one address in an hour; none: any number.
    pub calls_per_address: Option<i64>,
    /// What a provider signs its events with; without it none are taken.
    pub webhook_secret: Option<Secret>,
}

pub(crate) type Api = State<Arc<AuthApi>>;

/// An address answers other methods in our words.
fn at(method: MethodRouter<Arc<AuthApi>>) -> MethodRouter<Arc<AuthApi>> {
    method.fallback(call::method_not_allowed)
}

fn administration() -> Router<Arc<AuthApi>> {
    Router::new()
        .route("/v1/admin/users", at(get(users::list).post(users::invite::invite)))
        .route("/v1/admin/users/{id}", at(get(users::read).patch(users::change::change)))
        .route("/v1/admin/users/{id}/password-resets", at(post(users::resets::force)))
        .route("/v1/admin/roles", at(get(roles::list).post(roles::create)))
        .route("/v1/admin/roles/{key}", at(get(roles::read).patch(roles::change).delete(roles::remove)))
        .route("/v1/admin/grants", at(get(grants::list).post(grants::create)))
        .route("/v1/admin/grants/{id}", at(get(grants::read).patch(grants::change).delete(grants::remove)))
        .route("/v1/admin/policies", at(get(policies::list).post(policies::create)))
        .route("/v1/admin/policies/{id}", at(get(policies::read).put(policies::replace).delete(policies::remove)))
        .route("/v1/admin/audit", at(get(audit_log::list)))
}

/// `/v1`, and nothing beside it.
pub fn routes(api: Arc<AuthApi>) -> Router {
    Router::new()
        .route("/v1/auth/sign-in", at(post(sign_in::sign_in)))
        .route("/v1/auth/challenges/new-password", at(post(challenges::new_password)))
        .route("/v1/auth/challenges/software-token", at(post(challenges::software_token)))
        .route("/v1/auth/challenges/sms-code", at(post(challenges::sms_code)))
        .route("/v1/auth/challenges/email-code", at(post(challenges::email_code)))
        .route("/v1/auth/challenges/select", at(post(challenges::select)))
        .route("/v1/auth/challenges/custom", at(post(challenges::custom)))
        .route("/v1/auth/token/refresh", at(post(refresh::refresh)))
        .route("/v1/auth/sign-out", at(post(sign_out::sign_out)))
        .route("/v1/auth/sign-up", at(post(sign_up::sign_up)))
        .route("/v1/auth/sign-up/confirm", at(post(sign_up::confirm)))
        .route("/v1/auth/sign-up/resend-confirmation", at(post(sign_up::resend_confirmation)))
        .route("/v1/auth/password-resets", at(post(passwords::begin_reset)))
        .route("/v1/auth/password-resets/confirm", at(post(passwords::finish_reset)))
        .route("/v1/auth/password-verifications", at(post(passwords::verify)))
        .route("/v1/auth/password", at(patch(passwords::change)))
        .route("/v1/auth/identifier-reminders", at(post(reminders::remind)))
        .route("/v1/auth/subject", at(get(subject::subject)))
        .route("/v1/auth/authorization-catalog", at(get(catalogue::read)))
        .route("/v1/auth/webhook", at(post(webhook::receive)))
        .route("/v1/me", at(get(me::read).patch(me::change)))
        .route("/v1/authorization/decisions", at(post(decisions::decide)))
        .merge(administration())
        .route("/v1/openapi.json", at(get(openapi::document)))
        .route("/v1/docs", at(get(openapi::docs)))
        .merge(workspaces())
        .route("/v1/{*rest}", axum::routing::any(call::nothing_here))
        .layer(middleware::from_fn_with_state(Arc::clone(&api), cors::answer))
        .with_state(api)
}

/// Tenants, who belongs to them, and who is invited.
fn workspaces() -> Router<Arc<AuthApi>> {
    use crate::directory::{invitations, members, workspaces};

    let member = get(members::read).patch(members::change).delete(members::remove);
    Router::new()
        .route("/v1/workspaces", at(get(workspaces::list).post(workspaces::create)))
        .route("/v1/workspaces/{id}", at(get(workspaces::read).patch(workspaces::change)))
        .route("/v1/workspaces/{id}/members", at(get(members::list).post(members::add)))
        .route("/v1/workspaces/{id}/members/{subjectId}", at(member))
        .route("/v1/workspaces/{id}/invitations", at(get(invitations::list).post(invitations::create)))
        .route("/v1/workspaces/{id}/invitations/{invitationId}", at(delete(invitations::delete)))
        .route("/v1/invitations/accept", at(post(invitations::accept)))
}
