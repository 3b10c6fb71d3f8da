//! What `dev` says of itself: one line of JSON for programs, a banner for people.

use cognate_engine::Settings;
use cognate_engine::dev::Sample;
use serde::Serialize;

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// Where the listener is, even if the public URL is elsewhere.
    pub endpoint: String,
    pub region: String,
    pub user_pool_id: String,
    pub client_id: String,
    pub issuer: String,
    pub jwks_uri: String,
    pub inbox_url: String,
}

impl Welcome {
    pub fn new(endpoint: &str, settings: &Settings, sample: Sample) -> Self {
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
