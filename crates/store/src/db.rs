//! The database: one face for SQLite (a file) and PostgreSQL (a server).
//!
//! A write is a closure that may run again, waits for nothing but its own statements, and is answered only when it is
//! durable. A read sees what is committed, statement by statement: no snapshot spans two of them, on either engine.

mod fault;
mod postgres;
mod query;
pub(crate) mod script;
mod sqlite;
mod tx;
mod value;
mod watch;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use cognate_domain::{Error, Result};

pub use fault::{Fault, OnUnique};
pub use query::{Query, Reading, Sql, Writing};
pub use sqlite::Mark;
pub use tx::{Tx, WriteTx};
pub use value::Value;

/// How often a write that lost a race is run again before its caller is told. Of 100 that begin at once on one row of
/// PostgreSQL's, over 16 connections, some 20 are told after 5 retries, fewer than 1 after 8 (with a COMMIT of a millisecond).
const MOST_RETRIES: u32 = 8;

/// A handle on the store; clones share it.
#[derive(Clone)]
pub struct Db(Engine);

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<sqlite::Sqlite>),
    Postgres(postgres::Postgres),
}

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// PostgreSQL: the most connections this node holds. SQLite has one writer and needs no figure.
    pub connections: usize,
    /// How long a connection, or another process's lock on the file, is waited for.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 16, patience: Duration::from_secs(5) }
    }
}

impl Db {
    /// Opens `sqlite:PATH` (made if it is missing) or `postgres://user:password@host/database`, and makes sure it answers.
    ///
    /// Where TLS is used, the server's certificate is verified by the platform's rules: `sslmode=require` means what
    /// `verify-full` means elsewhere.
    pub async fn open(url: &str, options: Options) -> Result<Self> {
        let engine = if let Some(path) = url.strip_prefix("sqlite:") {
            Engine::Sqlite(Arc::new(sqlite::Sqlite::open(path, &options).await?))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres(postgres::Postgres::open(url, &options).await?)
        } else {
            let scheme = url.split(':').next().filter(|_| url.contains(':')).unwrap_or("(none)");
            return Err(Error::internal(Fault::Open(format!(
                "a database is given as sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME; this one's scheme is {scheme}"
            ))));
        };
        Ok(Self(engine))
    }

    /// Something to read through. It holds no connection between two statements, so keeping it costs nobody anything.
    #[expect(clippy::unused_async, reason = "callers await it, so that an engine may begin to wait here")]
    pub async fn read(&self) -> Result<Tx<'static>> {
        Ok(match &self.0 {
            Engine::Sqlite(sqlite) => Tx::reading_sqlite(Arc::clone(sqlite)),
            Engine::Postgres(postgres) => Tx::reading_postgres(postgres.clone()),
        })
    }

    /// Where the store stands. Whatever was read after a look is still so at a later look that gives an equal mark: nothing
    /// was committed in between, by any process. A look costs a fraction of a read. `None` where nothing can be said,
    /// which is always so on PostgreSQL.
    pub fn mark(&self) -> Option<Mark> {
        match &self.0 {
            Engine::Sqlite(sqlite) => sqlite.mark(),
            Engine::Postgres(_) => None,
        }
    }

    /// Runs `work` as one transaction and answers when it is durable.
    ///
    /// `work` may run several times: make ids, times and hashes before it. If it fails, if any of its statements
    /// failed (even when `work` swallowed that), or if it waits for anything else, nothing of it is kept.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T> + Clone,
    {
        let mut tries = 0;
        loop {
            let mut open = self.begin().await?;
            let busy = AtomicBool::new(false);
            let mut tx = open.tx(&busy);
            let result = watch::only_for_its_statements(&busy, work.clone()(&mut tx)).await;
            let fault = tx.into_fault();
            let result = settle(result, fault.as_ref());

            let closed = open.close(result.is_ok(), fault.as_ref()).await.map_err(Error::internal);
            match closed.and(result) {
                Err(error) if tries < MOST_RETRIES && matches!(error.cause(), Some(Fault::Again)) => {
                    tries += 1;
                    pause(tries).await;
                }
                result => return result,
            }
        }
    }

    /// For a clean end, once nothing else is under way: SQLite's log goes into its file, which is then complete by
    /// itself; PostgreSQL's connections are closed. Without it nothing is lost.
    pub async fn close(&self) -> Result<()> {
        match &self.0 {
            Engine::Sqlite(sqlite) => Arc::clone(sqlite).elsewhere(sqlite::Sqlite::empty_log).await,
            Engine::Postgres(postgres) => {
                postgres.close();
                Ok(())
            }
        }
    }

    pub(crate) fn dialect(&self) -> script::Dialect {
        match self.0 {
            Engine::Sqlite(_) => script::Dialect::Sqlite,
            Engine::Postgres(_) => script::Dialect::Postgres,
        }
    }

    async fn begin(&self) -> Result<Open> {
        match &self.0 {
            Engine::Sqlite(sqlite) => sqlite.begin().await.map(Open::Sqlite),
            Engine::Postgres(postgres) => postgres.begin().await.map(|session| Open::Postgres(Box::new(session))),
        }
        .map_err(Error::internal)
    }
}

/// An open transaction. Dropped unfinished, it is taken back.
enum Open {
    Sqlite(sqlite::Turn),
    Postgres(Box<postgres::Session>),
}

impl Open {
    fn tx<'a>(&'a mut self, busy: &'a AtomicBool) -> WriteTx<'a> {
        match self {
            Self::Sqlite(turn) => WriteTx::new_sqlite(turn.connection()),
            Self::Postgres(session) => WriteTx::new_postgres(session, busy),
        }
    }

    /// Keeps or takes back what was done; an answer other than `Ok` means that nothing was kept, or that nobody knows.
    async fn close(self, keep: bool, fault: Option<&Fault>) -> Result<(), Fault> {
        match self {
            Self::Sqlite(turn) => turn.close(keep, fault).await,
            Self::Postgres(session) => session.close(keep).await,
        }
    }
}

/// What a write comes to: a lost race first, then what the closure says, then a statement's fault it swallowed.
fn settle<T>(result: Result<T>, fault: Option<&Fault>) -> Result<T> {
    match (result, fault) {
        (_, Some(Fault::Again)) => Err(Error::internal(Fault::Again)),
        (Ok(_), Some(fault)) => Err(Error::internal(fault.clone())),
        (result, _) => result,
    }
}

/// Anything up to 2 ms before the first retry, up to 4 before the second, and so on: losers must not meet again, and the
/// more often they met, the wider they scatter.
pub(crate) async fn pause(tries: u32) {
    let most = 2000_u64 << tries.saturating_sub(1).min(10);
    let micros = RandomState::new().hash_one(tries) % most;
    tokio::time::sleep(Duration::from_micros(micros)).await;
}
