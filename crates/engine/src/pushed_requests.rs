//! Pushed authorization requests (RFC 9126): what a client asks for is kept here, and the browser carries only a reference.

use std::time::Duration;

use cognate_domain::Result;
use cognate_store::pushed_requests::{self, PushedRequest};
use data_encoding::BASE64URL_NOPAD;

use crate::Cx;

/// What every reference begins with.
pub const URN: &str = "urn:ietf:params:oauth:request_uri:";
/// Within which the browser must come with the reference.
pub const LIFE: Duration = Duration::from_mins(1);
/// Within which the person must be done, since it was pushed.
const PATIENCE: Duration = Duration::from_mins(10);

/// A reference, as it is kept.
pub type Reference = [u8; 32];

impl Cx {
    /// Keeps a request that was checked; the reference to it.
    pub async fn push_request(&mut self, pool_id: &str, request: &PushedRequest) -> Result<String> {
        let secret = BASE64URL_NOPAD.encode(&cognate_domain::ids::random::<32>(self.entropy()));
        let reference = format!("{URN}{secret}");
        let (digest, life) = (cognate_jose::sha256(reference.as_bytes()), (self.now, LIFE));
        self.write(async |tx| pushed_requests::insert(tx, pool_id, &digest, request, life).await).await?;
        Ok(reference)
    }

    /// What a reference stands for.
    pub async fn pushed_request(&self, pool_id: &str, reference: &str) -> Result<Option<(Reference, PushedRequest)>> {
        let digest = cognate_jose::sha256(reference.as_bytes());
        let found = pushed_requests::find(&mut self.read().await?, pool_id, &digest, self.now).await?;
        Ok(found.map(|request| (digest, request)))
    }

    /// Lets the person who has come with a reference take their time.
    pub async fn wait_for_person(&mut self, pool_id: &str, reference: &Reference) -> Result<()> {
        self.write(async |tx| pushed_requests::prolong(tx, pool_id, reference, PATIENCE).await).await
    }
}
