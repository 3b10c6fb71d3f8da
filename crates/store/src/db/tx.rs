//! `Tx` reads, `WriteTx` writes, and a `WriteTx` serves wherever a `Tx` is asked for: a signature tells the effect.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use cognate_domain::{Error, Result};

use super::postgres::{Postgres, Session};
use super::query::{Query, Reading, Sql, Writing};
use super::sqlite::{self, Sqlite};
use super::watch::UnderWay;
use super::{Fault, Value};
use crate::row::Row;

/// What is done with each row as it passes.
pub(super) type Each<'e> = dyn FnMut(&Row<'_>) + Send + 'e;

/// Reads. From `Db::read`, or a `WriteTx` seen as one.
pub struct Tx<'a> {
    source: Source<'a>,
    /// The first fault of a write; after it, no further statement runs.
    fault: Option<Fault>,
}

enum Source<'a> {
    ReadSqlite(Arc<Sqlite>),
    ReadPostgres(Postgres),
    WriteSqlite(&'a mut rusqlite::Connection), // `&Connection` is not `Send`
    WritePostgres(&'a Session, &'a AtomicBool),
}

/// Writes, and reads what it wrote. From `Db::write`.
pub struct WriteTx<'a>(Tx<'a>);

impl<'a> Tx<'a> {
    pub(super) fn reading_sqlite(sqlite: Arc<Sqlite>) -> Self {
        Self { source: Source::ReadSqlite(sqlite), fault: None }
    }

    pub(super) fn reading_postgres(postgres: Postgres) -> Self {
        Self { source: Source::ReadPostgres(postgres), fault: None }
    }

    /// A statement that answers rows and changes nothing (SQLite refuses the change, and every query is tested there).
    pub fn query<'q>(&'q mut self, sql: impl Into<Sql<'q>>) -> Query<'q, 'a, Reading> {
        Query::new(self, sql.into())
    }

    pub(super) async fn rows(&mut self, sql: &Sql<'_>, values: &[Value<'_>], each: &mut Each<'_>) -> Result<()> {
        told(sql);
        let done = match (self.may_run(values), &mut self.source) {
            (Err(fault), _) => Err(fault),
            (Ok(()), Source::ReadSqlite(sqlite)) => sqlite.rows(sql.for_sqlite(), values, each),
            (Ok(()), Source::WriteSqlite(connection)) => {
                sqlite::run(connection, sql.for_sqlite(), values, each).map(drop)
            }
            (Ok(()), Source::ReadPostgres(postgres)) => postgres.rows(sql.for_postgres(), values, each).await,
            (Ok(()), Source::WritePostgres(session, busy)) => {
                let _under_way = UnderWay::begin(busy);
                self.fault = Some(Fault::Abandoned); // unless it comes back
                let done = session.rows(sql.for_postgres(), values, each).await;
                self.fault = None;
                done
            }
        };
        self.note(done)
    }

    pub(super) async fn count(&mut self, sql: &Sql<'_>, values: &[Value<'_>]) -> Result<u64> {
        told(sql);
        let done = match (self.may_run(values), &mut self.source) {
            (Err(fault), _) => Err(fault),
            (Ok(()), Source::WriteSqlite(connection)) => sqlite::run(connection, sql.for_sqlite(), values, &mut |_| {}),
            (Ok(()), Source::WritePostgres(session, busy)) => {
                let _under_way = UnderWay::begin(busy);
                self.fault = Some(Fault::Abandoned);
                let done = session.count(sql.for_postgres(), values).await;
                self.fault = None;
                done
            }
            // `Query<Writing>` is made from a `WriteTx` only.
            (Ok(()), Source::ReadSqlite(_) | Source::ReadPostgres(_)) => Err(Fault::Ended),
        };
        self.note(done)
    }

    /// Where a scan is to run instead of here.
    pub(super) fn scans_elsewhere(&self) -> Option<Arc<Sqlite>> {
        match &self.source {
            Source::ReadSqlite(sqlite) => Some(Arc::clone(sqlite)),
            _ => None,
        }
    }

    fn may_run(&self, values: &[Value<'_>]) -> Result<(), Fault> {
        if self.fault.is_some() {
            return Err(Fault::Ended);
        }
        if values.iter().any(Value::has_nul) {
            return Err(Fault::Nul);
        }
        Ok(())
    }

    fn note<T>(&mut self, done: Result<T, Fault>) -> Result<T> {
        done.map_err(|fault| {
            let writes = matches!(self.source, Source::WriteSqlite(_) | Source::WritePostgres(..));
            if writes && self.fault.is_none() {
                self.fault = Some(fault.clone());
            }
            Error::internal(fault)
        })
    }
}

impl<'a> WriteTx<'a> {
    pub(super) fn new_sqlite(connection: &'a mut rusqlite::Connection) -> Self {
        Self(Tx { source: Source::WriteSqlite(connection), fault: None })
    }

    pub(super) fn new_postgres(session: &'a Session, busy: &'a AtomicBool) -> Self {
        Self(Tx { source: Source::WritePostgres(session, busy), fault: None })
    }

    /// A statement that may change rows, and may answer them too (`RETURNING`).
    pub fn query<'q>(&'q mut self, sql: impl Into<Sql<'q>>) -> Query<'q, 'a, Writing> {
        Query::new(&mut self.0, sql.into())
    }

    pub(super) fn into_fault(self) -> Option<Fault> {
        self.0.fault
    }
}

impl<'a> Deref for WriteTx<'a> {
    type Target = Tx<'a>;

    fn deref(&self) -> &Tx<'a> {
        &self.0
    }
}

impl<'a> DerefMut for WriteTx<'a> {
    fn deref_mut(&mut self) -> &mut Tx<'a> {
        &mut self.0
    }
}

/// For whoever wants to see what is asked; values are never told.
fn told(sql: &Sql<'_>) {
    tracing::trace!(target: "cognate_store::statements", statement = sql.for_sqlite());
}
