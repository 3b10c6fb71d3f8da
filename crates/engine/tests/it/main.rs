//! The engine from within: what no single operation shows.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests panic")]

mod jobs;
mod messages;
mod numbers;
mod sealing;
mod transfer;
mod work;
