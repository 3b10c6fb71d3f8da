//! The users of a filled store, by their number, as `people-file` of the testkit makes them: names of one length, so that
//! a prefix finds equally many in any store.

/// Each has a salt and a verifier of their own.
pub(crate) const PASSWORD: &str = "Correct-Horse-9";

/// `person-0000123`
pub(crate) fn username(number: u64) -> String {
    format!("person-{number:07}")
}

pub(crate) fn email(number: u64) -> String {
    format!("person-{number:07}@example.com")
}

/// Stands for ten users.
pub(crate) fn email_prefix(number: u64) -> String {
    format!("person-{:06}", number / 10)
}
