//! Verifies the tokens of Cognate, of Amazon Cognito, and of any OpenID Connect issuer, and says who sends them.
//!
//! Several issuers are trusted at once. Keys are fetched, kept and fetched again, or given; whoever brings a token of a
//! known key never waits for the network. One way to fail is one [`Refusal`], with what was expected and what came, for
//! the log; a client is told [`Refusal::public`] and nothing else.
//!
//! ```no_run
//! # async fn example(token: &str) -> Result<(), Box<dyn std::error::Error>> {
//! use cognate_authorizer::{Authorizer, Issuer, Rule};
//!
//! let authorizer = Authorizer::builder()
//!     .issuer(Issuer::amazon("eu-central-1_Ex4mpl3").clients(["1example23456789"]))
//!     .issuer(Issuer::oidc("https://login.partner.example").audiences(["https://api.example.com"]))
//!     .build()?;
//! authorizer.preload().await?;
//!
//! let who = authorizer.verify(token, &Rule::authenticated().scope("orders/read")).await?;
//! assert!(who.has_scope("orders/read"));
//! # Ok(())
//! # }
//! ```
//!
//! Without a network and without a runtime:
//!
//! ```no_run
//! # fn example(token: &str) -> Result<(), Box<dyn std::error::Error>> {
//! use cognate_authorizer::{Authorizer, Issuer, KeySet, Rule};
//!
//! let issuer = Issuer::cognito("https://id.example.com/eu-central-1_Ex4mpl3").any_client();
//! let authorizer = Authorizer::builder().issuer(issuer.keys(KeySet::from_file("jwks.json")?)).build()?;
//! let who = authorizer.verify_now(token, &Rule::authenticated())?;
//! # Ok(())
//! # }
//! ```
//!
//! # What is refused
//!
//! Algorithms but RS256, ES256 and EdDSA (so `none` and `HS256`); an algorithm that is not the key's; critical
//! extensions; a member that stands twice, in the header or anywhere in the claims; tokens of more than 16 KiB, before
//! anything of them is read; a `typ` of something that is no access or ID token; a token without `exp`, `sub` or `kid`;
//! times that are no whole numbers; a token that is bound to a key of its holder (`cnf`); an access token for another
//! resource. `jku`, `x5u` and `jwk` are not looked at.
//!
//! Revocation is not asked for, unless [`Builder::standing`] says whom to ask: a token is good until it ends.
//! [`AuthContext::origin_jti`] names the sign-in that it comes from.
//!
//! # Keys
//!
//! [`Pace`] says how often an issuer is asked: for an unknown `kid` once a minute at most, ten seconds after a failure,
//! and after an hour in any case, while the old keys serve. After a day without an answer they are not trusted any
//! more. An answer may have 256 KiB and a hundred keys; redirects are not followed. An authorizer without keys refuses
//! everything.
//!
//! # Features
//!
//! `reqwest` (default): fetches over HTTPS; otherwise give a [`Fetch`] of your own. `tower`: `AuthLayer`,
//! `RequireScope`, `RequireGroup`. `axum`: the extractors `RequireAuth` and [`AuthContext`]; see `examples/service.rs`.

mod address;
mod admit;
mod authorizer;
mod bearer;
mod claims;
mod clock;
mod context;
#[cfg(feature = "axum")]
mod extract;
mod fetch;
mod header;
mod issuer;
mod keys;
#[cfg(feature = "tower")]
mod layer;
mod refusal;
mod rule;
mod source;
mod standing;

pub use authorizer::{Authorizer, Builder};
pub use bearer::bearer;
pub use clock::{Clock, SystemClock};
pub use cognate_jose::{Alg, Jwk, JwkSet};
pub use context::{AuthContext, TokenUse};
#[cfg(feature = "axum")]
pub use extract::RequireAuth;
#[cfg(feature = "reqwest")]
pub use fetch::HttpFetch;
pub use fetch::{Fetch, FetchError, Fetching, MAX_ANSWER, Pace};
pub use issuer::{ConfigError, Issuer, TokenUses};
pub use keys::{KeySet, KeySetError};
#[cfg(feature = "tower")]
pub use layer::{Auth, AuthLayer, Require, RequireGroup, RequireScope, Required};
pub use refusal::{Public, Refusal};
pub use rule::Rule;
pub use standing::{Asking, Standing};
