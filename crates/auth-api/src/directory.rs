//! The application's own directory: who calls, what they may do, where they belong.

pub(crate) mod catalogue;
pub(crate) mod decisions;
pub(crate) mod me;
pub(crate) mod subject;
pub(crate) mod webhook;
