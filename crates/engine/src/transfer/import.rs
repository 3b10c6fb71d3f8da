//! `cognate import`: an export file into a store that does not have its pool.
//!
//! One thread reads, opens and seals; another writes what it made, a batch at a time with how far it has come. The pool's
//! own row comes with the last write. A line that cannot stay (a name that is taken) takes back the whole.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cognate_domain::transfer::{DomainLine, Footer, Line};
use cognate_domain::{Error, Result};
use cognate_jose::MasterKey;
use cognate_store::pools::PoolRow;
use cognate_store::transfer::Rows;
use cognate_store::{Fault, clients, imports, pools, transfer};
use tokio::sync::mpsc;

use super::begin::Begun;
use super::prepare::{Batch, Preparer, Unique, domain};
use super::reader::{self, Checked, LineReader};
use super::{Failure, Flaw};
use crate::App;

/// Lines of a batch, and the bytes of the file beyond which it is full with fewer.
const BATCH: usize = 1000;
const BATCH_BYTES: u64 = 8 << 20;
/// Batches that are ready before they can be written.
const AHEAD: usize = 2;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub pool_id: String,
    pub account: String,
    pub counts: Footer,
    /// Lines that an earlier run had brought; all of them, if there was nothing left to do.
    pub resumed_after: u64,
}

/// What comes with the last write.
struct Last {
    pool: PoolRow,
    domains: Vec<LastDomain>,
}

struct LastDomain {
    line: u64,
    name: String,
    custom: bool,
    rows: Rows,
}

const OTHERS: &str = "another process is importing this file";
const CHANGED: &str = "the file has changed since it was verified";

impl App {
    /// Verifies a file without touching the store. `progress` learns how many bytes have been read.
    pub async fn check_import(
        &self,
        path: &Path,
        key: &Arc<MasterKey>,
        progress: impl FnMut(u64) + Send + 'static,
    ) -> Result<Checked, Failure> {
        let (path, key) = (path.to_owned(), Arc::clone(key));
        let checked = tokio::task::spawn_blocking(move || reader::check(&path, &key, progress)).await;
        checked.map_err(Error::internal)?
    }

    /// Brings a verified file. `progress` learns how many lines are in the store.
    pub async fn import_pool(
        self: &Arc<Self>,
        file: (&Path, &Arc<MasterKey>),
        checked: &Checked,
        mut progress: impl FnMut(u64),
    ) -> Result<Imported, Failure> {
        let imported = |resumed_after| Imported {
            pool_id: checked.header.pool_id.clone(),
            account: checked.header.account.clone(),
            counts: checked.counts,
            resumed_after,
        };
        let done = match self.begin_import(checked, |_| {}).await? {
            Begun::Finished => return Ok(imported(checked.lines)),
            Begun::At(done) => done,
        };
        let resumed_after = u64::try_from(done).unwrap_or(0);
        progress(resumed_after);

        match self.bring(file, checked, done, &mut progress).await {
            Ok(()) => Ok(imported(resumed_after)),
            Err(Failure::File(flaws)) => {
                let pool_id = &checked.header.pool_id;
                self.undo_import(&checked.identity, pool_id).await?;
                self.finish_removal(pool_id, &mut |_| {}).await?;
                Err(Failure::File(flaws))
            }
            Err(other) => Err(other),
        }
    }

    async fn bring(
        self: &Arc<Self>,
        file: (&Path, &Arc<MasterKey>),
        checked: &Checked,
        done: i64,
        progress: &mut impl FnMut(u64),
    ) -> Result<(), Failure> {
        let (batches, mut ready) = mpsc::channel(AHEAD);
        let source = Source { app: Arc::clone(self), path: file.0.to_owned(), checked: checked.clone() };
        let key = Arc::clone(file.1);
        let reading = tokio::task::spawn_blocking(move || source.read(&key, done, &batches));

        let mut done = done;
        while let Some(batch) = ready.recv().await {
            self.keep(checked, done, &batch).await?;
            done = i64::try_from(batch.to).map_err(Error::internal)?;
            progress(batch.to);
        }
        let last = reading.await.map_err(Error::internal)??;
        self.keep_last(checked, done, &last).await?;
        progress(checked.lines);
        Ok(())
    }

    async fn keep(&self, checked: &Checked, done: i64, batch: &Batch) -> Result<(), Failure> {
        let to = i64::try_from(batch.to).map_err(Error::internal)?;
        let kept = self
            .db
            .write(async |tx| {
                if !imports::advance(tx, &checked.identity, (done, to)).await? {
                    return Ok(false);
                }
                batch.rows.insert(tx).await?;
                Ok(true)
            })
            .await;
        match kept {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::State(OTHERS.to_owned())),
            Err(error) if is_clash(&error) => Err(Failure::File(vec![self.find_clash(checked, batch).await?])),
            Err(error) => Err(error.into()),
        }
    }

    /// From here on the pool is there for everybody.
    async fn keep_last(&self, checked: &Checked, done: i64, last: &Last) -> Result<(), Failure> {
        let (id, pool_id, now) = (&checked.identity, &checked.header.pool_id, self.clock.now());
        let lines = i64::try_from(checked.lines).map_err(Error::internal)?;
        let users = i64::try_from(checked.counts.users).map_err(Error::internal)?;
        let kept = self
            .db
            .write(async |tx| {
                if !imports::advance(tx, id, (done, lines)).await? {
                    return Ok(false);
                }
                for domain in &last.domains {
                    domain.rows.insert(tx).await?;
                }
                pools::insert(tx, &last.pool).await?;
                pools::count_users(tx, pool_id, 0, users).await?;
                imports::finish(tx, id, now).await?;
                imports::release(tx, pool_id).await?;
                Ok(true)
            })
            .await;
        match kept {
            Ok(true) => {
                self.caches.forget_all();
                Ok(())
            }
            Ok(false) => Err(Failure::State(OTHERS.to_owned())),
            Err(error) if is_clash(&error) => {
                for LastDomain { line, name, .. } in &last.domains {
                    if transfer::domain_is_taken(&mut self.db.read().await?, name).await? {
                        return Err(Failure::at(*line, format!("the domain {name} is another pool's in this store")));
                    }
                }
                Err(Failure::at(2, format!("the pool {pool_id} has been made meanwhile")))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The first line of a batch whose name is somebody's already: in the batch, or in the store.
    async fn find_clash(&self, checked: &Checked, batch: &Batch) -> Result<Flaw> {
        let mut seen = HashMap::new();
        let mut tx = self.db.read().await?;
        for (line, unique) in &batch.lines {
            match unique {
                Unique::Client(id) => {
                    if clients::find(&mut tx, id).await?.is_some() {
                        let reason = format!("the client id {id} is another client's in this store");
                        return Ok(Flaw { line: *line, reason });
                    }
                }
                Unique::Names(names) => {
                    let twice = names.iter().any(|name| seen.insert(name, *line).is_some());
                    let taken = transfer::find_taken(&mut tx, &checked.header.pool_id, names).await?.is_some();
                    if twice || taken {
                        let reason = "a name of this user is already that of a user in an earlier line".to_owned();
                        return Ok(Flaw { line: *line, reason });
                    }
                }
                Unique::Other => {}
            }
        }
        let line = batch.lines.first().map_or(0, |(line, _)| *line);
        let reason = format!("this line, or one up to line {}, is in the store already", batch.to);
        Ok(Flaw { line, reason })
    }
}

pub(super) fn is_clash(error: &Error) -> bool {
    matches!(error.cause(), Some(Fault::Unique { .. }))
}

/// A verified file that is read a second time.
struct Source {
    app: Arc<App>,
    path: PathBuf,
    checked: Checked,
}

impl Source {
    /// Sends the lines behind `done` in batches; what belongs to the last write is the answer.
    fn read(&self, key: &MasterKey, done: i64, batches: &mpsc::Sender<Batch>) -> Result<Last, Failure> {
        let done = u64::try_from(done).unwrap_or(0);
        let changed = || Failure::at(1, CHANGED);
        let file = BufReader::with_capacity(1 << 20, File::open(&self.path)?);
        let mut reader = LineReader::open(file, key)?;
        if reader.header().id != self.checked.header.id {
            return Err(changed());
        }
        let Some(Line::Pool(pool)) = reader.next_line()? else { return Err(changed()) };
        let (app, header, keys) = (self.app.as_ref(), &self.checked.header, reader.same_keys(key)?);
        let preparer = Preparer { app, header, keys: &keys, names: pool.config.names.clone() };
        let pool = preparer.pool(*pool).map_err(|wrong| wrong.at(2))?;

        let (mut domains, mut batch, mut begins) = (Vec::new(), Batch::default(), reader.bytes());
        while let Some(line) = reader.next_line()? {
            let number = reader.number();
            match line {
                Line::Domain(line) => domains.push(last_domain(number, &pool.pool_id, line)?),
                Line::Header(_) | Line::Pool(_) | Line::Footer(_) => {}
                _ if number <= done => {}
                line => {
                    let group_id = |name: &str| reader.course().group_id(name);
                    preparer.add(&mut batch, number, line, group_id).map_err(|wrong| wrong.at(number))?;
                }
            }
            if batch.lines.len() >= BATCH || reader.bytes() - begins >= BATCH_BYTES {
                send(&mut batch, batches)?;
                begins = reader.bytes();
            }
        }
        send(&mut batch, batches)?;
        let pool = with_domains(pool, &domains);
        if reader.identity() == self.checked.identity { Ok(Last { pool, domains }) } else { Err(changed()) }
    }
}

/// A domain may have come or gone while the file was written: what the pool says of its domains follows their lines.
fn with_domains(mut pool: PoolRow, domains: &[LastDomain]) -> PoolRow {
    let described = &pool.config.described;
    for name in [described.domain.clone(), described.custom_domain.clone()].into_iter().flatten() {
        pool.config.remove_domain(&name);
    }
    for domain in domains {
        drop(pool.config.add_domain(&domain.name, domain.custom)); // there is one of each at the most
    }
    pool
}

fn last_domain(number: u64, pool_id: &str, line: DomainLine) -> Result<LastDomain> {
    let (name, custom, mut rows) = (line.domain.clone(), line.config.custom.is_some(), Rows::default());
    rows.domain(pool_id, domain(line)?);
    Ok(LastDomain { line: number, name, custom, rows })
}

fn send(batch: &mut Batch, batches: &mpsc::Sender<Batch>) -> Result<(), Failure> {
    if batch.lines.is_empty() {
        return Ok(());
    }
    let stopped = |_| Failure::State("the import was stopped".to_owned());
    batches.blocking_send(std::mem::take(batch)).map_err(stopped)
}
