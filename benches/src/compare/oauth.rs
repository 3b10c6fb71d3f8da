//! `compare-oauth`: the token endpoint beside that of oidc-provider, which `scripts/bench` installs. Both servers stand on the same
//! cores, and are asked in turn, one idle while the other is loaded.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};

use super::rival::{PATIENCE, Rival};
use crate::cases::{Case, Job, Tokens};
use crate::database::Database;
use crate::floor::median;
use crate::load::{Bounds, Clients, Meter};
use crate::login::Login;
use crate::report::{machine, progress, publish, say};
use crate::site::{Key, Pool, Site};
use crate::stage::{Stage, Wanted};
use crate::store::{Place, run as output};
use crate::targets::{Check, Target};

const CASES: [Case; 2] = [Case::ClientCredentials, Case::OauthRefresh];
/// Users that have signed in at either server beforehand.
const TOKENS: u32 = 1000;

#[derive(Args)]
pub(crate) struct CompareOauth {
    #[arg(long, default_value_t = 1000)]
    users: u64,
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// How long a round lasts
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Processes of oidc-provider [default: one for each core]
    #[arg(long)]
    processes: Option<usize>,
    /// The library's own entry file
    #[arg(long)]
    oidc_provider: PathBuf,
    /// The Node.js that it runs on
    #[arg(long, default_value = "node")]
    node: PathBuf,
    /// Keep the table in benches/RESULTS.md, and as benches/results/NAME.json
    #[arg(long, value_name = "NAME")]
    publish: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Results {
    machine: String,
    other: String,
    processes: usize,
    rows: Vec<Row>,
    checks: Vec<Check>,
}

/// One case at both servers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    case: &'static str,
    cognate: Figures,
    other: Figures,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    per_second: f64,
    server_us: f64,
}

impl Figures {
    /// Medians of the rounds.
    fn of(rounds: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(rounds.iter().map(figure).collect());
        Self { per_second: of(|round| round.per_second), server_us: of(|round| round.server_us) }
    }
}

pub(crate) async fn run(place: &Place, compare: CompareOauth) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processes = compare.processes.unwrap_or(cores);
    let rival = start(place, &compare, processes)?;
    let ready = ready(&rival)?;
    let other = Other::new(&rival, &ready);
    let wanted = Wanted { cases: &CASES, connections: compare.connections, tokens: TOKENS };
    let mut stage = Stage::set(place, &Database::Sqlite, compare.users, wanted).await?;

    let mut rows = Vec::new();
    for case in CASES {
        progress(case.name());
        let job = stage.job(case)?;
        let mut ours = Side::begin(&compare, job, stage.meter).await.context("Cognate")?;
        let mut theirs = Side::begin(&compare, other.job(case)?, other.meter).await.context("oidc-provider")?;
        for _ in 0..compare.rounds.max(1) {
            ours.round(&compare).await.context("Cognate")?;
            theirs.round(&compare).await.context("oidc-provider")?;
        }
        let (cognate, other) = (Figures::of(&ours.rounds), Figures::of(&theirs.rounds));
        rows.push(Row { case: case.name(), cognate, other });
    }

    let results = Results { machine: machine(), other: said(&compare)?, processes, checks: checks(&rows), rows };
    let text = markdown(&results, &compare);
    say(&text)?;
    if let Some(name) = &compare.publish {
        publish(&place.published, name, &results, &text)?;
    }
    Ok(())
}

fn start(place: &Place, compare: &CompareOauth, processes: usize) -> Result<Rival> {
    let script = place.published.join("rivals/oidc-provider.mjs").canonicalize().context("its server")?;
    let (library, node) = (&compare.oidc_provider, &compare.node);
    let start = |port: u16| {
        let mut command = Command::new(node);
        command
            .arg(&script)
            .env("NODE_ENV", "production")
            .env("LIBRARY", library)
            .env("PORT", port.to_string())
            .env("PROCESSES", processes.to_string())
            .env("TOKENS", TOKENS.to_string());
        command
    };
    Rival::start(&place.folder.join("rivals/oidc-provider"), &[], &start)
}

/// What benches/rivals/oidc-provider.mjs says once all its processes listen.
#[derive(Deserialize)]
struct Ready {
    secret: String,
    tokens: Vec<String>,
}

fn ready(rival: &Rival) -> Result<Ready> {
    let (file, until) = (rival.data.join("ready.json"), Instant::now() + PATIENCE);
    while !file.exists() {
        if Instant::now() > until {
            bail!("not all processes of oidc-provider listen; its log lies beside {}", rival.data.display());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(serde_json::from_str(&fs::read_to_string(file)?)?)
}

/// oidc-provider, as cases see it.
struct Other {
    site: Site,
    tokens: Arc<Vec<Tokens>>,
    meter: Meter,
}

impl Other {
    fn new(rival: &Rival, ready: &Ready) -> Self {
        let key = Key { access_key_id: String::new(), secret_access_key: String::new() };
        let pool = Pool { id: String::new(), client_id: String::new(), users: 1 };
        let login = Some(Arc::new(Login::elsewhere(&rival.address, &ready.secret)));
        let site = Site { address: rival.address.clone(), key, pool, login };
        let token = |token: &String| Tokens { access: String::new(), refresh: token.clone() };
        let tokens = Arc::new(ready.tokens.iter().map(token).collect());
        Self { site, tokens, meter: Meter { server: rival.pid(), database: None } }
    }

    fn job(&self, case: Case) -> Result<Arc<Job>> {
        Ok(Arc::new(Job::new(self.site.clone(), case, Arc::clone(&self.tokens))?))
    }
}

/// One server under one case.
struct Side {
    job: Arc<Job>,
    clients: Clients,
    meter: Meter,
    rounds: Vec<Figures>,
}

impl Side {
    /// Warmed up as long as a round lasts: a just-in-time compiler needs it.
    async fn begin(compare: &CompareOauth, job: Arc<Job>, meter: Meter) -> Result<Self> {
        let clients = Clients::new(&job, compare.connections);
        let mut side = Self { job, clients, meter, rounds: Vec::new() };
        side.round(compare).await?;
        side.rounds.clear();
        Ok(side)
    }

    async fn round(&mut self, compare: &CompareOauth) -> Result<()> {
        let bounds = Bounds { time: Duration::try_from_secs_f64(compare.seconds)?, operations: u32::MAX };
        let window = self.clients.load(&self.job, bounds, self.meter).await?;
        self.rounds.push(Figures { per_second: window.rate(), server_us: window.server_us() });
        Ok(())
    }
}

fn checks(rows: &[Row]) -> Vec<Check> {
    let of = |Row { case, cognate, other }: &Row| {
        let (rate, cost) = (cognate.per_second / other.per_second, other.server_us / cognate.server_us);
        [
            Check::new(format!("{case}: rate ÷ oidc-provider's"), rate, "", Target::AtLeast(2.5)),
            Check::new(format!("{case}: requests per second of CPU ÷ oidc-provider's"), cost, "", Target::AtLeast(1.7)),
        ]
    };
    rows.iter().flat_map(of).collect()
}

/// Its version and the runtime's.
fn said(compare: &CompareOauth) -> Result<String> {
    #[derive(Deserialize)]
    struct Package {
        version: String,
    }
    let folder = compare.oidc_provider.parent().and_then(|lib| lib.parent()).context("no package")?;
    let package: Package = serde_json::from_str(&fs::read_to_string(folder.join("package.json"))?)?;
    let node = String::from_utf8(output(Command::new(&compare.node).arg("--version"))?)?;
    Ok(format!("oidc-provider {} on Node.js {}", package.version, node.trim().trim_start_matches('v')))
}

fn markdown(results: &Results, compare: &CompareOauth) -> String {
    let Results { machine, other, processes, rows, checks } = results;
    let CompareOauth { connections, .. } = compare;
    let mut text = format!(
        "Machine: {machine}. {connections} connections. {other}, {processes} processes. Answers per second, microseconds of the \
         server's CPU for one.\n\n\
         | case | Cognate per s | CPU µs | oidc-provider per s | CPU µs |\n|---|---:|---:|---:|---:|\n"
    );
    for Row { case, cognate, other } in rows {
        let _ = writeln!(
            text,
            "| {case} | {:.0} | {:.1} | {:.0} | {:.1} |",
            cognate.per_second, cognate.server_us, other.per_second, other.server_us
        );
    }
    text += "\n| what | figure | target | |\n|---|---:|---:|---|\n";
    for check in checks {
        let _ = writeln!(text, "{check}");
    }
    text
}
