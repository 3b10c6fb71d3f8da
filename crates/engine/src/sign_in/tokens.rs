//! What a sign-in through the API is for.

use std::time::Duration;

use cognate_domain::Result;
use cognate_domain::client::Client;
use cognate_store::WriteTx;
use cognate_wire::idp::AuthenticationResultType;

use super::Reward;
use crate::Cx;
use crate::tokens::Grantee;

/// ID, access and refresh token, in the API's form.
pub struct ApiTokens;

impl Reward for ApiTokens {
    type Given = AuthenticationResultType;

    fn patience(&self, client: &Client) -> Duration {
        client.session_validity()
    }

    async fn give<F>(self, cx: &mut Cx, grantee: Grantee<'_>, alongside: F) -> Result<AuthenticationResultType>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone,
    {
        cx.issue(grantee, alongside).await
    }
}
