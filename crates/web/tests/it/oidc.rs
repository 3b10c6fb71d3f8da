//! What OpenID's conformance suite asks of a provider of the profiles "Config OP" and "Basic OP" (oauth-and-login.md,
//! section 15): a test for each of its modules, named for it, in a pool of the `oidc` profile; and how a pool of the
//! `cognito` profile answers the same requests.

mod claims;
mod cognito;
mod config;
mod login;
mod party;
mod redirects;
mod tokens;
mod userinfo;
