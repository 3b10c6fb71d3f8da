//! The Auth API as it is configured.

use std::sync::Arc;

use cognate_auth_api::provider::{Cognate, TokenUses};
use cognate_auth_api::{AuthApi, AuthSettings};
use cognate_engine::{App, Cx, Secret};

use crate::open;
use crate::settings::{self, Refused};

/// The provider of a client that the operator names. A client that is not there stops the start.
pub(crate) async fn provider(app: &Arc<App>, client_id: &str) -> anyhow::Result<Arc<Cognate>> {
    let found = Cx::new(Arc::clone(app)).client(client_id).await;
    let (pool, client) = found.map_err(|error| Refused::one("auth_api.client", error.to_string()))?;
    Ok(Arc::new(Cognate::new(pool.id.clone(), client.id.clone())))
}

pub(crate) async fn api(
    app: &Arc<App>,
    settings: &settings::AuthApi,
    provider: Arc<Cognate>,
) -> anyhow::Result<Arc<AuthApi>> {
    let settings = AuthSettings {
        uses: TokenUses { id: settings.takes_id_tokens },
        allowed_origins: settings.allowed_origins.clone(),
        invitation_url: settings.invitation_url.clone(),
        calls_per_address: settings.calls_per_address,
        webhook_secret: settings.webhook_secret.as_ref().map(|secret| Secret::from(secret.as_str())),
    };
    AuthApi::open(Arc::clone(app), provider, settings).await.map_err(|error| open::said(&error))
}
