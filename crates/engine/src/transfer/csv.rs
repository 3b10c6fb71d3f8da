//! `cognate import --csv-into`: Cognito's CSV into a pool that is there and may be in use.
//!
//! The whole file is judged before the first user is kept. Users who are there already are skipped and told. A crash leaves
//! whole batches; the next run of the same file goes on behind them.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest;
use cognate_domain::pool::Pool;
use cognate_domain::transfer::csv::{self, Columns, CsvUser};
use cognate_domain::user::{User, UserStatus};
use cognate_domain::username::NameKind;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::{imports, pools, transfer};
use data_encoding::HEXLOWER;

use super::prepare::{Batch, Names, add_user, names_of};
use super::{Failure, Flaw, import};
use crate::App;

const BATCH: usize = 500;
/// Bad lines that are told at once.
const MOST_FLAWS: usize = 20;
/// How often a batch is judged anew because somebody took a name of it meanwhile.
const TRIES: u32 = 5;
/// A character of UTF-8 has at most four bytes.
const LONGEST_LINE: usize = 4 * csv::LONGEST_ROW + 2;
const TELL_EVERY: u64 = 256;

/// A CSV that has been judged from its first line to its last, still open.
pub struct CheckedCsv {
    file: File,
    columns: Columns,
    pool: Arc<Pool>,
    identity: String,
    pub rows: u64,
    pub bytes: u64,
}

/// A row whose user was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub line: u64,
    /// The name that is somebody's already: `username`, `email` ..
    pub name: &'static str,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportedCsv {
    pub imported: u64,
    pub skipped: u64,
    /// Lines that an earlier run had dealt with.
    pub resumed_after: u64,
}

impl App {
    /// Judges a whole file without touching the store. `progress` learns how many bytes have been read.
    pub async fn check_csv(
        &self,
        path: &Path,
        pool_id: &str,
        progress: impl FnMut(u64) + Send + 'static,
    ) -> Result<CheckedCsv, Failure> {
        let pool = self.pool(pool_id).await?.ok_or_else(|| Failure::State(format!("there is no pool {pool_id}")))?;
        csv::check_pool(&pool).map_err(Failure::State)?;
        let path = path.to_owned();
        let checked = tokio::task::spawn_blocking(move || check(&path, pool, progress)).await;
        checked.map_err(Error::internal)?
    }

    /// Brings a judged file. `progress` learns of the line that was dealt with last, and of those that were skipped since.
    pub async fn import_csv(
        self: &Arc<Self>,
        checked: CheckedCsv,
        mut progress: impl FnMut(u64, &[Skipped]),
    ) -> Result<ImportedCsv, Failure> {
        let CheckedCsv { mut file, columns, pool, identity, .. } = checked;
        file.seek(SeekFrom::Start(0))?;
        let mut done = self.begin_csv(&identity, &pool.id).await?;
        let mut total = ImportedCsv { resumed_after: u64::try_from(done).unwrap_or(0), ..ImportedCsv::default() };
        let mut lines = Lines::new(file);
        let mut rows = Vec::new();
        loop {
            let row = lines.next()?.map(|line| columns.row(line, &pool));
            let ended = row.is_none();
            if lines.number > total.resumed_after.max(1)
                && let Some(row) = row
            {
                rows.push((lines.number, row.map_err(|reason| Failure::at(lines.number, reason))?));
            }
            if rows.len() < BATCH && !ended {
                continue;
            }
            if let Some((to, _)) = rows.last() {
                let to = i64::try_from(*to).map_err(Error::internal)?;
                let skipped = self.keep_rows(&pool, &identity, (done, to), &rows).await?;
                total.imported += (rows.len() - skipped.len()) as u64;
                total.skipped += skipped.len() as u64;
                progress(lines.number, &skipped);
                done = to;
                rows.clear();
            }
            if ended {
                break;
            }
        }
        let now = self.clock.now();
        self.db.write(async |tx| imports::finish(tx, &identity, now).await).await?;
        Ok(total)
    }

    /// A file that was brought before is brought again: whoever is there still is skipped.
    async fn begin_csv(&self, identity: &str, pool_id: &str) -> Result<i64> {
        let now = self.clock.now();
        self.db
            .write(async |tx| match imports::find(tx, identity).await? {
                Some(known) if !known.finished => Ok(known.lines_done),
                _ => imports::begin(tx, identity, pool_id, now).await.map(|()| 0),
            })
            .await
    }

    async fn keep_rows(
        self: &Arc<Self>,
        pool: &Arc<Pool>,
        identity: &str,
        lines: (i64, i64),
        rows: &[(u64, CsvUser)],
    ) -> Result<Vec<Skipped>, Failure> {
        let mut tries = 0;
        loop {
            let (batch, skipped) = self.sort_out(pool, rows).await?;
            let [shard] = ids::random::<1>(self.entropy.as_ref());
            let shard = shard % pools::COUNT_SHARDS;
            let users = i64::try_from(batch.users).map_err(Error::internal)?;
            let kept = self
                .db
                .write(async |tx| {
                    if !imports::advance(tx, identity, lines).await? {
                        return Ok(false);
                    }
                    if pools::find(tx, &pool.id).await?.is_none() {
                        return Err(Error::pool_not_found(&pool.id));
                    }
                    batch.rows.insert(tx).await?;
                    if users > 0 {
                        pools::count_users(tx, &pool.id, shard, users).await?;
                    }
                    Ok(true)
                })
                .await;
            match kept {
                Ok(true) => return Ok(skipped),
                Ok(false) => return Err(Failure::State("another process is importing this file".to_owned())),
                Err(error) if import::is_clash(&error) && tries < TRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The users of a batch whose names are free, and the rows of those whose are not.
    async fn sort_out(self: &Arc<Self>, pool: &Arc<Pool>, rows: &[(u64, CsvUser)]) -> Result<(Batch, Vec<Skipped>)> {
        let now = self.clock.now();
        let mut tx = self.db.read().await?;
        let (mut batch, mut skipped) = (Batch::default(), Vec::new());
        for (line, row) in rows {
            let id = ids::uuid(self.entropy.as_ref()).to_string();
            let user = reset_user(pool, row, id, now);
            let names = names_of(&user, &pool.config.names);
            match transfer::find_taken(&mut tx, &pool.id, &names).await? {
                Some(at) => {
                    let name = names.get(at).map_or("username", |name| name.0);
                    skipped.push(Skipped { line: *line, name });
                }
                None => drop(add_user(&mut batch, user, &pool.config.names)?),
            }
        }
        Ok((batch, skipped))
    }
}

/// AWS: who comes by CSV has no password, and must choose one (`RESET_REQUIRED`).
fn reset_user(pool: &Pool, row: &CsvUser, id: String, now: Timestamp) -> User {
    let contact_is_name = matches!(pool.config.names.kind, NameKind::UsernameAttributes { .. });
    User {
        pool_id: pool.id.clone(),
        username: if contact_is_name { id.clone() } else { row.name.clone() },
        id,
        status: UserStatus::ResetRequired,
        enabled: true,
        attributes: row.attributes.clone(),
        password: None,
        password_history_sealed: None,
        version: 1,
        created_at: now,
        modified_at: now,
        number: None,
    }
}

fn check(path: &Path, pool: Arc<Pool>, mut progress: impl FnMut(u64)) -> Result<CheckedCsv, Failure> {
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > csv::LARGEST_FILE {
        return Err(Failure::State(format!("the file has {bytes} bytes, more than {}", csv::LARGEST_FILE)));
    }
    let mut lines = Lines::new(file.try_clone()?);
    let header = lines.next()?.ok_or_else(|| Failure::at(1, "the file is empty"))?;
    let columns = Columns::read(header, &pool.config.schema).map_err(|reason| Failure::at(1, reason))?;

    let (mut flaws, mut seen) = (Vec::new(), Seen::default());
    while let Some(line) = lines.next()? {
        let judged = columns.row(line, &pool).and_then(|row| seen.judge(&pool, &row, lines.number));
        flaws.extend(judged.err().map(|reason| Flaw { line: lines.number, reason }));
        if lines.number > csv::MOST_ROWS + 1 {
            flaws.push(Flaw { line: lines.number, reason: format!("more than {} users", csv::MOST_ROWS) });
        }
        if flaws.len() >= MOST_FLAWS {
            break;
        }
        if lines.number.is_multiple_of(TELL_EVERY) {
            progress(lines.bytes);
        }
    }
    if !flaws.is_empty() {
        return Err(Failure::File(flaws));
    }
    let identity = format!("csv/{}/{}", pool.id, HEXLOWER.encode(lines.digest.finish().as_ref()));
    file.seek(SeekFrom::Start(0))?;
    Ok(CheckedCsv { file, columns, pool, identity, rows: lines.number - 1, bytes })
}

/// Names of the rows so far, as digests: a file has half a million users at most.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    lines: HashMap<u64, u64>,
}

impl Seen {
    fn judge(&mut self, pool: &Pool, row: &CsvUser, line: u64) -> Result<(), String> {
        let without_id = reset_user(pool, row, String::new(), Timestamp::default());
        let names: Names = names_of(&without_id, &pool.config.names);
        for name in names.iter().filter(|(_, value)| !value.is_empty()) {
            if let Some(earlier) = self.lines.insert(self.hasher.hash_one(name), line) {
                return Err(format!("its {} stands in line {earlier} already", name.0));
            }
        }
        Ok(())
    }
}

/// Lines without their ends, however long a hostile one is.
struct Lines {
    input: BufReader<File>,
    buffer: Vec<u8>,
    digest: digest::Context,
    number: u64,
    bytes: u64,
}

impl Lines {
    fn new(file: File) -> Self {
        Self {
            input: BufReader::with_capacity(1 << 16, file),
            buffer: Vec::new(),
            digest: digest::Context::new(&digest::SHA256),
            number: 0,
            bytes: 0,
        }
    }

    fn next(&mut self) -> Result<Option<&[u8]>, Failure> {
        self.buffer.clear();
        self.input.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut self.buffer)?;
        if self.buffer.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += self.buffer.len() as u64;
        if self.buffer.len() > LONGEST_LINE {
            return Err(Failure::at(self.number, format!("more than {} characters", csv::LONGEST_ROW)));
        }
        self.digest.update(&self.buffer);
        let line = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }
}
