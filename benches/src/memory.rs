//! The memory that the server holds: idle, and after many sign-ins.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::cases::{Case, Job};
use crate::database::Database;
use crate::load::{Bounds, Clients, Meter};
use crate::proc;
use crate::report::progress;
use crate::server::Server;
use crate::store::Place;
use crate::targets::{Check, Target};

const CONNECTIONS: usize = 32;

pub(crate) async fn measure(place: &Place, database: &Database, users: u64, sign_ins: u32) -> Result<Vec<Check>> {
    progress("memory");
    let mut checks = Vec::new();
    let folder = place.empty(database)?;
    let server = Server::start(&place.binary, &folder)?;
    checks.push(resident("idle, empty".to_owned(), &server, 30.0).await?);
    drop(server);

    let store = place.copy(database, users)?;
    let server = Server::start(&place.binary, &store.folder)?;
    checks.push(resident(format!("idle, {users} users"), &server, 30.0).await?);
    let job = Arc::new(Job::new(store.site(&server.address), Case::Password, Arc::default())?);
    let bounds = Bounds { time: Duration::from_hours(1), operations: sign_ins };
    let meter = Meter { server: server.pid(), database: None };
    Clients::new(&job, CONNECTIONS).load(&job, bounds, meter).await?;
    checks.push(resident(format!("after {sign_ins} sign-ins of {users} users"), &server, 60.0).await?);
    Ok(checks)
}

async fn resident(when: String, server: &Server, most: f64) -> Result<Check> {
    server.settle().await?;
    let mebibytes = f64::from(proc::resident_kib(server.pid())?) / 1024.0;
    Ok(Check::new(format!("resident memory, {when}"), mebibytes, " MB", Target::AtMost(most)))
}
