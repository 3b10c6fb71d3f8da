//! `cognate check`: everything that `serve` would refuse, at once. Nothing is made, migrated or marked.

use super::say;
use crate::cli::Serve;
use crate::settings::Sources;
use crate::{open, preflight};

pub(crate) async fn run(asked: Serve) -> anyhow::Result<()> {
    let ready = preflight::all(Sources::read(asked.settings.0, asked.config.as_deref()))?;
    let (store, environment) = (&ready.config.store, &ready.config.server.environment);
    let there = open::inspect(store, environment, &ready.keys.ids).await?;
    Ok(say(if there { "Nothing to refuse." } else { "Nothing to refuse. `serve` will make the store." })?)
}
