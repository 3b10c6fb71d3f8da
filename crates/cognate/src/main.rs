//! The binary: configuration, wiring, listeners, commands. Exit code 0 is success, 1 a failure, 2 a wrong flag or a
//! refused setting.

mod auth;
mod cli;
mod commands;
mod export_key;
mod http_server;
mod logging;
mod master_key;
mod open;
mod preflight;
mod private_file;
mod seams;
mod settings;
mod shutdown;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use settings::Refused;

/// A request makes some hundred small allocations on several threads, which glibc's allocator neither does nor undoes
/// quickly (docs/decisions/0013-allocator.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What still runs when a command has ended is given this long.
const LAST_WORK: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let cli = cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let result = runtime.block_on(commands::run(cli));
    runtime.shutdown_timeout(LAST_WORK);
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    let mut out = io::stderr().lock();
    let (written, code) = match error.downcast_ref::<Refused>() {
        Some(refused) => (writeln!(out, "cognate: refused, and nothing was changed:\n{refused}"), 2),
        None => (writeln!(out, "cognate: {error:#}"), 1),
    };
    drop(written); // where standard error is closed there is nobody to tell
    ExitCode::from(code)
}
