//! Where things are kept: `Db`, its migrations, and one file of SQL for each noun.
//! One SQL text serves SQLite and PostgreSQL; what differs between the two is named in `db.rs` and below it.

pub mod access_keys;
pub mod attempts;
pub mod audit_log;
pub mod authorization_codes;
pub mod callers;
pub mod catalogue;
pub mod client_secrets;
pub mod clients;
pub mod codes;
pub mod counted_calls;
pub mod db;
pub mod device_grants;
pub mod groups;
pub mod imports;
pub mod inbox;
pub mod invitations;
pub mod login_domains;
pub mod login_sessions;
pub mod marks;
pub mod members;
pub mod migrate;
pub mod pending_attributes;
pub mod pools;
pub mod provider_events;
pub mod pushed_requests;
pub mod resource_servers;
pub mod row;
pub mod sealed;
pub mod sign_ins;
pub mod signing_keys;
pub mod spent;
pub mod subjects;
pub mod sweep;
pub mod tokens;
pub mod transfer;
pub mod user_aliases;
pub mod user_search;
pub mod users;
pub mod workspaces;

pub use db::{Db, Fault, Mark, OnUnique, Options, Query, Reading, Sql, Tx, Value, WriteTx, Writing};
pub use migrate::{Migration, migrate};
pub use row::Row;

/// The schema, in the order in which it grew.
pub const MIGRATIONS: &[Migration<'static>] = &[
    Migration { version: 1, name: "foundation", sql: include_str!("../migrations/0001_foundation.sql") },
    Migration { version: 2, name: "core", sql: include_str!("../migrations/0002_core.sql") },
    Migration { version: 3, name: "oauth", sql: include_str!("../migrations/0003_oauth.sql") },
    Migration { version: 4, name: "device_grants", sql: include_str!("../migrations/0004_device_grants.sql") },
    Migration { version: 5, name: "codes_begin_once", sql: include_str!("../migrations/0005_codes_begin_once.sql") },
    Migration { version: 6, name: "directory", sql: include_str!("../migrations/0006_directory.sql") },
];

/// Brings a store's schema up to date; safe when several nodes do it at once.
pub async fn migrate_all(db: &Db) -> cognate_domain::Result<()> {
    migrate(db, MIGRATIONS).await
}
