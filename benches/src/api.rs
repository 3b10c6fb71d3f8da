//! A pool made and filled through the API: what any server that speaks it can be filled with.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::chance::Chance;
use crate::http::Connection;
use crate::people;
use crate::report::progress;
use crate::site::Site;

const CONNECTIONS: u64 = 16;

/// A pool and a client as most applications have them.
pub(crate) async fn make_pool(site: &Site) -> Result<(String, String)> {
    let text = |answer: &Value, at: &str| answer.pointer(at).and_then(Value::as_str).map(str::to_owned);
    let pool = json!({ "PoolName": "bench" });
    let pool = text(&call(site, "CreateUserPool", &pool).await?, "/UserPool/Id").context("no pool")?;
    let client = json!({
        "UserPoolId": pool,
        "ClientName": "bench",
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "PreventUserExistenceErrors": "ENABLED",
    });
    let client = text(&call(site, "CreateUserPoolClient", &client).await?, "/UserPoolClient/ClientId");
    Ok((pool, client.context("no client")?))
}

/// One signed call; its answer.
pub(crate) async fn call(site: &Site, operation: &str, input: &Value) -> Result<Value> {
    let mut connection = Connection::new(&site.address);
    let request = site.signed(&mut Chance::new(1), operation, &input.to_string())?;
    let answer = connection.ask(&request).await?;
    if answer.status != 200 {
        bail!("{operation}: {}", String::from_utf8_lossy(answer.body));
    }
    Ok(serde_json::from_slice(answer.body)?)
}

/// Two calls for each user.
pub(crate) async fn fill(site: &Site) -> Result<()> {
    let (site, next) = (Arc::new(site.clone()), Arc::new(AtomicU64::new(0)));
    let mut tasks = JoinSet::new();
    for stream in 0..CONNECTIONS {
        let (site, next) = (Arc::clone(&site), Arc::clone(&next));
        tasks.spawn(async move {
            let (mut connection, mut chance) = (Connection::new(&site.address), Chance::new(stream));
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= site.pool.users {
                    return anyhow::Ok(());
                }
                create(&site, (&mut connection, &mut chance), number).await?;
                if number % 1000 == 999 {
                    progress(&format!("{} users", number + 1));
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn create(site: &Site, client: (&mut Connection, &mut Chance), number: u64) -> Result<()> {
    let (connection, chance) = client;
    let (pool, username) = (&site.pool.id, people::username(number));
    let user = json!({
        "UserPoolId": pool,
        "Username": username,
        "MessageAction": "SUPPRESS",
        "UserAttributes": [
            { "Name": "email", "Value": people::email(number) },
            { "Name": "email_verified", "Value": "true" },
            { "Name": "name", "Value": format!("Person {number}") },
        ],
    });
    let password = json!({
        "UserPoolId": pool, "Username": username, "Password": people::PASSWORD, "Permanent": true,
    });
    for (operation, input) in [("AdminCreateUser", user), ("AdminSetUserPassword", password)] {
        let request = site.signed(chance, operation, &input.to_string())?;
        let answer = connection.ask(&request).await?;
        if answer.status != 200 {
            bail!("{operation} for user {number}: {}", String::from_utf8_lossy(answer.body));
        }
    }
    Ok(())
}
