//! What a browser or an OAuth client meets: the issuer's documents, OAuth at the login domains, and in development the inbox.

mod answer;
pub mod dev;
pub mod issuer;
mod moment;
pub mod oauth;
mod site;
