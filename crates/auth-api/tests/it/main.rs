//! The Auth API through its routes as the binary has them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests panic")]

mod accounts;
mod bodies;
mod browsers;
mod directory;
mod kit;
mod limits;
mod openapi;
mod sessions;
mod webhook;
