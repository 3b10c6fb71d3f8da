//! PostgreSQL, and what speaks its protocol: a pool of connections, SERIALIZABLE writes, READ COMMITTED reads.
//!
//! A connection whose transaction did not end is closed rather than given back. A COMMIT whose answer was lost is
//! never run again: nobody knows whether it counted.

use std::sync::Arc;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::error::Severity;
use tokio_postgres::types::ToSql;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tx::Each;
use super::{Fault, Options, Value};
use crate::row::Row;

#[derive(Clone)]
pub(super) struct Postgres(Pool);

impl Postgres {
    pub(super) async fn open(url: &str, options: &Options) -> Result<Self, Fault> {
        // Ours verifies whenever TLS is spoken, so the stricter names that the driver does not know mean `require`.
        let url = url.replace("sslmode=verify-full", "sslmode=require").replace("sslmode=verify-ca", "sslmode=require");
        let mut config: tokio_postgres::Config = url.parse().map_err(|error| Fault::Open(words(&error)))?;
        if config.get_application_name().is_none() {
            config.application_name("cognate");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(options.patience);
        }

        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| Fault::Open(error.to_string()))?
            .with_no_client_auth();

        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, MakeRustlsConnect::new(tls), recycling);
        let pool = Pool::builder(manager)
            .max_size(options.connections.max(1))
            .wait_timeout(Some(options.patience))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Fault::Open(error.to_string()))?;

        let postgres = Self(pool);
        postgres.insist_on_utf8().await?;
        Ok(postgres)
    }

    /// SQLite's text is UTF-8; a server's of another encoding would sort and refuse differently.
    async fn insist_on_utf8(&self) -> Result<(), Fault> {
        let sql = "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()";
        let mut encoding = None;
        self.rows(sql, &[], &mut |row| encoding = row.text(0).ok()).await?;
        match encoding.as_deref() {
            Some("UTF8") => Ok(()),
            other => Err(Fault::Open(format!("the database's encoding is {}; it must be UTF8", other.unwrap_or("?")))),
        }
    }

    pub(super) async fn rows(&self, sql: &str, values: &[Value<'_>], each: &mut Each<'_>) -> Result<(), Fault> {
        rows(&self.client().await?, sql, values, each).await
    }

    async fn client(&self) -> Result<Object, Fault> {
        self.0.get().await.map_err(|error| match error {
            PoolError::Backend(error) => Fault::Open(words(&error)),
            PoolError::Timeout(TimeoutType::Wait) => Fault::Busy,
            other => Fault::Open(other.to_string()),
        })
    }

    /// A connection that broke while it was idle may show it only here, where nothing is lost yet: another one is tried.
    pub(super) async fn begin(&self) -> Result<Session, Fault> {
        match self.try_begin().await? {
            Ok(session) => Ok(session),
            Err(error) if refused(&error) => Err(fault(&error, BEGIN)),
            Err(_) => self.try_begin().await?.map_err(|error| fault(&error, BEGIN)),
        }
    }

    async fn try_begin(&self) -> Result<Result<Session, tokio_postgres::Error>, Fault> {
        let client = self.client().await?;
        let begun = client.batch_execute(BEGIN).await;
        let session = Session { client: Some(client) };
        Ok(begun.map(|()| session))
    }

    pub(super) fn close(&self) {
        self.0.close();
    }
}

/// Whatever server, database, role or URL say: a COMMIT is answered when it is durable. For each transaction and not for
/// the connection, since a pooler between may hand each transaction to another one.
const BEGIN: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL synchronous_commit = on";

/// An open transaction on a connection of its own.
pub(super) struct Session {
    client: Option<Object>,
}

impl Session {
    pub(super) async fn rows(&self, sql: &str, values: &[Value<'_>], each: &mut Each<'_>) -> Result<(), Fault> {
        let Some(client) = &self.client else { return Err(Fault::Ended) };
        rows(client, sql, values, each).await
    }

    pub(super) async fn count(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        let Some(client) = &self.client else { return Err(Fault::Ended) };
        let (statement, parameters) = prepare(client, sql, values).await?;
        client.execute(&statement, &parameters).await.map_err(|error| fault(&error, sql))
    }

    pub(super) async fn close(mut self, keep: bool) -> Result<(), Fault> {
        let Some(client) = &self.client else { return Err(Fault::Ended) };
        let ended = client.batch_execute(if keep { "COMMIT" } else { "ROLLBACK" }).await;
        match ended {
            Ok(()) => {
                self.client.take(); // and so back to the pool
                Ok(())
            }
            Err(_) if !keep => Ok(()), // the connection goes, and the transaction with it
            Err(error) if refused(&error) => Err(fault(&error, "COMMIT")),
            Err(error) => Err(Fault::OutcomeUnknown(words(&error))),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client)); // out of the pool, and closed
        }
    }
}

/// Whether the server said no and lives on; one that is shutting down may have committed before it said so.
fn refused(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|said| said.parsed_severity() == Some(Severity::Error))
}

async fn rows(client: &Object, sql: &str, values: &[Value<'_>], each: &mut Each<'_>) -> Result<(), Fault> {
    let (statement, parameters) = prepare(client, sql, values).await?;
    let rows = client.query(&statement, &parameters).await.map_err(|error| fault(&error, sql))?;
    for row in &rows {
        each(&Row::postgres(row));
    }
    Ok(())
}

async fn prepare<'v>(
    client: &Object,
    sql: &str,
    values: &'v [Value<'_>],
) -> Result<(tokio_postgres::Statement, Vec<&'v (dyn ToSql + Sync)>), Fault> {
    let statement = client.prepare_cached(sql).await.map_err(|error| fault(&error, sql))?;
    let (wanted, given) = (statement.params().len(), values.len());
    if wanted != given {
        return Err(Fault::Parameters { sql: sql.to_owned(), wanted, given });
    }
    Ok((statement, values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()))
}

fn fault(error: &tokio_postgres::Error, sql: &str) -> Fault {
    let Some(said) = error.as_db_error() else {
        return Fault::Driver { code: String::new(), message: words(error), sql: sql.to_owned() };
    };
    match said.code().code() {
        "40001" | "40P01" => Fault::Again,
        "23505" => Fault::unique_by_postgres(
            said.table().unwrap_or_default(),
            said.constraint().unwrap_or_default(),
            said.detail().unwrap_or_default(),
        ),
        // Its detail may quote a row, so it stays out.
        code => Fault::Driver { code: code.to_owned(), message: said.message().to_owned(), sql: sql.to_owned() },
    }
}

/// The driver's error with its causes: by itself it says only "db error".
fn words(error: &tokio_postgres::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        words = format!("{words}: {next}");
        cause = next.source();
    }
    words
}
