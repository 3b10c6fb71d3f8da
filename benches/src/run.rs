//! `run`: every case at every number of users, beside the floor of the same minute; then starts and memory.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum as _};

use crate::cases::{Case, Job};
use crate::database::{Database, Engine};
use crate::floor::{Bench, Floor, median};
use crate::load::{Bounds, Clients, Meter, Window};
use crate::report::{Results, Row, keep, machine, percentiles, progress, publish, say};
use crate::server::Echo;
use crate::stage::{Stage, Wanted};
use crate::store::Place;
use crate::targets::{Beside, across, judge};
use crate::{memory, sessions, starts};

/// Users signed in beforehand, for refresh and `GetUser`.
pub(crate) const TOKENS: u32 = 10_000;
const WARM_UP: Bounds = Bounds { time: Duration::from_secs(1), operations: 3_000 };
/// Of one operation of the floor, before and after each round.
const SLICE: Duration = Duration::from_millis(250);

#[derive(Args, Clone)]
pub(crate) struct Run {
    /// Numbers of users
    #[arg(long, value_delimiter = ',', default_value = "1000,100000,1000000")]
    users: Vec<u64>,
    #[arg(long, default_value = "sqlite")]
    engine: Engine,
    /// These cases instead of all
    #[arg(long, value_delimiter = ',')]
    cases: Vec<Case>,
    /// How long a round lasts
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// How many operations it has at most
    #[arg(long, default_value_t = 100_000)]
    operations: u32,
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Leave out how fast it starts, what memory it holds, and live sessions
    #[arg(long)]
    only_cases: bool,
    /// Leave out the cases
    #[arg(long, conflicts_with = "only_cases")]
    no_cases: bool,
    /// Sign-ins before memory is looked at again
    #[arg(long, default_value_t = 100_000)]
    sign_ins: u32,
    /// Live sessions, the cost of which is measured with the most users
    #[arg(long, default_value_t = 1_000_000)]
    sessions: u64,
    /// Leave out everything but them
    #[arg(long, conflicts_with_all = ["only_cases", "no_cases"])]
    only_sessions: bool,
    /// Keep the tables in benches/RESULTS.md, and as benches/results/NAME.json
    #[arg(long, value_name = "NAME")]
    publish: Option<String>,
}

pub(crate) async fn run(place: &Place, run: Run) -> Result<()> {
    let bench = Bench::new()?;
    let database = Database::start(run.engine, &place.folder)?;
    let mut results = Results { machine: machine(), engine: database.name(), ..Results::default() };
    results.floor_alone = bench.measure(SLICE * 4, true)?;
    results.floor_together = bench.measure(SLICE * 4, false)?;

    let users: BTreeSet<u64> = run.users.iter().copied().collect();
    let most = users.last().copied().context("no number of users")?;
    if !run.no_cases && !run.only_sessions {
        for users in &users {
            results.rows.extend(cases(place, &database, &run, (&bench, *users)).await?);
        }
        results.checks = across(&results.rows);
    }
    if !run.only_cases && !run.only_sessions {
        results.checks.extend(starts::measure(place, &database, &users)?);
        results.checks.extend(memory::measure(place, &database, most, run.sign_ins).await?);
    }
    if !run.only_cases && run.sessions > 0 {
        let Run { sessions, connections, rounds, .. } = run;
        let asked = sessions::Asked { users: most, sessions, connections, rounds, bounds: run.bounds()? };
        results.checks.extend(sessions::measure(place, &database, &asked).await?);
    }

    if run.engine == Engine::Postgres {
        results.forget_targets();
    }
    let tables = results.markdown();
    say(&tables)?;
    keep(&place.folder, "latest", &results, &tables)?;
    if let Some(name) = &run.publish {
        publish(&place.published, name, &results, &tables)?;
    }
    Ok(())
}

impl Run {
    fn bounds(&self) -> Result<Bounds> {
        Ok(Bounds { time: Duration::try_from_secs_f64(self.seconds)?, operations: self.operations })
    }
}

async fn cases(place: &Place, database: &Database, run: &Run, (bench, users): (&Bench, u64)) -> Result<Vec<Row>> {
    let wanted = |case: &Case| run.cases.is_empty() || run.cases.contains(case);
    let cases: Vec<Case> = Case::value_variants().iter().copied().filter(wanted).collect();
    let needs = Wanted { cases: &cases, connections: run.connections, tokens: TOKENS };
    let mut stage = Stage::set(place, database, users, needs).await?;

    let mut rows = Vec::new();
    for case in cases {
        progress(&format!("{users} users: {}", case.name()));
        let row = measure(run, bench, stage.job(case)?, stage.meter).await;
        rows.push(row.unwrap_or_else(|error| Row {
            users,
            case: case.name(),
            connections: case.connections(run.connections),
            error: Some(format!("{error:#}")),
            ..Row::default()
        }));
    }
    Ok(rows)
}

struct Round {
    window: Window,
    floor: Floor,
    beside: Beside,
}

async fn measure(run: &Run, bench: &Bench, job: Arc<Job>, meter: Meter) -> Result<Row> {
    let connections = job.case.connections(run.connections);
    let bounds = run.bounds()?;
    let mut clients = Clients::new(&job, connections);
    let mut echo = Bare::beside(&job, &mut clients, connections).await?;
    let mut parts = Parts::of(&job, connections, meter).await?;
    clients.load(&job, WARM_UP, meter).await?;

    let mut rounds = Vec::new();
    let mut before = bench.measure(SLICE, false)?;
    for _ in 0..run.rounds.max(1) {
        let window = clients.load(&job, bounds, meter).await?;
        let beside = match (&mut echo, &mut parts) {
            (Some(echo), _) => Beside::Echo(echo.load(bounds).await?),
            (None, Some(parts)) => parts.load(bounds).await?,
            (None, None) => Beside::Nothing,
        };
        let after = bench.measure(SLICE, false)?;
        rounds.push(Round { window, floor: before.and(after), beside });
        before = after;
    }
    Ok(row(&job, connections, &rounds, meter.database.is_some()))
}

/// Medians of the rounds; each round is judged beside its own floor.
fn row(job: &Job, connections: usize, rounds: &[Round], database: bool) -> Row {
    let of = |figure: &dyn Fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
    let waits = rounds.iter().flat_map(|round| round.window.waits.iter().copied()).collect();
    let [p50_ms, p90_ms, p99_ms] = percentiles(waits);
    let judged = |round: &Round| judge(job.case, round.floor, round.beside, round.window.server_us());
    let verdict = rounds.first().and_then(judged).map(|verdict| {
        let floor_us = of(&|round| judged(round).map_or(f64::NAN, |verdict| verdict.floor_us));
        let figure = of(&|round| judged(round).map_or(f64::NAN, |verdict| verdict.figure));
        crate::targets::Verdict { floor_us, figure, met: verdict.target.is_met(figure), ..verdict }
    });
    Row {
        users: job.site.pool.users,
        case: job.case.name(),
        connections,
        operations: rounds.iter().map(|round| round.window.operations).sum(),
        per_second: of(&|round| round.window.rate()),
        p50_ms,
        p90_ms,
        p99_ms,
        server_us: of(&|round| round.window.server_us()),
        database_us: database.then(|| of(&|round| round.window.database_us())),
        verdict,
        error: None,
    }
}

/// The bare echo, loaded with a case's own requests.
struct Bare {
    _process: Echo,
    meter: Meter,
    job: Arc<Job>,
    clients: Clients,
}

impl Bare {
    async fn beside(job: &Arc<Job>, clients: &mut Clients, connections: usize) -> Result<Option<Self>> {
        if !matches!(job.case, Case::GetUser | Case::AdminGetUser) {
            return Ok(None);
        }
        let (connection, chance) = clients.first().context("no connections")?;
        let process = Echo::start(job.answer_length(connection, chance).await?)?;
        let job = Arc::new(job.to_echo(&process.address)?);
        let mut clients = Clients::new(&job, connections);
        let meter = Meter { server: process.pid(), database: None };
        clients.load(&job, WARM_UP, meter).await?;
        Ok(Some(Self { _process: process, meter, job, clients }))
    }

    async fn load(&mut self, bounds: Bounds) -> Result<f64> {
        Ok(self.clients.load(&self.job, bounds, self.meter).await?.server_us())
    }
}

/// What a sign-in by form or at the boundary is judged beside, in the same round: a sign-in by password, and the page.
struct Parts {
    password: (Arc<Job>, Clients),
    page: Option<(Arc<Job>, Clients)>,
    meter: Meter,
}

impl Parts {
    async fn of(job: &Arc<Job>, connections: usize, meter: Meter) -> Result<Option<Self>> {
        if !matches!(job.case, Case::FormSignIn | Case::AuthSignIn) {
            return Ok(None);
        }
        let part = |case| {
            let job = Arc::new(Job::new(job.site.clone(), case, Arc::default())?);
            let clients = Clients::new(&job, connections);
            anyhow::Ok((job, clients))
        };
        let page = if job.case == Case::FormSignIn { Some(part(Case::LoginPage)?) } else { None };
        let mut parts = Self { password: part(Case::Password)?, page, meter };
        parts.load(WARM_UP).await?;
        Ok(Some(parts))
    }

    async fn load(&mut self, bounds: Bounds) -> Result<Beside> {
        let (job, clients) = &mut self.password;
        let password_us = clients.load(job, bounds, self.meter).await?.server_us();
        let Some((job, clients)) = &mut self.page else { return Ok(Beside::Password(password_us)) };
        let page_us = clients.load(job, bounds, self.meter).await?.server_us();
        Ok(Beside::Parts { password_us, page_us })
    }
}
