//! The application's own directory: who calls, what they may do, where they belong.

pub(crate) mod catalogue;
pub(crate) mod decisions;
pub(crate) mod door;
pub(crate) mod invitations;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod subject;
pub(crate) mod webhook;
pub(crate) mod workspaces;
