//! May this subject do this to that: a catalogue's grants and an operator's own Cedar policies, compiled once for each
//! version, and asked. What is not permitted is denied; a forbid wins; what cannot be evaluated is denied.
//! docs/guides/policies.md is the operator's page.

mod cache;
mod check;
mod circumstances;
mod compiled;
mod condition;
mod depth;
mod facts;
mod grants;
mod needs;
mod pattern;
mod question;
mod refused;
mod request;
mod schema;
mod scope;
mod statements;
mod verdict;

pub use cache::{Cache, Current};
pub use check::{check_grant, check_policy};
pub use circumstances::Circumstances;
pub use compiled::Compiled;
pub use facts::{Facts, VerifiedClaims};
pub use question::{Action, BadQuestion, Question, Resource, Tenant};
pub use refused::{Origin, Position, Refused};
pub use schema::SCHEMA;
pub use statements::DEFAULT_POLICIES;
pub use verdict::{Reason, Verdict};

/// Of an operator's policy, in bytes.
pub const LONGEST_POLICY: usize = 16 * 1024;
/// Of operators' policies, and of the statements in all of them: all that can be about a question are evaluated for it.
pub const MOST_POLICIES: usize = 500;
pub const MOST_GRANTS: usize = 5_000;
