//! SQLite: one writer, many readers, and one COMMIT for all who wrote while the last one was under way.
//!
//! A task takes its turn at the desk, runs its statements where it is, behind a savepoint of its own, and leaves. A
//! thread that does nothing but COMMIT queues for the desk like everyone else: who came before it is in the group.
//! Everyone, refused or not, is answered after that COMMIT: what a member saw may have been another's uncommitted row.

mod connect;
mod mark;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use cognate_domain::{Error, Result};
use rusqlite::Connection;
use tokio::sync::{Mutex as Desks, OwnedMutexGuard, Semaphore, oneshot};

use super::tx::Each;
use super::{Fault, Options, Value};
use crate::row::Row;

pub use mark::Mark;

/// Scans at a time; more would only fight over the same cores.
const SCANS: usize = 4;
/// Readers kept open. There are at most as many as threads that run queries at one moment.
const READERS: usize = 16;

pub(super) struct Sqlite {
    path: PathBuf,
    index: mark::Index,
    patience: Duration,
    readers: Mutex<Vec<Connection>>,
    scans: Arc<Semaphore>,
    desk: Arc<Desks<Desk>>,
    bell: mpsc::Sender<()>,
}

struct Desk {
    connection: Connection,
    /// Whether a group is open, and the bell rung for it.
    group: bool,
    members: Vec<oneshot::Sender<Result<(), Fault>>>,
}

impl Sqlite {
    pub(super) async fn open(path: &str, options: &Options) -> Result<Self> {
        let path = connect::path(path)?;
        let patience = options.patience;

        let file = path.clone();
        let connection = tokio::task::spawn_blocking(move || connect::writer(&file, patience))
            .await
            .map_err(|error| Fault::Open(error.to_string()))??;

        let desk = Arc::new(Desks::new(Desk { connection, group: false, members: Vec::new() }));
        let (bell, rings) = mpsc::channel();
        let at = Arc::clone(&desk);
        std::thread::Builder::new()
            .name("commit".to_owned())
            .spawn(move || {
                yield_to_others();
                while rings.recv().is_ok() {
                    at.blocking_lock().commit();
                }
            })
            .map_err(|error| Fault::Open(error.to_string()))?;

        let scans = Arc::new(Semaphore::new(SCANS));
        let index = mark::Index::of(&path);
        Ok(Self { path, index, patience, readers: Mutex::default(), scans, desk, bell })
    }

    /// Runs a reading statement here and now, on a connection that nobody else uses.
    pub(super) fn rows(&self, sql: &str, values: &[Value<'_>], each: &mut Each<'_>) -> Result<(), Fault> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => connect::reader(&self.path, self.patience)?,
        };
        let done = run(&reader, sql, values, each).map(drop);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(reader);
        }
        done
    }

    pub(super) fn mark(&self) -> Option<Mark> {
        self.index.mark()
    }

    /// Runs `work` on the blocking pool.
    pub(super) async fn elsewhere<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T> {
        let pass = Arc::clone(&self.scans).acquire_owned().await.map_err(Error::internal)?;
        let task = tokio::task::spawn_blocking(move || {
            let _pass = pass; // kept to the end even if nobody waits for the answer any more
            work(&self)
        });
        match task.await {
            Ok(done) => done.map_err(Error::internal),
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(stopped) => Err(Error::internal(stopped)),
            },
        }
    }

    /// Waits for a turn at the desk, and opens a group if none is open.
    pub(super) async fn begin(&self) -> Result<Turn, Fault> {
        let desk = Arc::clone(&self.desk).lock_owned().await;
        let mut turn = Turn { desk, open: true };
        if !turn.desk.group {
            if !turn.desk.connection.is_autocommit() {
                turn.desk.command("ROLLBACK")?; // which failed before
            }
            turn.desk.command("BEGIN IMMEDIATE")?;
            turn.desk.group = true;
            self.bell.send(()).map_err(|_| ended())?;
        }
        turn.desk.command("SAVEPOINT member")?;
        Ok(turn)
    }

    /// Copies the whole log into the file and empties it. Waits, at most for the store's patience, for other processes
    /// that read; blocking.
    pub(super) fn empty_log(&self) -> Result<(), Fault> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let mut desk = self.desk.blocking_lock();
        desk.commit();
        let mut busy = None;
        run(&desk.connection, "PRAGMA wal_checkpoint(TRUNCATE)", &[], &mut |row| busy = row.int(0).ok())?;
        if busy == Some(0) { Ok(()) } else { Err(Fault::Busy) }
    }
}

/// How much less of a busy core the committing thread gets than others (`nice`).
const NICENESS: i32 = 10;

/// Where the cores are busy, the groups grow, and a COMMIT serves more of those who wait; where they are not, nothing changes
/// (docs/decisions/0019). A system that does not allow it is only slower.
#[cfg(target_os = "linux")]
fn yield_to_others() {
    let this = rustix::thread::gettid(); // to Linux, a process of its own
    if let Err(error) = rustix::process::setpriority_process(Some(this), NICENESS) {
        tracing::debug!(%error, "the committing thread keeps its priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn yield_to_others() {}

fn ended() -> Fault {
    Fault::NotKept("the committing thread has ended".to_owned())
}

impl Desk {
    fn command(&self, sql: &str) -> Result<(), Fault> {
        run(&self.connection, sql, &[], &mut |_| {}).map(drop)
    }

    /// Ends the group: all of it is durable now, or none of it is.
    fn commit(&mut self) {
        if !self.group {
            return; // given up already, and its members told
        }
        match self.command("COMMIT") {
            Ok(()) => self.answer(&Ok(())),
            Err(fault) => self.give_up(fault),
        }
    }

    /// Takes everything back, for every member so far.
    fn give_up(&mut self, why: Fault) {
        if !self.connection.is_autocommit()
            && let Err(fault) = self.command("ROLLBACK")
        {
            tracing::error!(%fault, "a group of writes could not be rolled back");
        }
        let why = if let Fault::NotKept(_) = why { why } else { Fault::NotKept(why.to_string()) };
        self.answer(&Err(why));
    }

    /// Ends the group's list.
    fn answer(&mut self, answer: &Result<(), Fault>) {
        self.group = false;
        for member in self.members.drain(..) {
            let _ = member.send(answer.clone()); // who has left does not need it
        }
    }

    /// Keeps or takes back what the present member did, or fails the whole group if SQLite can do neither any more.
    fn close_member(&mut self, keep: bool, fault: Option<&Fault>) -> Result<(), Fault> {
        let done = if self.connection.is_autocommit() {
            let cause = fault.map(Fault::to_string).unwrap_or_default();
            Err(Fault::NotKept(format!("SQLite rolled the whole group of writes back; {cause}")))
        } else if keep {
            self.command("RELEASE member")
        } else {
            self.command("ROLLBACK TO member").and_then(|()| self.command("RELEASE member"))
        };
        done.inspect_err(|fault| self.give_up(fault.clone()))
    }
}

/// One member's time at the desk. Dropped while open (a panic, a write that could not begin), it takes itself back.
pub(super) struct Turn {
    desk: OwnedMutexGuard<Desk>,
    open: bool,
}

impl Turn {
    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.desk.connection
    }

    /// Keeps or takes back this member's part, leaves the desk, and waits for the group's COMMIT.
    pub(super) async fn close(mut self, keep: bool, fault: Option<&Fault>) -> Result<(), Fault> {
        self.open = false;
        self.desk.close_member(keep, fault)?;
        let (member, answer) = oneshot::channel();
        self.desk.members.push(member);
        drop(self);

        answer.await.unwrap_or_else(|_| Err(ended()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.open && self.desk.group {
            let _ = self.desk.close_member(false, None); // a failure is told to the group's other members
        }
    }
}

/// Runs one statement to its end (an unfinished `RETURNING` has not changed all its rows) and counts what it changed.
pub(super) fn run(connection: &Connection, sql: &str, values: &[Value<'_>], each: &mut Each<'_>) -> Result<u64, Fault> {
    let named = |error: rusqlite::Error| fault(&error, sql);
    let mut statement = connection.prepare_cached(sql).map_err(named)?;

    // `$1` is a name to SQLite, numbered by first appearance: ask which value each parameter stands for.
    let wanted = statement.parameter_count();
    let unfit = Fault::Parameters { sql: sql.to_owned(), wanted, given: values.len() };
    if wanted != values.len() {
        return Err(unfit);
    }
    for at in 1..=wanted {
        let name = statement.parameter_name(at).and_then(|name| name.strip_prefix('$'));
        let number = name.and_then(|number| number.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
        let Some(value) = number.and_then(|number| values.get(number)) else { return Err(unfit) };
        statement.raw_bind_parameter(at, value).map_err(named)?;
    }

    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(named)? {
        each(&Row::sqlite(row));
    }
    drop(rows);
    Ok(connection.changes())
}

fn fault(error: &rusqlite::Error, sql: &str) -> Fault {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};

    let code = error.sqlite_error().map_or(0, |error| error.extended_code);
    let message = match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    };
    if code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY {
        return Fault::unique_by_sqlite(&message);
    }
    Fault::Driver { code: code.to_string(), message, sql: sql.to_owned() }
}
