//! Migrations: once each, whoever comes first, and never on a store that is not ours to change.

use cognate_store::{Db, Migration, Options, migrate};
use cognate_testkit::both_engines;

use crate::{Store, fault};

const ONE: Migration<'_> = Migration {
    version: 1,
    name: "notes",
    sql: "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL);",
};
const TWO: Migration<'_> = Migration {
    version: 2,
    name: "marks",
    sql: "-- one row, to see how often this ran; it would fail a second time\n
          CREATE TABLE marks (id BIGINT NOT NULL);\nINSERT INTO marks (id) VALUES (1);\n",
};
const THREE: Migration<'_> = Migration {
    version: 3,
    name: "more",
    sql: "ALTER TABLE marks ADD COLUMN more TEXT;\nINSERT INTO marks (id, more) VALUES (2, 'a;b');",
};

async fn refusal(db: &Db, migrations: &[Migration<'_>]) -> String {
    fault(&migrate(db, migrations).await.unwrap_err())
}

async fn done(store: &Store) -> Vec<(i64, String)> {
    let mut tx = store.db.read().await.unwrap();
    let sql = "SELECT version, name FROM schema_migrations ORDER BY version";
    tx.query(sql).all(|row| Ok((row.int(0)?, row.text(1)?))).await.unwrap()
}

both_engines! {
    async fn each_is_applied_once_and_only_what_is_missing(store: Store) {
        migrate(&store.db, &[ONE]).await.unwrap();
        migrate(&store.db, &[ONE, TWO, THREE]).await.unwrap();
        migrate(&store.db, &[ONE, TWO, THREE]).await.unwrap();
        assert_eq!(store.count("marks").await, 2);
        assert_eq!(done(&store).await, [(1, "notes".to_owned()), (2, "marks".to_owned()), (3, "more".to_owned())]);
    }

    async fn the_schema_itself_is_made(store: Store) {
        cognate_store::migrate_all(&store.db).await.unwrap();
        cognate_store::migrate_all(&store.db).await.unwrap();
        assert_eq!(done(&store).await.len(), cognate_store::MIGRATIONS.len());
    }

    async fn nodes_that_start_at_once_on_an_empty_store_all_succeed(store: Store) {
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let url = store.test.url.clone();
            nodes.spawn(async move {
                let db = Db::open(&url, Options::default()).await?;
                migrate(&db, &[ONE, TWO, THREE]).await
            });
        }
        for node in nodes.join_all().await {
            node.unwrap();
        }
        assert_eq!(store.count("marks").await, 2);
        assert_eq!(store.count("schema_migrations").await, 3);
    }

    async fn a_store_from_a_newer_program_is_refused_and_left_alone(store: Store) {
        migrate(&store.db, &[ONE, THREE_ALONE]).await.unwrap();
        let said = refusal(&store.db, &[ONE, TWO]).await;
        assert_eq!(said, "schema: the store is at migration 3 (alone), this program knows none after 2: run the newer program");
        assert_eq!(done(&store).await, [(1, "notes".to_owned()), (3, "alone".to_owned())]);
        let mut tx = store.db.read().await.unwrap();
        assert!(tx.query("SELECT id FROM marks").all(|row| row.int(0)).await.is_err(), "migration 2 ran");
    }

    async fn a_changed_text_is_refused_by_name(store: Store) {
        migrate(&store.db, &[ONE]).await.unwrap();
        let changed = Migration { sql: "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY);", ..ONE };
        let said = refusal(&store.db, &[changed, TWO]).await;
        assert_eq!(said, "schema: migration 1 (notes) was applied with another text than this program's");
        assert_eq!(done(&store).await.len(), 1);
    }

    async fn line_ends_do_not_count_as_a_change(store: Store) {
        migrate(&store.db, &[ONE, TWO]).await.unwrap();
        let windows = TWO.sql.replace('\n', "\r\n");
        migrate(&store.db, &[ONE, Migration { sql: &windows, ..TWO }]).await.unwrap();
    }

    async fn a_past_that_is_not_the_beginning_of_ours_is_refused(store: Store) {
        migrate(&store.db, &[ONE, THREE_ALONE]).await.unwrap();
        let said = refusal(&store.db, &[ONE, TWO, THREE_ALONE]).await;
        assert_eq!(said, "schema: the store is at migration 3 (alone) but has never seen 2 (marks)");
        let four = Migration { version: 4, ..TWO };
        let said = refusal(&store.db, &[ONE, four]).await;
        assert_eq!(said, "schema: the store has migration 3 (alone), unknown to this program");
        assert!(refusal(&store.db, &[TWO, ONE]).await.contains("ascending"));
    }

    async fn one_that_fails_leaves_nothing_and_says_which_it_was(store: Store) {
        let broken = Migration { sql: "CREATE TABLE marks (id BIGINT);\nINSERT INTO nothing (id) VALUES (1);", ..TWO };
        let said = refusal(&store.db, &[ONE, broken]).await;
        assert!(said.starts_with("schema: migration 2 (marks) failed: ") && said.contains("nothing"), "{said}");
        assert_eq!(done(&store).await.len(), 1);
        migrate(&store.db, &[ONE, TWO]).await.unwrap();
        assert_eq!(store.count("marks").await, 1);
    }
}

const THREE_ALONE: Migration<'_> =
    Migration { version: 3, name: "alone", sql: "CREATE TABLE alone (id TEXT NOT NULL);" };
