//! `compare`: the same cases against moto's server and cognito-local, which `scripts/bench` installs. Each gets a pool of
//! its own, filled through the API; what one of them cannot do is said in its own words.

pub(crate) mod oauth;
mod rival;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum as _};
use serde::Serialize;

use crate::api;
use crate::cases::{Case, Job, Tokens};
use crate::database::Database;
use crate::load::{Bounds, Clients, Meter};
use crate::report::{Row, machine, percentiles, progress, publish, say};
use crate::server::Server;
use crate::site::{Key, Pool, Site};
use crate::stage::collect;
use crate::store::Place;
use rival::Rival;

const TOKENS: u32 = 200;
/// cognito-local would take nothing but e-mail addresses for usernames.
const COGNITO_LOCAL: (&str, &str) = (".cognito/config.json", r#"{ "UserPoolDefaults": { "UsernameAttributes": [] } }"#);

#[derive(Args)]
pub(crate) struct Compare {
    #[arg(long, default_value_t = 1000)]
    users: u64,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// moto's server program
    #[arg(long)]
    moto: Option<PathBuf>,
    /// cognito-local's start script
    #[arg(long)]
    cognito_local: Option<PathBuf>,
    /// Keep the table in benches/RESULTS.md, and as benches/results/NAME.json
    #[arg(long, value_name = "NAME")]
    publish: Option<String>,
}

/// One product's rows.
#[derive(Serialize)]
struct Measured {
    name: String,
    rows: Vec<Row>,
}

pub(crate) async fn run(place: &Place, compare: Compare) -> Result<()> {
    let mut all = vec![Measured { name: "Cognate".into(), rows: cognate(place, &compare).await? }];
    if let Some(program) = &compare.moto {
        let start = |port: u16| {
            let mut command = Command::new(program);
            command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
            command
        };
        all.push(Measured { name: "moto".into(), rows: other(place, &compare, "moto", &start).await? });
    }
    if let Some(script) = &compare.cognito_local {
        let start = |port: u16| {
            let mut command = Command::new("node");
            command.arg(script).env("PORT", port.to_string()).env("HOST", "127.0.0.1");
            command
        };
        let rows = other(place, &compare, "cognito-local", &start).await?;
        all.push(Measured { name: "cognito-local".into(), rows });
    }

    let text = markdown(&all, &compare);
    say(&text)?;
    if let Some(name) = &compare.publish {
        publish(&place.published, name, &all, &text)?;
    }
    Ok(())
}

async fn cognate(place: &Place, compare: &Compare) -> Result<Vec<Row>> {
    let store = place.copy(&Database::Sqlite, compare.users)?;
    let server = Server::start(&place.binary, &store.folder)?;
    server.settle().await?;
    let meter = Meter { server: server.pid(), database: None };
    Ok(rows(&store.site(&server.address), compare, meter).await)
}

async fn other(place: &Place, compare: &Compare, name: &str, command: &dyn Fn(u16) -> Command) -> Result<Vec<Row>> {
    let rival = Rival::start(&place.folder.join("rivals").join(name), &[COGNITO_LOCAL], command)?;
    let key = Key { access_key_id: "AKIAIOSFODNN7EXAMPLE".into(), secret_access_key: "secret".into() };
    let pool = Pool { id: String::new(), client_id: String::new(), users: compare.users };
    let mut site = Site { address: rival.address.clone(), key, pool, login: None };
    progress(&format!("{name}: {} users", compare.users));
    (site.pool.id, site.pool.client_id) = api::make_pool(&site).await.with_context(|| format!("{name}: a pool"))?;
    api::fill(&site).await.with_context(|| format!("{name}: filling it"))?;
    let meter = Meter { server: rival.pid(), database: None };
    Ok(rows(&site, compare, meter).await)
}

async fn rows(site: &Site, compare: &Compare, meter: Meter) -> Vec<Row> {
    let tokens = collect(site, Case::Password, compare.connections, TOKENS).await.unwrap_or_default();
    let mut rows = Vec::new();
    for case in compared() {
        progress(case.name());
        let row = measure(site, case, (compare, Arc::clone(&tokens)), meter).await;
        rows.push(row.unwrap_or_else(|error| Row {
            users: compare.users,
            case: case.name(),
            error: Some(format!("{error:#}")),
            ..Row::default()
        }));
    }
    rows
}

/// Calls of the API: neither has login domains.
fn compared() -> impl Iterator<Item = Case> {
    Case::value_variants().iter().copied().filter(|case| !case.is_at_login_domain())
}

async fn measure(
    site: &Site,
    case: Case,
    (compare, tokens): (&Compare, Arc<Vec<Tokens>>),
    meter: Meter,
) -> Result<Row> {
    let connections = case.connections(compare.connections);
    let job = Arc::new(Job::new(site.clone(), case, tokens)?);
    let mut clients = Clients::new(&job, connections);
    let bounds = |seconds| anyhow::Ok(Bounds { time: Duration::try_from_secs_f64(seconds)?, operations: 100_000 });
    clients.load(&job, bounds(compare.seconds / 5.0)?, meter).await?;
    let window = clients.load(&job, bounds(compare.seconds)?, meter).await?;
    let (per_second, server_us) = (window.rate(), window.server_us());
    let [p50_ms, p90_ms, p99_ms] = percentiles(window.waits);
    Ok(Row {
        users: site.pool.users,
        case: case.name(),
        connections,
        operations: window.operations,
        per_second,
        p50_ms,
        p90_ms,
        p99_ms,
        server_us,
        ..Row::default()
    })
}

fn markdown(all: &[Measured], compare: &Compare) -> String {
    let mut text = format!(
        "Machine: {}. {} users, {} connections. Calls per second, milliseconds of the server's CPU for one.\n\n| case |",
        machine(),
        compare.users,
        compare.connections
    );
    for measured in all {
        let _ = write!(text, " {} per s | CPU ms |", measured.name);
    }
    let _ = writeln!(text, "\n|---|{}", "---:|---:|".repeat(all.len()));
    for case in compared() {
        let _ = write!(text, "| {} |", case.name());
        for measured in all {
            match measured.rows.iter().find(|row| row.case == case.name()) {
                Some(Row { error: None, per_second, server_us, .. }) => {
                    let _ = write!(text, " {per_second:.0} | {:.2} |", server_us / 1000.0);
                }
                Some(Row { error: Some(error), .. }) => {
                    let _ = write!(text, " no: {} | |", error.replace('|', "/").replace('\n', " "));
                }
                None => text += " | |",
            }
        }
        text += "\n";
    }
    text
}
