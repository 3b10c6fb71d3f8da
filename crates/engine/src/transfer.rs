//! Pools in and out: an export file that another store reads, and Cognito's CSV.
//!
//! A file is read twice: the first pass verifies every line, the second writes. Until its last write a pool that is being
//! imported has no row of its own, so nobody sees half of it; a crash leaves what the next run goes on with.

mod begin;
mod csv;
mod export;
mod import;
mod opened;
mod prepare;
mod reader;
mod seals;
mod undo;
mod writer;

use std::fmt;

use cognate_domain::Error;

pub use cognate_domain::transfer::{Footer, Header};
pub use csv::{CheckedCsv, ImportedCsv, Skipped};
pub use export::{Exported, Target};
pub use import::Imported;
pub use reader::{Checked, LineReader};
pub use seals::{FileKeys, Secret};
pub use writer::{LineWriter, Origin};

/// Something wrong with a file: which line, counted from 1, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    pub line: u64,
    pub reason: String,
}

/// Why an export or import did not come to its end.
#[derive(Debug)]
pub enum Failure {
    /// The file is not as it should be. Nothing of it is in the store.
    File(Vec<Flaw>),
    /// The store's state forbids it. Nothing was changed.
    State(String),
    /// What could be read or written no further; an import goes on where it was when it is begun again.
    Io(std::io::Error),
    Store(Error),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl Failure {
    pub(crate) fn at(line: u64, reason: impl Into<String>) -> Self {
        Self::File(vec![Flaw { line, reason: reason.into() }])
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}
