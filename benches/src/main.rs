//! The load harness: starts the server, fills it, loads it, and holds what it costs against what the machine asks for.
//! `scripts/bench` builds both and runs this; benches/README.md says how to read the tables.

mod api;
mod cases;
mod chance;
mod compare;
mod database;
mod echo;
mod floor;
mod http;
mod load;
mod login;
mod memory;
mod people;
mod proc;
mod profile;
mod report;
mod run;
mod server;
mod sessions;
mod site;
mod stage;
mod starts;
mod store;
mod targets;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

use compare::oauth::CompareOauth;
use store::Place;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// The server [default: `cognate` beside this program]
    #[arg(long, global = true)]
    server: Option<PathBuf>,
    /// Where filled stores are kept [default: `bench` beside the folder of this program]
    #[arg(long, global = true)]
    folder: Option<PathBuf>,
    /// Forget filled stores first
    #[arg(long, global = true)]
    refill: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Measure every case, starts and memory
    Run(run::Run),
    /// Measure the same cases of other products beside Cognate's
    Compare(compare::Compare),
    /// Measure the token endpoint beside oidc-provider's
    CompareOauth(CompareOauth),
    /// Load one case while perf looks at the server
    Profile(profile::Profile),
    /// Answer every request with so many bytes (what the harness measures a bare server with)
    #[command(hide = true)]
    Echo { length: usize },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::progress(&format!("cognate-benches: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    if let Command::Echo { length } = cli.command {
        return echo::serve(length);
    }
    let own = std::env::current_exe()?;
    let built = own.parent().context("a program lies in a folder")?;
    let binary = cli.server.unwrap_or_else(|| built.join("cognate"));
    let folder = cli.folder.unwrap_or_else(|| built.with_file_name("bench"));
    let published = PathBuf::from("benches");
    std::fs::create_dir_all(&folder)?;
    if cli.refill {
        for name in ["stores", "people"] {
            store::clear(&folder.join(name))?;
        }
    }
    let programs = built.to_path_buf();
    let place = Place { binary, programs, folder: folder.canonicalize()?, published };

    // One thread: the server needs the cores.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Run(wanted) => run::run(&place, wanted).await,
            Command::Compare(wanted) => compare::run(&place, wanted).await,
            Command::CompareOauth(wanted) => compare::oauth::run(&place, wanted).await,
            Command::Profile(wanted) => profile::run(&place, wanted).await,
            Command::Echo { .. } => Ok(()),
        }
    })
}
