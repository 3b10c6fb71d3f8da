//! The Auth API through its routes as the binary has them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests panic")]

mod access;
mod accounts;
mod admin;
mod bodies;
mod browsers;
mod cognito;
mod directory;
mod far;
mod invitations;
mod kit;
mod limits;
mod members;
mod mock;
mod mock_directory;
mod mock_files;
mod mock_machines;
mod openapi;
mod sessions;
mod team;
mod webhook;
mod workspaces;
