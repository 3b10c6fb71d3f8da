//! `profile`: one case for some seconds while `perf` looks at the server.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::cases::Case;
use crate::database::{Database, Engine};
use crate::load::{Bounds, Clients};
use crate::report::say;
use crate::run::TOKENS;
use crate::stage::{Stage, Wanted};
use crate::store::Place;

const CONNECTIONS: usize = 32;

#[derive(Args)]
pub(crate) struct Profile {
    case: Case,
    #[arg(long, default_value_t = 1000)]
    users: u64,
    #[arg(long, default_value = "sqlite")]
    engine: Engine,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Where perf's record goes [default: profiles/CASE.data below the harness's folder]
    #[arg(long)]
    output: Option<PathBuf>,
    /// Whole call stacks (by DWARF), which costs the server something
    #[arg(long)]
    stacks: bool,
}

pub(crate) async fn run(place: &Place, wanted: Profile) -> Result<()> {
    let database = Database::start(wanted.engine, &place.folder)?;
    let needs = Wanted { cases: &[wanted.case], connections: CONNECTIONS, tokens: TOKENS };
    let mut stage = Stage::set(place, &database, wanted.users, needs).await?;
    let (job, meter) = (stage.job(wanted.case)?, stage.meter);
    let mut clients = Clients::new(&job, wanted.case.connections(CONNECTIONS));
    let bounds = |seconds| Bounds { time: Duration::from_secs(seconds), operations: u32::MAX };
    clients.load(&job, bounds(1), meter).await?;

    let profiles = place.folder.join("profiles");
    std::fs::create_dir_all(&profiles)?;
    let output = wanted.output.unwrap_or_else(|| profiles.join(format!("{:?}.data", wanted.case)));
    let mut perf = Command::new("perf");
    perf.args(["record", "--quiet", "--freq", "997", "--pid", &meter.server.to_string(), "--output"]).arg(&output);
    if wanted.stacks {
        perf.args(["--call-graph", "dwarf,16384"]);
    }
    let mut perf = perf.spawn().context("perf cannot be started; Debian's package is called linux-perf")?;
    let window = clients.load(&job, bounds(wanted.seconds), meter).await?;
    Command::new("kill").arg("-INT").arg(perf.id().to_string()).status()?;
    if !perf.wait()?.success() && !output.exists() {
        bail!("perf recorded nothing");
    }
    say(&format!(
        "{}: {:.0} per second, {:.1} µs of the server's CPU each; perf report --input {}",
        wanted.case.name(),
        window.rate(),
        window.server_us(),
        output.display()
    ))?;
    Ok(())
}
