//! `/v1/auth`: signing in and out, and everything about the account that a person can do without being signed in.

pub(crate) mod challenges;
pub(crate) mod passwords;
pub(crate) mod refresh;
pub(crate) mod reminders;
pub(crate) mod sign_in;
mod sign_in_notes;
pub(crate) mod sign_out;
pub(crate) mod sign_up;
