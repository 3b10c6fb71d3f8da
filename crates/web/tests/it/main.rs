//! What a client and a browser meet at a login domain, through the routes as the binary has them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests panic")]

mod acceptance;
mod account;
mod ending;
mod extensions;
mod journeys;
mod kit;
mod nodes;
mod oauth;
mod oidc;
mod pages;
mod rfc9700;
