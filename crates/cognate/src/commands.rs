//! The commands. Each ends with `Ok` (exit code 0), a `Refused` (2) or another error (1).

mod admins;
mod banner;
mod check;
mod dev;
mod export;
mod import;
mod keys;
mod sample;
mod serve;
mod transfer;
mod welcome;

use std::io::Write as _;

pub(crate) use sample::find_or_make as make_sample;
pub(crate) use welcome::Welcome;

use crate::cli::{Action, AuthApi, Cli};

pub(crate) async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Action::Dev(dev) => dev::run(dev).await,
        Action::Serve(serve) => serve::run(serve).await,
        Action::Check(check) => check::run(check).await,
        Action::Keys(keys) => keys::run(keys).await,
        Action::AuthApi(AuthApi::Admins(admins)) => admins::run(admins).await,
        Action::Export(export) => export::run(export).await,
        Action::Import(import) => import::run(import).await,
    }
}

/// Says something on standard output, at once.
fn say(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}
