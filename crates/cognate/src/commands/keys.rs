//! `cognate keys`: access keys and the master key of a store, with or without servers running on it.

use std::fmt::Write as _;
use std::sync::Arc;

use cognate_domain::Timestamp;
use cognate_engine::access_keys::Revoked;
use cognate_engine::app::Parts;
use cognate_engine::messages::Post;
use cognate_engine::{App, Cx, Mode, Settings};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use time::OffsetDateTime;
use time::macros::format_description;

use super::say;
use crate::cli::{Keys, Place};
use crate::seams::{SystemClock, SystemEntropy};
use crate::settings::{Refused, Sources, StoreConfig};
use crate::{master_key, open};

pub(crate) async fn run(keys: Keys) -> anyhow::Result<()> {
    match keys {
        Keys::Create { description, json, place } => create(&description, json, place).await,
        Keys::List { json, place } => list(json, place).await,
        Keys::Revoke { id, place } => revoke(&id, place).await,
        Keys::Rotate { pool, place } => rotate(&pool, place).await,
        Keys::Rewrap { place } => rewrap(place).await,
    }
}

async fn create(description: &str, json: bool, place: Place) -> anyhow::Result<()> {
    let (app, account) = open_store(place).await?;
    let key = app.create_access_key(&account, description).await.map_err(|error| open::said(&error))?;
    let secret = key.secret.expose(); // said once, to the one who made it
    Ok(say(&if json {
        json!({ "accessKeyId": key.id, "secretAccessKey": secret, "account": key.account }).to_string()
    } else {
        format!(
            "AWS_ACCESS_KEY_ID={}\nAWS_SECRET_ACCESS_KEY={secret}\n# account {}; the secret is not shown again",
            key.id, key.account
        )
    })?)
}

async fn list(json: bool, place: Place) -> anyhow::Result<()> {
    let (app, _) = open_store(place).await?;
    let keys = app.list_access_keys().await.map_err(|error| open::said(&error))?;
    if json {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "accessKeyId": key.id,
                    "account": key.account_id,
                    "description": key.description,
                    "createdAt": iso(key.created_at),
                    "revokedAt": key.revoked_at.map(iso),
                })
            })
            .collect();
        return Ok(say(&serde_json::to_string(&keys)?)?);
    }
    let mut lines =
        format!("{:<20}  {:<12}  {:<20}  {:<20}  {}", "KEY", "ACCOUNT", "CREATED", "REVOKED", "DESCRIPTION");
    for key in &keys {
        let revoked = key.revoked_at.map_or_else(|| "-".to_owned(), iso);
        let created = iso(key.created_at);
        write!(lines, "\n{:<20}  {:<12}  {created:<20}  {revoked:<20}  {}", key.id, key.account_id, key.description)?;
    }
    Ok(say(&lines)?)
}

async fn revoke(id: &str, place: Place) -> anyhow::Result<()> {
    let (app, _) = open_store(place).await?;
    match app.revoke_access_key(id).await.map_err(|error| open::said(&error))? {
        Revoked::Now => Ok(say(&format!("{id} is revoked."))?),
        Revoked::Before(moment) => Ok(say(&format!("{id} has been revoked since {}.", iso(moment)))?),
        Revoked::Unknown => anyhow::bail!("there is no access key {id}"),
    }
}

async fn rotate(pool_id: &str, place: Place) -> anyhow::Result<()> {
    let (app, _) = open_store(place).await?;
    if app.pool(pool_id).await.map_err(|error| open::said(&error))?.is_none() {
        anyhow::bail!("there is no pool {pool_id}");
    }
    Cx::new(app).rotate_keys(pool_id).await.map_err(|error| open::said(&error))?;
    Ok(say(&format!("{pool_id} signs with new keys; the old ones verify until their tokens have expired."))?)
}

async fn rewrap(place: Place) -> anyhow::Result<()> {
    let (app, _) = open_store(place).await?;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} values, {eta} left")?;
    let bar = ProgressBar::new(app.count_sealed().await.map_err(|error| open::said(&error))?).with_style(style);
    let done = app.rewrap(|batch| bar.inc(batch.seen)).await.map_err(|error| open::said(&error))?;
    bar.finish_and_clear();
    let key = app.keyring.current_id();
    Ok(say(&format!(
        "{} values were moved to master key {key}; all {} are sealed with it, and previous keys are needed no longer.",
        done.moved, done.seen
    ))?)
}

pub(super) async fn open_store(place: Place) -> anyhow::Result<(Arc<App>, String)> {
    let with_file = place.config.is_some();
    let mut judged = Sources::read(place.settings.0, place.config.as_deref()).store(with_file);
    let dev_folder_missing = judged.value.mode == Mode::Dev && !judged.value.store.data.exists();
    if dev_folder_missing && judged.refusals.is_empty() {
        let reason = format!(
            "{} is not there; name the folder of `cognate dev`, or the --config of a server",
            judged.value.store.data.display()
        );
        return Err(Refused::one("store.data", reason).into());
    }
    judged.value.keys.must_exist();
    let keys = judged.and(|config| master_key::open(&config.keys));
    let StoreConfig { mode, environment, account, store, .. } = judged.accepted()?;
    let Some(keys) = keys else { anyhow::bail!("no master key") };
    let parts = Parts {
        db: open::store(&store, &environment, &keys.ids).await?,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        keyring: keys.keyring,
        settings: Settings { mode, public_url: String::new(), region: String::new(), account: account.clone() },
        post: Post::carriers(None, None),
    };
    Ok((App::start(parts).await.map_err(|error| open::said(&error))?, account))
}

fn iso(moment: Timestamp) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    OffsetDateTime::from_unix_timestamp(moment.seconds())
        .ok()
        .and_then(|moment| moment.format(form).ok())
        .unwrap_or_default()
}
