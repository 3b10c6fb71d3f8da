//! The contract of `Db`, held against both engines.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

mod closing;
mod directory;
mod groups;
mod marks;
mod migrations;
mod opening;
mod pressure;
mod queries;
mod writes;

use cognate_store::{Db, Options, Tx, migrate};
use cognate_testkit::{On, TestDb};

/// An open store on a database of its own.
struct Store {
    db: Db,
    test: TestDb,
}

impl On for Store {
    async fn on(test: TestDb) -> Self {
        let db = Db::open(&test.url, Options::default()).await.expect("the database opens");
        Self { db, test }
    }
}

impl Store {
    /// With one migration, of this text.
    async fn with(self, sql: &str) -> Self {
        let only = cognate_store::Migration { version: 1, name: "tables", sql };
        migrate(&self.db, &[only]).await.expect("the migration runs");
        self
    }

    async fn notes(self) -> Self {
        self.with("CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL);").await
    }

    async fn count(&self, table: &str) -> i64 {
        count(&mut self.db.read().await.unwrap(), table).await
    }

    async fn note(&self, id: &str) -> cognate_domain::Result<()> {
        self.db.write(async |tx| note(tx, id).await).await
    }
}

async fn count(tx: &mut Tx<'_>, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    tx.query(&sql).one(|row| row.int(0)).await.unwrap()
}

async fn note(tx: &mut cognate_store::WriteTx<'_>, id: &str) -> cognate_domain::Result<()> {
    tx.query("INSERT INTO notes (id, body) VALUES ($1, $2)").bind(id).bind("text").execute().await
}

/// What the log would say.
fn fault(error: &cognate_domain::Error) -> String {
    error
        .cause::<cognate_store::Fault>()
        .map_or_else(|| format!("no fault of the store's: {error:?}"), ToString::to_string)
}
