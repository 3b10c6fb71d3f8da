//! `cognate export`: a pool into a file that another store can read, while servers run.

use cognate_engine::transfer::Target;
use cognate_store::pools;
use serde_json::json;

use super::keys::open_store;
use super::{say, transfer};
use crate::cli::Export;
use crate::export_key::{self, Missing};
use crate::open;

pub(crate) async fn run(asked: Export) -> anyhow::Result<()> {
    let Export { pool, file, key_file, json, place } = asked;
    let key = export_key::read(key_file.as_deref(), Missing::Make)?;
    let (app, _) = open_store(place).await?;

    let users = async { pools::number_of_users(&mut app.db.read().await?, &pool).await };
    let users = users.await.map_err(|error| open::said(&error))?;
    let bar = transfer::bar(u64::try_from(users).unwrap_or(0), "exporting", false)?;
    let target = Target { path: &file, key: &key };
    let done = app.export_pool(&pool, &target, |users| bar.set_position(users)).await;
    bar.finish_and_clear();
    let done = done.map_err(|failure| transfer::told(failure, &file))?;

    Ok(say(&if json {
        json!({
            "userPoolId": pool,
            "file": file.display().to_string(),
            "key": key.id().to_string(),
            "exported": transfer::as_json(&done.counts),
            "resumedAfter": done.resumed_after,
        })
        .to_string()
    } else {
        format!(
            "{pool} is in {}: {}. It opens with export key {} only.",
            file.display(),
            transfer::counted(&done.counts),
            key.id()
        )
    })?)
}
