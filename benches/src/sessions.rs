//! What a million browsers that are signed in cost: the store's growth, and whether finding one among them costs more than finding
//! the only one. Both stores have the same users, and their servers are asked in turn.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::cases::{Case, Job};
use crate::database::Database;
use crate::floor::median;
use crate::load::{Bounds, Clients};
use crate::report::progress;
use crate::stage::Stage;
use crate::store::Place;
use crate::targets::{Check, Target};

pub(crate) struct Asked {
    pub(crate) users: u64,
    pub(crate) sessions: u64,
    pub(crate) connections: usize,
    pub(crate) rounds: u32,
    pub(crate) bounds: Bounds,
}

/// A server, its load, and what each round cost.
struct Side {
    stage: Stage,
    job: Arc<Job>,
    clients: Clients,
    costs: Vec<f64>,
}

impl Side {
    async fn begin(stage: Result<Stage>, asked: &Asked) -> Result<Self> {
        let mut stage = stage?;
        let job = stage.job(Case::AuthorizeSession)?;
        let mut clients = Clients::new(&job, asked.connections);
        let warm_up = Bounds { time: Duration::from_secs(1), ..asked.bounds };
        clients.load(&job, warm_up, stage.meter).await?;
        Ok(Self { stage, job, clients, costs: Vec::new() })
    }

    async fn round(&mut self, bounds: Bounds) -> Result<f64> {
        let cost = self.clients.load(&self.job, bounds, self.stage.meter).await?.server_us();
        self.costs.push(cost);
        Ok(cost)
    }
}

#[expect(clippy::cast_precision_loss, reason = "bytes and rows are far below 2^52")]
pub(crate) async fn measure(place: &Place, database: &Database, asked: &Asked) -> Result<Vec<Check>> {
    let Asked { users, sessions, rounds, bounds, .. } = *asked;
    progress(&format!("{sessions} live sessions of {users} users"));
    let store = place.copy(database, users)?;
    let before = store.size(database).await?;
    store.sign_in(sessions).await?;
    let grown = store.size(database).await?.saturating_sub(before) as f64;
    let alone = place.copy_to("one-session", database, users)?;
    alone.sign_in(1).await?;

    let mut one = Side::begin(Stage::on(place, database, &alone, 1).await, asked).await?;
    let mut many = Side::begin(Stage::on(place, database, &store, sessions).await, asked).await?;
    let mut ratios = Vec::new();
    for _ in 0..rounds.max(1) {
        let alone = one.round(bounds).await?;
        ratios.push(many.round(bounds).await? / alone);
    }

    let each = format!("storage of one of {sessions} live sessions");
    let authorize = Case::AuthorizeSession.name();
    let ratio = format!("{authorize}: server CPU with {sessions} sessions ÷ with 1");
    Ok(vec![
        Check::new(each, grown / sessions as f64, " B", Target::AtMost(1000.0)),
        Check::told(format!("{authorize}, the only one: server CPU"), median(one.costs), " µs"),
        Check::told(format!("{authorize}, one of {sessions}: server CPU"), median(many.costs), " µs"),
        Check::new(ratio, median(ratios), "", Target::AtMost(1.2)),
    ])
}
