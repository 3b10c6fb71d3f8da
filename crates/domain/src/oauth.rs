//! OAuth 2.0 as Cognito speaks it: what an authorization request asks, where its answer may go, and in which words it is refused.
//! oauth-and-login.md, sections 4 to 6 and 13; RFC 6749, RFC 7636, RFC 8628, RFC 8707.

mod authorize;
pub mod device;
pub mod dpop;
mod error;
mod grant;
pub mod machine;
mod params;
mod pkce;
mod target;

pub use authorize::{Asked, Prompt, ResponseKind, check, client_may_ask};
pub use error::{OAuthCode, OAuthError, OAuthResult};
pub use grant::{CodeGrant, OAuthGrant, OPENID, Shown, covers, may_read_what_it_asks};
pub use params::Params;
pub use pkce::{Challenge, Verifier};
pub use target::{Target, Unproven};
