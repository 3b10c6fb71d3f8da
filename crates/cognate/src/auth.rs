//! The Auth API as it is configured.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use cognate_auth_api::provider::cognito::{Credentials, LONGEST_ANSWER, PATIENCE, Settings as Cognito};
use cognate_auth_api::provider::mock::{LONGEST, Script};
use cognate_auth_api::provider::{self, Cognate, Mock, Provider, TokenUses};
use cognate_auth_api::{AuthApi, AuthSettings};
use cognate_engine::carriers::outbound::{Outbound, OutboundSettings};
use cognate_engine::dev::Sample;
use cognate_engine::{App, Cx, Secret};
use cognate_jose::SigningKey;

use crate::open::said;
use crate::settings::{self, CognitoSettings, ProviderSettings, Refusal, Refused};

/// The provider that the operator names; none where a sample is to be followed.
pub(crate) async fn provider(
    app: &Arc<App>,
    settings: &settings::AuthApi,
) -> anyhow::Result<Option<Arc<dyn Provider>>> {
    match &settings.provider {
        Some(ProviderSettings::Cognate { client: Some(client) }) => Ok(Some(own(app, client).await?)),
        Some(ProviderSettings::Cognito(settings)) => Ok(Some(Arc::new(cognito(app, settings)?))),
        // A mock is for `dev` alone, which has read its file already.
        Some(ProviderSettings::Cognate { client: None } | ProviderSettings::Mock { .. }) | None => Ok(None),
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
    AuthApi::open(Arc::clone(app), provider, settings).await.map_err(|error| said(&error))
}

/// Whom the provider of a development server follows: a store that is emptied takes them along.
#[derive(Clone)]
pub(crate) enum Follows {
    /// Whom the operator names.
    Nobody,
    Sample(Arc<Cognate>),
    Mock(Arc<Mock>),
}

/// The file of a mock, if there is to be one. Read before anything is opened.
pub(crate) fn script(settings: &settings::AuthApi) -> Result<Option<Script>, Refused> {
    const NAME: &str = "auth_api.mock.file";
    let Some(ProviderSettings::Mock { file }) = &settings.provider else { return Ok(None) };
    let shown = file.display();
    let text = read(file).map_err(|error| Refused::one(NAME, format!("{shown} cannot be read: {error}")))?;
    let script = Script::read(&text).map_err(|flaws| {
        Refused(flaws.into_iter().map(|flaw| Refusal::new(NAME, format!("{shown}, {flaw}"))).collect())
    })?;
    Ok(Some(script))
}

/// No more than one byte too much.
fn read(file: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    File::open(file)?.take(most).read_to_string(&mut text)?;
    Ok(text)
}

/// The provider of a development server, and what it follows.
pub(crate) async fn of_dev(
    app: &Arc<App>,
    settings: &settings::AuthApi,
    script: Option<Script>,
    sample: &Sample,
) -> anyhow::Result<(Arc<dyn Provider>, Follows)> {
    if let Some(script) = script {
        let mock = mock(app, script).await?;
        return Ok((Arc::clone(&mock) as Arc<dyn Provider>, Follows::Mock(mock)));
    }
    if let Some(named) = provider(app, settings).await? {
        return Ok((named, Follows::Nobody));
    }
    let own = Arc::new(Cognate::new(sample.pool_id.clone(), sample.client_id.clone()));
    Ok((Arc::clone(&own) as Arc<dyn Provider>, Follows::Sample(own)))
}

async fn mock(app: &Arc<App>, script: Script) -> anyhow::Result<Arc<Mock>> {
    let (key, _) = app.work.run(SigningKey::generate).await.map_err(|error| said(&error))??;
    let mock = Mock::new(script, app, key).map_err(|error| said(&error))?;
    mock.seed(&mut Cx::new(Arc::clone(app))).await.map_err(|error| said(&error))?;
    Ok(Arc::new(mock))
}

impl Follows {
    /// After the store was emptied and has a sample again.
    pub(crate) async fn begin_anew(&self, app: &Arc<App>, sample: &Sample) -> anyhow::Result<()> {
        match self {
            Self::Nobody => {}
            Self::Sample(own) => own.move_to(sample.pool_id.clone(), sample.client_id.clone()),
            Self::Mock(mock) => {
                mock.begin_anew(app);
                mock.seed(&mut Cx::new(Arc::clone(app))).await.map_err(|error| said(&error))?;
            }
        }
        Ok(())
    }

    pub(crate) fn mock(&self) -> Option<&Arc<Mock>> {
        match self {
            Self::Mock(mock) => Some(mock),
            Self::Nobody | Self::Sample(_) => None,
        }
    }
}
