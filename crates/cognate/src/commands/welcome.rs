//! What `dev` says of itself: one line of JSON for programs, a banner for people.

use cognate_engine::Settings;
use cognate_engine::dev::Sample;
use serde::Serialize;
use url::form_urlencoded::Serializer;

use super::sample;
use crate::auth::Follows;

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Welcome {
    /// Where the listener is, even if the public URL is elsewhere.
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) user_pool_id: String,
    pub(crate) client_id: String,
    pub(crate) issuer: String,
    pub(crate) jwks_uri: String,
    /// Where somebody signs in, for an application at `http://localhost:3000/`.
    pub(crate) login_url: String,
    pub(crate) inbox_url: String,
    /// Where a mock signs people in at /v1: what its tokens call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mock_issuer: Option<String>,
}

impl Welcome {
    pub(crate) fn new(endpoint: &str, settings: &Settings, sample: Sample, follows: &Follows) -> Self {
        let issuer = settings.issuer(&sample.pool_id);
        Self {
            endpoint: endpoint.to_owned(),
            region: settings.region.clone(),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            issuer,
            login_url: login_url(settings, &sample.client_id),
            user_pool_id: sample.pool_id,
            client_id: sample.client_id,
            inbox_url: format!("{endpoint}/dev/messages"),
            mock_issuer: follows.mock().map(|mock| mock.issuer().to_owned()),
        }
    }
}

fn login_url(settings: &Settings, client_id: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("response_type", "code")
        .append_pair("scope", "openid email profile")
        .append_pair("redirect_uri", sample::CALLBACK)
        .finish();
    format!("{}/login?{query}", settings.login_url(sample::DOMAIN))
}
