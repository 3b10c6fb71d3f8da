//! What can go wrong between us and a database, in the same words for both engines.
//!
//! A fault is the cause of a `domain::Error`: clients never see it, the log does. It carries statements, never values.

use std::error::Error as StdError;
use std::fmt;

use cognate_domain::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The database could not be opened; says why.
    Open(String),
    /// A unique constraint was violated. `constraint` is known only where the engine names it (PostgreSQL; SQLite for
    /// an index over expressions), `columns` is empty where it does not list them.
    Unique { table: String, columns: Vec<String>, constraint: String },
    /// The transaction lost a race with another one and may be run again.
    Again,
    /// Every connection of this node was in use for as long as one may be waited for. Nothing was done.
    Busy,
    /// The connection broke during COMMIT: whether the write was kept is unknown.
    OutcomeUnknown(String),
    /// COMMIT failed, or the engine gave the transaction up: nothing was kept.
    NotKept(String),
    /// A write waited for something other than its own statements.
    Waited,
    /// A statement after one that had failed in the same write.
    Ended,
    /// A statement of this write was abandoned before its answer came.
    Abandoned,
    /// The statement and the values bound to it do not fit.
    Parameters { sql: String, wanted: usize, given: usize },
    /// Text with a NUL character, which PostgreSQL cannot keep and SQLite therefore may not either.
    Nul,
    /// One row was expected.
    Rows { sql: String, found: usize },
    /// A column is missing or is of another type than was asked for.
    Column { at: usize, problem: String },
    /// The schema and the program do not fit; says why.
    Schema(String),
    /// Anything else the driver said. `code` is SQLSTATE or SQLite's extended code.
    Driver { code: String, message: String, sql: String },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(why) => write!(f, "the database cannot be opened: {why}"),
            Self::Unique { table, columns, constraint } => {
                write!(f, "not unique in {table}({}) {constraint}", columns.join(", "))
            }
            Self::Again => f.write_str("lost a race with another transaction, several times over"),
            Self::Busy => f.write_str("no connection became free in time"),
            Self::OutcomeUnknown(why) => write!(f, "the connection broke during COMMIT, its outcome is unknown: {why}"),
            Self::NotKept(why) => write!(f, "the transaction was not kept: {why}"),
            Self::Waited => f.write_str("a write waited for something other than its own statements"),
            Self::Ended => f.write_str("a statement after another one had failed in the same write"),
            Self::Abandoned => f.write_str("a statement of a write was abandoned before its answer came"),
            Self::Parameters { sql, wanted, given } => {
                write!(f, "{wanted} parameters wanted ($1, $2, ..), {given} bound, in: {sql}")
            }
            Self::Nul => f.write_str("text with a NUL character cannot be kept"),
            Self::Rows { sql, found } => write!(f, "one row expected, {found} found, by: {sql}"),
            Self::Column { at, problem } => write!(f, "column {at}: {problem}"),
            Self::Schema(why) => write!(f, "schema: {why}"),
            Self::Driver { code, message, sql } => write!(f, "{message} ({code}), in: {sql}"),
        }
    }
}

impl StdError for Fault {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::internal(fault)
    }
}

impl Fault {
    /// From SQLite's `UNIQUE constraint failed: groups.pool_id, groups.name`, or `.. failed: index 'name'`.
    pub(super) fn unique_by_sqlite(message: &str) -> Self {
        let listed = message.rsplit_once("failed: ").map_or("", |(_, listed)| listed);
        if let Some(index) = listed.strip_prefix("index '") {
            let constraint = index.trim_end_matches('\'').to_owned();
            return Self::Unique { table: String::new(), columns: Vec::new(), constraint };
        }
        let mut table = "";
        let mut columns = Vec::new();
        for part in listed.split(", ") {
            if let Some((of, column)) = part.split_once('.') {
                table = of;
                columns.push(column.to_owned());
            }
        }
        Self::Unique { table: table.to_owned(), columns, constraint: String::new() }
    }

    /// From PostgreSQL's fields; the columns are in its detail only: `Key (pool_id, name)=(..) already exists.`
    pub(super) fn unique_by_postgres(table: &str, constraint: &str, detail: &str) -> Self {
        let columns = detail
            .split_once('(')
            .and_then(|(_, rest)| rest.split_once(")=("))
            .map(|(columns, _)| columns.split(", ").map(|column| column.trim_matches('"').to_owned()).collect())
            .unwrap_or_default();
        Self::Unique { table: table.to_owned(), columns, constraint: constraint.to_owned() }
    }

    fn is_about(&self, hint: &str) -> bool {
        let Self::Unique { table, columns, constraint } = self else { return false };
        if !constraint.is_empty() && constraint == hint {
            return true;
        }
        match hint.split_once('.') {
            None => table == hint,
            Some((of, column)) => table == of && columns.iter().any(|each| each == column),
        }
    }
}

/// Gives a violated constraint its name, at the query.
pub trait OnUnique<T> {
    /// Renames a unique violation; every other error stays as it is. What was violated stays the new error's cause.
    fn on_unique(self, name: impl FnOnce() -> Error) -> Result<T>;

    /// The same for one constraint among several. `of` is `table`, `table.column` (any column of the constraint), or
    /// the name of an index over expressions; these read alike on both engines.
    fn on_unique_in(self, of: &str, name: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnUnique<T> for Result<T> {
    fn on_unique(self, name: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|error| match error.cause() {
            Some(Fault::Unique { .. }) => name().caused_by(error),
            _ => error,
        })
    }

    fn on_unique_in(self, of: &str, name: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|error| match error.cause::<Fault>() {
            Some(fault) if fault.is_about(of) => name().caused_by(error),
            _ => error,
        })
    }
}
