//! The house-keeping of the repository: `cargo xtask gen | layers | ledger`.
//!
//! Exit codes: 0 all is well, 1 something has drifted or is forbidden (each named on its own line), 2 the task could
//! not be done at all (a file that cannot be read, a model that is not understood, wrong arguments).

mod files;
mod generate;
mod layers;
mod ledger;
mod long_files;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Keeps generated code, the layers and the ledgers of Cognate true.
#[derive(Parser)]
#[command(name = "cargo xtask", max_term_width = 100)]
struct Command {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write crates/wire/src/{idp,identity,sts,errors}.rs from model/*.json
    Gen {
        /// Write nothing; fail and name the files that differ from what the models say
        #[arg(long)]
        check: bool,
    },
    /// Compare the dependencies of our crates with layers.toml, and long files with ledger/long-files.txt
    Layers,
    /// Write ledger/{operations,untested-operations,two-text-queries}.txt
    Ledger {
        /// Write nothing; fail if a ledger is stale, or if an operation that HEAD has built is built no more
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Command::parse().task {
        Task::Gen { check } => generate::run(check),
        Task::Layers => layers::run(),
        Task::Ledger { check } => ledger::run(check),
    };

    match outcome {
        Ok(complaints) if complaints.is_empty() => ExitCode::SUCCESS,
        Ok(complaints) => {
            for complaint in complaints {
                eprintln!("{complaint}");
            }
            ExitCode::from(1)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
