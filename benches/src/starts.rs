//! How long a start takes, from the process's beginning to its first answer: medians of twenty.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::database::Database;
use crate::floor::median;
use crate::report::progress;
use crate::server::Server;
use crate::store::Place;
use crate::targets::{Check, Target};

const TIMES: u32 = 20;

pub(crate) fn measure(place: &Place, database: &Database, users: &BTreeSet<u64>) -> Result<Vec<Check>> {
    progress("starts");
    let mut first = Vec::new();
    for _ in 0..TIMES {
        let folder = place.empty(database)?;
        first.push(once(&place.binary, &folder)?);
    }
    let folder = place.empty(database)?;
    once(&place.binary, &folder)?;
    let mut checks = vec![
        check("the first, which makes the store", median(first), 300.0),
        check("later ones, empty", later(&place.binary, &folder)?, 50.0),
    ];
    for users in users {
        let store = place.copy(database, *users)?;
        checks.push(check(&format!("later ones, {users} users"), later(&place.binary, &store.folder)?, 150.0));
    }
    Ok(checks)
}

fn check(which: &str, milliseconds: f64, most: f64) -> Check {
    Check::new(format!("start, {which}"), milliseconds, " ms", Target::AtMost(most))
}

fn later(binary: &Path, folder: &Path) -> Result<f64> {
    let times: Result<Vec<f64>> = (0..TIMES).map(|_| once(binary, folder)).collect();
    Ok(median(times?))
}

fn once(binary: &Path, folder: &Path) -> Result<f64> {
    let server = Server::start(binary, folder)?;
    let milliseconds = server.ready_in.as_secs_f64() * 1e3;
    server.stop()?;
    Ok(milliseconds)
}
