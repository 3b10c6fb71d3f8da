//! `cognate import`: an export file as a new pool, or Cognito's CSV into a pool that is there.

use std::path::Path;
use std::sync::Arc;

use cognate_engine::App;
use cognate_engine::transfer::Skipped;
use indicatif::ProgressBar;
use serde_json::json;

use super::keys::open_store;
use super::{say, transfer};
use crate::cli::Import;
use crate::export_key::{self, Missing};

pub(crate) async fn run(asked: Import) -> anyhow::Result<()> {
    let Import { file, key_file, csv_into, abandon, json, place } = asked;
    if let Some(pool) = abandon {
        let (app, _) = open_store(place).await?;
        return give_up(&app, &pool).await;
    }
    let Some(file) = file else { anyhow::bail!("no file is named") }; // the command line asks for one
    if let Some(pool) = csv_into {
        let (app, _) = open_store(place).await?;
        return csv(&app, &file, &pool, json).await;
    }
    let key = Arc::new(export_key::read(key_file.as_deref(), Missing::Refuse)?);
    let (app, _) = open_store(place).await?;

    let bar = reading_bar(&file)?;
    let told = |failure| transfer::told(failure, &file);
    let progress = bar.clone();
    let checked = app.check_import(&file, &key, move |bytes| progress.set_position(bytes)).await;
    bar.finish_and_clear();
    let checked = checked.map_err(told)?;

    let bar = transfer::bar(checked.lines, "importing", false)?;
    let done = app.import_pool((&file, &key), &checked, |lines| bar.set_position(lines)).await;
    bar.finish_and_clear();
    let done = done.map_err(told)?;

    let pool = &done.pool_id;
    Ok(say(&if json {
        json!({
            "userPoolId": pool,
            "account": done.account,
            "imported": transfer::as_json(&done.counts),
            "resumedAfter": done.resumed_after,
        })
        .to_string()
    } else if done.resumed_after == checked.lines {
        format!("{pool} was imported from this file before: there is nothing to do.")
    } else {
        format!("{pool} of account {} is imported: {}.", done.account, transfer::counted(&done.counts))
    })?)
}

fn reading_bar(file: &Path) -> anyhow::Result<ProgressBar> {
    let length = std::fs::metadata(file).map_or(0, |metadata| metadata.len());
    transfer::bar(length, "verifying", true)
}

async fn csv(app: &Arc<App>, file: &Path, pool: &str, json: bool) -> anyhow::Result<()> {
    let bar = reading_bar(file)?;
    let told = |failure| transfer::told(failure, file);
    let progress = bar.clone();
    let checked = app.check_csv(file, pool, move |bytes| progress.set_position(bytes)).await;
    bar.finish_and_clear();
    let checked = checked.map_err(told)?;

    let bar = transfer::bar(checked.rows + 1, "importing", false)?;
    let mut all = Vec::new();
    let done = app
        .import_csv(checked, |line, skipped| {
            bar.set_position(line);
            all.extend_from_slice(skipped);
        })
        .await;
    bar.finish_and_clear();
    let done = done.map_err(told)?;

    if json {
        let skipped: Vec<_> = all.iter().map(|one| json!({ "line": one.line, "taken": one.name })).collect();
        let answer = json!({
            "userPoolId": pool,
            "imported": done.imported,
            "skipped": skipped,
            "resumedAfter": done.resumed_after,
        });
        return Ok(say(&answer.to_string())?);
    }
    for Skipped { line, name } in &all {
        say(&format!("line {line}: skipped, the {name} is that of a user who is there already"))?;
    }
    Ok(say(&format!(
        "{} users are in {pool} now and must choose a password; {} were skipped.",
        done.imported, done.skipped
    ))?)
}

async fn give_up(app: &Arc<App>, pool: &str) -> anyhow::Result<()> {
    let bar = ProgressBar::new_spinner().with_message("removing");
    let done = app.abandon_import(pool, |users| bar.inc(users)).await;
    bar.finish_and_clear();
    done.map_err(|failure| transfer::told(failure, Path::new(pool)))?;
    Ok(say(&format!("What was imported of {pool} is removed."))?)
}
