//! The Auth API as it is configured.

use std::sync::Arc;

use cognate_auth_api::provider::cognito::{Credentials, LONGEST_ANSWER, PATIENCE, Settings as Cognito};
use cognate_auth_api::provider::{self, Cognate, Provider, TokenUses};
use cognate_auth_api::{AuthApi, AuthSettings};
use cognate_engine::carriers::outbound::{Outbound, OutboundSettings};
use cognate_engine::{App, Cx, Secret};

use crate::open;
use crate::settings::{self, CognitoSettings, ProviderSettings, Refused};

/// The provider that the operator names; none where a sample is to be followed.
pub(crate) async fn provider(
    app: &Arc<App>,
    settings: &settings::AuthApi,
) -> anyhow::Result<Option<Arc<dyn Provider>>> {
    match &settings.provider {
        Some(ProviderSettings::Cognate { client: Some(client) }) => Ok(Some(own(app, client).await?)),
        Some(ProviderSettings::Cognito(settings)) => Ok(Some(Arc::new(cognito(app, settings)?))),
        Some(ProviderSettings::Cognate { client: None }) | None => Ok(None),
    }
}

/// A client that is not there stops the start.
async fn own(app: &Arc<App>, client_id: &str) -> anyhow::Result<Arc<Cognate>> {
    let found = Cx::new(Arc::clone(app)).client(client_id).await;
    let (pool, client) = found.map_err(|error| Refused::one("auth_api.client", error.to_string()))?;
    Ok(Arc::new(Cognate::new(pool.id.clone(), client.id.clone())))
}

fn cognito(app: &App, settings: &CognitoSettings) -> anyhow::Result<provider::Cognito> {
    // Whose name an operator writes may stand in a network of their own.
    let own = settings.endpoint.host_str().filter(|_| settings.is_own_endpoint);
    let allow_hosts = own.map(|host| host.trim_matches(['[', ']']).to_owned()).into_iter().collect();
    let limits = OutboundSettings { allow_hosts, timeout: PATIENCE, max_body: LONGEST_ANSWER };
    let secret = |text: &zeroize::Zeroizing<String>| Secret::from(text.as_str());
    let credentials = settings.credentials.as_ref().map(|credentials| Credentials {
        access_key_id: credentials.access_key_id.clone(),
        secret: secret(&credentials.secret),
        session_token: credentials.session_token.as_ref().map(secret),
    });
    let named = Cognito {
        region: settings.region.clone(),
        user_pool_id: settings.user_pool_id.clone(),
        client_id: settings.client_id.clone(),
        client_secret: settings.client_secret.as_ref().map(secret),
        endpoint: settings.endpoint.clone(),
        issuer: settings.issuer.clone(),
        credentials,
    };
    let made = provider::Cognito::new(named, Outbound::new(limits)?, Arc::clone(&app.clock), app.entropy.as_ref());
    made.map_err(|error| Refused::one("auth_api.cognito.endpoint", error.to_string()).into())
}

pub(crate) async fn api(
    app: &Arc<App>,
    settings: &settings::AuthApi,
    provider: Arc<dyn Provider>,
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
