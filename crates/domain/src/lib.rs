//! What is true of pools, clients, users, sessions and tokens: types and rules. No `async`, no I/O.

pub mod attempts;
pub mod attributes;
pub mod client;
pub mod delivery;
pub mod directory;
pub mod error;
pub mod filter;
pub mod group;
pub mod ids;
pub mod login_domain;
pub mod login_session;
pub mod oauth;
pub mod password;
pub mod pool;
pub mod recovery;
pub mod resource_server;
pub mod schema;
pub mod seams;
pub mod sign_in;
pub mod template;
pub mod tokens;
pub mod transfer;
pub mod user;
pub mod username;

pub use error::{Error, Result};
pub use seams::{Clock, Entropy, Timestamp};
