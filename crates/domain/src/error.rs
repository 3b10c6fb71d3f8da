//! The one error of the house: what a client is told, and what only the log learns. Its sentences are in `sentences`.

mod sentences;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

pub use cognate_wire::ErrorKind;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a client is told (`kind`, `message`) and what only the log learns (`source`).
#[derive(Debug)]
pub struct Error {
    pub kind: ErrorKind,
    pub message: Cow<'static, str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    #[must_use]
    pub fn caused_by(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// The cause, if it is of this type: how the store's faults get their names.
    pub fn cause<T: StdError + 'static>(&self) -> Option<&T> {
        self.source.as_deref()?.downcast_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// Faults of ours.
impl Error {
    /// The client learns nothing, the log learns everything.
    pub fn internal(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::new(ErrorKind::InternalError, "Internal error.").caused_by(source)
    }

    /// A row or a value that cannot be: `what` names it for the log.
    pub fn corrupt(what: impl Into<String>) -> Self {
        Self::internal(Corrupt(what.into()))
    }
}

/// Stored data that contradicts our own rules.
#[derive(Debug)]
struct Corrupt(String);

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "inconsistent: {}", self.0)
    }
}

impl StdError for Corrupt {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_learns_nothing_of_a_fault_and_the_log_everything() {
        let error = Error::corrupt("user status DEAD");
        assert_eq!(error.to_string(), "InternalErrorException: Internal error.");
        assert_eq!(error.source().unwrap().to_string(), "inconsistent: user status DEAD");
        assert!(Error::invalid_email().source().is_none());
    }

    #[test]
    fn a_cause_is_found_by_its_type() {
        let error = Error::internal(fmt::Error);
        assert!(error.cause::<fmt::Error>().is_some());
        assert!(error.cause::<Corrupt>().is_none());
        assert!(Error::invalid_email().cause::<fmt::Error>().is_none());
    }
}
