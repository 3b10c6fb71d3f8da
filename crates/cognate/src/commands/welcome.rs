//! What `dev` says of itself: one line of JSON for programs, a banner for people.

use cognate_engine::Settings;
use cognate_engine::dev::Sample;
use serde::Serialize;

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
    pub(crate) inbox_url: String,
}

impl Welcome {
    pub(crate) fn new(endpoint: &str, settings: &Settings, sample: Sample) -> Self {
        let issuer = settings.issuer(&sample.pool_id);
        Self {
            endpoint: endpoint.to_owned(),
            region: settings.region.clone(),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            issuer,
            user_pool_id: sample.pool_id,
            client_id: sample.client_id,
            inbox_url: format!("{endpoint}/dev/messages"),
        }
    }
}
