//! Whether anything was committed in between: the header of the write-ahead log's index, which SQLite itself looks at
//! before each read, and changes in every commit of every process before that commit is answered.
//! <https://www.sqlite.org/walformat.html#the_wal_index_header>

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The only version there has been.
const VERSION: u32 = 3_007_000;
const HEADER: usize = 48;

/// What two looks have in common between which nothing was committed.
#[derive(Clone, PartialEq, Eq)]
pub struct Mark([u8; HEADER]);

/// The index of an open database.
pub(super) struct Index {
    path: PathBuf,
    /// Never closed: closing any handle on a file gives up all locks that the process has on it (POSIX), SQLite's too.
    file: OnceLock<&'static File>,
}

impl Index {
    pub(super) fn of(database: &Path) -> Self {
        let mut path = OsString::from(database);
        path.push("-shm");
        Self { path: path.into(), file: OnceLock::new() }
    }

    /// `None` where nothing can be said: SQLite is writing the header, or has not made it yet.
    pub(super) fn mark(&self) -> Option<Mark> {
        let mut twice = [[0; HEADER]; 2];
        self.file()?.read_exact_at(twice.as_flattened_mut(), 0).ok()?;
        let [first, second] = twice;
        let [v0, v1, v2, v3, _, _, _, _, _, _, _, _, written, ..] = first;
        let whole = first == second && u32::from_ne_bytes([v0, v1, v2, v3]) == VERSION && written == 1;
        whole.then_some(Mark(first))
    }

    fn file(&self) -> Option<&'static File> {
        if let Some(file) = self.file.get() {
            return Some(file);
        }
        let opened = File::open(&self.path).ok()?;
        Some(self.file.get_or_init(|| Box::leak(Box::new(opened))))
    }
}
