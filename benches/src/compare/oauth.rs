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
    /// Processes of oidc-provider [default: one for each core, and one alone]
    #[arg(long, value_delimiter = ',')]
    processes: Vec<usize>,
    /// The library's own entry file
    #[arg(long)]
    oidc_provider: PathBuf,
    /// The versions of Node.js that it runs on
    #[arg(long, value_delimiter = ',', default_value = "node")]
    node: Vec<PathBuf>,
    /// Keep the table in benches/RESULTS.md, and as benches/results/NAME.json
    #[arg(long, value_name = "NAME")]
    publish: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Results {
    machine: String,
    oidc_provider: String,
    rows: Vec<Row>,
    checks: Vec<Check>,
}

/// One case at one server.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    case: &'static str,
    server: String,
    #[serde(flatten)]
    figures: Figures,
    /// Cognate's, of the first row of the case, as a multiple of this one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<Times>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    rate: f64,
    /// Requests per second of CPU.
    thrift: f64,
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
    let others = others(place, &compare)?;
    let wanted = Wanted { cases: &CASES, connections: compare.connections, tokens: TOKENS };
    let mut stage = Stage::set(place, &Database::Sqlite, compare.users, wanted).await?;

    let mut rows = Vec::new();
    for case in CASES {
        progress(case.name());
        let mut sides = vec![Side::new("Cognate".to_owned(), stage.job(case)?, stage.meter, &compare)];
        for other in &others {
            sides.push(Side::new(other.name.clone(), other.job(case)?, other.meter, &compare));
        }
        // Warmed up for as long as a round lasts: a just-in-time compiler needs it.
        for round in 0..=compare.rounds.max(1) {
            for side in &mut sides {
                let figures = side.round(compare.seconds).await.with_context(|| side.name.clone())?;
                side.rounds.extend((round > 0).then_some(figures));
            }
        }
        rows.extend(compared(case, sides));
    }

    let checks = CASES.iter().flat_map(|case| checks(*case, &rows)).collect();
    let results = Results { machine: machine(), oidc_provider: version(&compare)?, rows, checks };
    let text = markdown(&results, &compare);
    say(&text)?;
    if let Some(name) = &compare.publish {
        publish(&place.published, name, &results, &text)?;
    }
    Ok(())
}

/// oidc-provider in each of its forms; all are there at once, and only one is asked.
fn others(place: &Place, compare: &CompareOauth) -> Result<Vec<Other>> {
    let script = place.published.join("rivals/oidc-provider.mjs").canonicalize().context("its server")?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let counts = if compare.processes.is_empty() { &[cores, 1][..] } else { &compare.processes };
    let mut others = Vec::new();
    for node in &compare.node {
        let said = String::from_utf8(output(Command::new(node).arg("--version"))?)?;
        for processes in counts {
            let start = |port: u16| {
                let mut command = Command::new(node);
                command
                    .arg(&script)
                    .env("NODE_ENV", "production")
                    .env("LIBRARY", &compare.oidc_provider)
                    .env("PORT", port.to_string())
                    .env("PROCESSES", processes.to_string())
                    .env("TOKENS", TOKENS.to_string());
                command
            };
            let folder = place.folder.join("rivals/oidc-provider").join(format!("form-{}", others.len()));
            let many = if *processes == 1 { "process" } else { "processes" };
            let name = format!("oidc-provider, Node.js {}, {processes} {many}", said.trim().trim_start_matches('v'));
            others.push(Other::new(name, Rival::start(&folder, &[], &start)?)?);
        }
    }
    Ok(others)
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
    name: String,
    _rival: Rival,
    site: Site,
    tokens: Arc<Vec<Tokens>>,
    meter: Meter,
}

impl Other {
    fn new(name: String, rival: Rival) -> Result<Self> {
        let ready = ready(&rival)?;
        let key = Key { access_key_id: String::new(), secret_access_key: String::new() };
        let pool = Pool { id: String::new(), client_id: String::new(), users: 1 };
        let login = Some(Arc::new(Login::elsewhere(&rival.address, &ready.secret)));
        let site = Site { address: rival.address.clone(), key, pool, login };
        let token = |refresh| Tokens { access: String::new(), refresh };
        let tokens = Arc::new(ready.tokens.into_iter().map(token).collect());
        let meter = Meter { server: rival.pid(), database: None };
        Ok(Self { name, _rival: rival, site, tokens, meter })
    }

    fn job(&self, case: Case) -> Result<Arc<Job>> {
        Ok(Arc::new(Job::new(self.site.clone(), case, Arc::clone(&self.tokens))?))
    }
}

/// One server under one case.
struct Side {
    name: String,
    job: Arc<Job>,
    clients: Clients,
    meter: Meter,
    rounds: Vec<Figures>,
}

impl Side {
    fn new(name: String, job: Arc<Job>, meter: Meter, compare: &CompareOauth) -> Self {
        let clients = Clients::new(&job, compare.connections);
        Self { name, job, clients, meter, rounds: Vec::new() }
    }

    async fn round(&mut self, seconds: f64) -> Result<Figures> {
        let bounds = Bounds { time: Duration::try_from_secs_f64(seconds)?, operations: u32::MAX };
        let window = self.clients.load(&self.job, bounds, self.meter).await?;
        Ok(Figures { per_second: window.rate(), server_us: window.server_us() })
    }
}

/// Rows of what was measured; the first is Cognate's.
fn compared(case: Case, sides: Vec<Side>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for Side { name: server, rounds, .. } in sides {
        let figures = Figures::of(&rounds);
        let times = rows.first().map(|Row { figures: ours, .. }| Times {
            rate: ours.per_second / figures.per_second,
            thrift: figures.server_us / ours.server_us,
        });
        rows.push(Row { case: case.name(), server, figures, times });
    }
    rows
}

/// Against whichever form does best by each figure.
fn checks(case: Case, rows: &[Row]) -> Vec<Check> {
    let least = |figure: fn(&Times) -> f64| {
        let times = rows.iter().filter(|row| row.case == case.name()).filter_map(|row| row.times.as_ref());
        times.map(figure).min_by(f64::total_cmp)
    };
    let check = |what: &str, figure: Option<f64>, target| {
        figure.map(|figure| Check::new(format!("{}: {what}", case.name()), figure, "", Target::AtLeast(target)))
    };
    let rate = check("rate ÷ the greatest of oidc-provider's forms", least(|times| times.rate), 2.5);
    let thrift =
        check("requests per second of CPU ÷ the most of oidc-provider's forms", least(|times| times.thrift), 1.7);
    rate.into_iter().chain(thrift).collect()
}

/// Which oidc-provider it is.
fn version(compare: &CompareOauth) -> Result<String> {
    #[derive(Deserialize)]
    struct Package {
        version: String,
    }
    let folder = compare.oidc_provider.parent().and_then(|lib| lib.parent()).context("no package")?;
    let package: Package = serde_json::from_str(&fs::read_to_string(folder.join("package.json"))?)?;
    Ok(package.version)
}

fn markdown(results: &Results, compare: &CompareOauth) -> String {
    let Results { machine, oidc_provider, rows, checks } = results;
    let mut text = format!(
        "Machine: {machine}. {} connections, oidc-provider {oidc_provider}. Answers per second, microseconds of the server's CPU for \
         one; Cognate's rate, and its requests per second of CPU, as multiples of the others'.\n\n\
         | case | server | per s | CPU µs | rate | per CPU |\n|---|---|---:|---:|---:|---:|\n",
        compare.connections
    );
    for Row { case, server, figures: Figures { per_second, server_us }, times } in rows {
        let _ = write!(text, "| {case} | {server} | {per_second:.0} | {server_us:.1} |");
        let _ = match times {
            Some(Times { rate, thrift }) => writeln!(text, " {rate:.2} × | {thrift:.2} × |"),
            None => writeln!(text, " | |"),
        };
    }
    text += "\n| what | figure | target | |\n|---|---:|---:|---|\n";
    for check in checks {
        let _ = writeln!(text, "{check}");
    }
    text
}
