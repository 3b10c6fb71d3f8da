//! How a SQLite file is opened: the one writer, and readers that cannot write.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::db::Fault;

/// rusqlite would keep 16, and we have a few hundred statements.
const STATEMENTS: usize = 512;
/// What a connection keeps of the file, in KiB as SQLite has it: the upper levels of the indexes of a million users. With
/// SQLite's own 2 MiB every request would ask the system for pages again.
const CACHE: i64 = -8 * 1024;

pub(super) fn path(path: &str) -> Result<PathBuf, Fault> {
    let path = path.strip_prefix("//").unwrap_or(path);
    let problem = match path {
        "" => "sqlite: needs the path of a file",
        ":memory:" => "sqlite: needs a file; a database in memory could not be durable",
        path if path.contains('?') => "sqlite: takes a path and no parameters",
        path => return Ok(PathBuf::from(path)),
    };
    Err(Fault::Open(problem.to_owned()))
}

/// The connection that writes. The file is made if it is missing, for its owner's eyes only.
pub(super) fn writer(path: &Path, patience: Duration) -> Result<Connection, Fault> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|error| Fault::Open(format!("{}: {error}", path.display())))?;

    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let named = |error: rusqlite::Error| Fault::Open(format!("{}: {error}", path.display()));
    let connection = Connection::open_with_flags(path, flags).map_err(named)?;
    prepare(&connection, patience).map_err(named)?;

    let mode = wal(&connection, patience).map_err(named)?;
    if mode != "wal" {
        return Err(Fault::Open(format!("{}: the file system does not allow WAL ({mode})", path.display())));
    }
    connection.pragma_update(None, "synchronous", "FULL").map_err(named)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(named)?;
    connection.pragma_update(None, "wal_autocheckpoint", 4000).map_err(named)?; // pages: 16 MB, copied within a COMMIT
    connection.pragma_update(None, "journal_size_limit", 64 << 20).map_err(named)?;
    Ok(connection)
}

pub(super) fn reader(path: &Path, patience: Duration) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let named = |error: rusqlite::Error| Fault::Open(format!("{}: {error}", path.display()));
    let connection = Connection::open_with_flags(path, flags).map_err(named)?;
    prepare(&connection, patience).map_err(named)?;
    Ok(connection)
}

fn prepare(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", CACHE)?;
    // Or SQLite would plan a statement anew for every value bound to it, which costs ten times what running it does.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Two nodes may open an empty file at once, and for the change to WAL SQLite answers "busy" without waiting.
fn wal(connection: &Connection, patience: Duration) -> rusqlite::Result<String> {
    let until = Instant::now() + patience;
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(10));
            }
            answer => return answer,
        }
    }
}
