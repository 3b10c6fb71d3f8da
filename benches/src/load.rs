//! Loading a server from a number of connections at once, each asking again as soon as it was answered, and what that
//! took of the server: its CPU time is read at both ends of the window, when nothing is in flight.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;

use crate::cases::{Job, Tokens};
use crate::chance::Chance;
use crate::http::Connection;
use crate::proc;

/// Where a window ends: whichever comes first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) time: Duration,
    pub(crate) operations: u32,
}

/// Whose CPU time is read, that of their children too: somebody else's server may have a process for each core.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meter {
    pub(crate) server: u32,
    /// PostgreSQL's first process.
    pub(crate) database: Option<u32>,
}

impl Meter {
    fn read(self) -> Result<(Duration, Duration)> {
        let database = self.database.map(proc::cpu_of_family).transpose()?.unwrap_or_default();
        Ok((proc::cpu_of_family(self.server)?, database))
    }
}

/// What a window came to.
pub(crate) struct Window {
    pub(crate) operations: u32,
    pub(crate) wall: Duration,
    pub(crate) server: Duration,
    pub(crate) database: Duration,
    pub(crate) waits: Vec<Duration>,
}

impl Window {
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.operations) / self.wall.as_secs_f64()
    }

    /// Microseconds of the server's CPU for one operation.
    pub(crate) fn server_us(&self) -> f64 {
        self.server.as_secs_f64() * 1e6 / f64::from(self.operations)
    }

    pub(crate) fn database_us(&self) -> f64 {
        self.database.as_secs_f64() * 1e6 / f64::from(self.operations)
    }
}

/// Connections that stay open from one window to the next.
pub(crate) struct Clients(Vec<(Connection, Chance)>);

impl Clients {
    pub(crate) fn new(job: &Job, connections: usize) -> Self {
        let client = |stream: usize| {
            (Connection::new(&job.site.address), Chance::new(u64::try_from(stream).unwrap_or_default() + 1))
        };
        Self((0..connections).map(client).collect())
    }

    pub(crate) fn first(&mut self) -> Option<&mut (Connection, Chance)> {
        self.0.first_mut()
    }

    /// A window, after what is used up in it was made.
    pub(crate) async fn load(&mut self, job: &Arc<Job>, bounds: Bounds, meter: Meter) -> Result<Window> {
        let Some((maker, most)) = job.maker()? else { return self.window(job, bounds, meter).await };
        let operations = bounds.operations.min(most);
        self.window(&maker, Bounds { time: Duration::MAX, operations }, meter).await?;
        self.window(job, Bounds { operations, ..bounds }, meter).await
    }

    async fn window(&mut self, job: &Arc<Job>, bounds: Bounds, meter: Meter) -> Result<Window> {
        let asked = Arc::new(AtomicU32::new(0));
        let mut tasks = JoinSet::new();
        let (server, database) = meter.read()?;
        let began = Instant::now();
        let end = began.checked_add(bounds.time);
        for (mut connection, mut chance) in self.0.drain(..) {
            let (job, asked) = (Arc::clone(job), Arc::clone(&asked));
            tasks.spawn(async move {
                let mut waits = Vec::new();
                while end.is_none_or(|end| Instant::now() < end)
                    && asked.fetch_add(1, Ordering::Relaxed) < bounds.operations
                {
                    waits.push(job.once(&mut connection, &mut chance).await?);
                }
                anyhow::Ok((connection, chance, waits))
            });
        }
        let mut all = Vec::new();
        while let Some(done) = tasks.join_next().await {
            let (connection, chance, waits) = done??;
            self.0.push((connection, chance));
            all.extend(waits);
        }
        let wall = began.elapsed();
        let (server_end, database_end) = meter.read()?;
        Ok(Window {
            operations: u32::try_from(all.len())?,
            wall,
            server: server_end.saturating_sub(server),
            database: database_end.saturating_sub(database),
            waits: all,
        })
    }

    /// Signs in `count` users drawn at random, for their tokens.
    pub(crate) async fn collect(&mut self, job: &Arc<Job>, count: u32) -> Result<Vec<Tokens>> {
        let asked = Arc::new(AtomicU32::new(0));
        let mut tasks = JoinSet::new();
        for (mut connection, mut chance) in self.0.drain(..) {
            let (job, asked) = (Arc::clone(job), Arc::clone(&asked));
            tasks.spawn(async move {
                let mut tokens = Vec::new();
                while asked.fetch_add(1, Ordering::Relaxed) < count {
                    tokens.push(job.sign_in(&mut connection, &mut chance).await?);
                }
                anyhow::Ok((connection, chance, tokens))
            });
        }
        let mut all = Vec::new();
        while let Some(done) = tasks.join_next().await {
            let (connection, chance, tokens) = done??;
            self.0.push((connection, chance));
            all.extend(tokens);
        }
        Ok(all)
    }
}
