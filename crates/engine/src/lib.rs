//! Where rules meet the world: sign-in, sign-up, issuing tokens, messages. Every face of Cognate stands on this.

pub mod access_keys;
pub mod account;
pub mod app;
pub mod attributes;
pub mod cache;
pub mod carriers;
mod change_password;
pub mod codes;
pub mod cx;
pub mod dev;
pub mod dpop;
pub mod introspection;
pub mod jobs;
pub mod login;
pub mod messages;
pub mod oauth;
mod password_history;
pub mod password_recovery;
pub mod pools;
pub mod pushed_requests;
pub mod replays;
mod request_ids;
pub mod rewrap;
pub mod scopes;
pub mod sealing;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
pub mod tokens;
pub mod transfer;
pub mod users;
pub mod work;

pub use app::App;
pub use cognate_wire::Secret;
pub use cx::Cx;
pub use settings::{Mode, Settings};
