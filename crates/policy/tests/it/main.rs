//! What a caller of the crate sees: catalogues, questions, verdicts.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests panic")]

mod checks;
mod conditions;
mod cost;
mod guide;
mod injection;
mod plain;
mod policies;
mod roles;
mod same;
mod world;
