//! Binding, reading, and what a query refuses.

use cognate_domain::error::ErrorKind;
use cognate_domain::{Error, Result, Timestamp};
use cognate_store::{OnUnique, Sql, Tx, WriteTx};
use cognate_testkit::both_engines;

use crate::{Store, fault, note};

const KINDS: &str = "CREATE TABLE kinds (id BIGINT NOT NULL PRIMARY KEY, t TEXT, i BIGINT, b BOOLEAN, y BYTEA);";

/// Takes a `Tx`, and so serves readers and writers.
async fn body(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>> {
    tx.query("SELECT body FROM notes WHERE id = $1").bind(id).optional(|row| row.text(0)).await
}

type Kinds = (Option<String>, Option<i64>, Option<bool>, Option<Vec<u8>>);

async fn kinds(tx: &mut Tx<'_>, id: i64) -> Result<Kinds> {
    tx.query("SELECT t, i, b, y FROM kinds WHERE id = $1")
        .bind(id)
        .one(|row| Ok((row.opt_text(0)?, row.opt_int(1)?, row.opt_bool(2)?, row.opt_bytes(3)?)))
        .await
}

async fn add(tx: &mut WriteTx<'_>, name: &str, mail: &str) -> Result<()> {
    tx.query("INSERT INTO a (pool, name, mail) VALUES ('p', $1, $2)").bind(name).bind(mail).execute().await
}

both_engines! {
    async fn every_kind_of_value_comes_back_as_it_was_bound(store: Store) {
        let store = store.with(KINDS).await;
        let (text, bytes) = (String::from("grüße 🦀 '\"$1"), vec![0_u8, 255, 7]);
        let (no_int, no_bool) = (None::<i64>, None::<bool>);
        let (some_text, some_bytes, no_text) = (Some(text.clone()), Some(bytes.clone()), None::<String>);
        store.db.write(async |tx| {
            let sql = "INSERT INTO kinds (id, t, i, b, y) VALUES ($1, $2, $3, $4, $5)";
            tx.query(sql).bind(1).bind(text.as_str()).bind(i64::MIN).bind(true).bind(bytes.as_slice()).execute().await?;
            tx.query(sql).bind(2_i64).bind(&text).bind(Some(i64::MAX)).bind(false).bind(&bytes).execute().await?;
            tx.query(sql).bind(3).bind(text.clone()).bind(Timestamp(5)).bind(Some(true)).bind(&some_bytes).execute().await?;
            tx.query(sql).bind(4).bind(&some_text).bind(None::<Timestamp>).bind(None::<bool>).bind(None::<Vec<u8>>)
                .execute().await?;
            tx.query(sql).bind(5).bind(&no_text).bind(no_int).bind(no_bool).bind(&[1_u8; 4]).execute().await?;
            tx.query(sql).bind(6).bind("").bind(0).bind(Some(false)).bind(Vec::new()).execute().await
        }).await.unwrap();

        let mut tx = store.db.read().await.unwrap();
        let t = Some(text.clone());
        assert_eq!(kinds(&mut tx, 1).await.unwrap(), (t.clone(), Some(i64::MIN), Some(true), Some(bytes.clone())));
        assert_eq!(kinds(&mut tx, 2).await.unwrap(), (t.clone(), Some(i64::MAX), Some(false), Some(bytes.clone())));
        assert_eq!(kinds(&mut tx, 3).await.unwrap(), (t.clone(), Some(5), Some(true), Some(bytes.clone())));
        assert_eq!(kinds(&mut tx, 4).await.unwrap(), (t, None, None, None));
        assert_eq!(kinds(&mut tx, 5).await.unwrap(), (None, None, None, Some(vec![1; 4])));
        assert_eq!(kinds(&mut tx, 6).await.unwrap(), (Some(String::new()), Some(0), Some(false), Some(Vec::new())));
        let when = tx.query("SELECT i FROM kinds WHERE id = 3").one(|row| row.timestamp(0)).await.unwrap();
        assert_eq!(when, Timestamp(5));
    }

    async fn a_column_is_read_as_what_it_is_or_not_at_all(store: Store) {
        let store = store.with(KINDS).await;
        store.db.write(async |tx| {
            tx.query("INSERT INTO kinds (id, t, i) VALUES ($1, $2, $3)").bind(1).bind("x").bind(2).execute().await
        }).await.unwrap();
        let mut tx = store.db.read().await.unwrap();
        let sql = "SELECT t, i, b FROM kinds";
        assert!(fault(&tx.query(sql).one(|row| row.int(0)).await.unwrap_err()).starts_with("column 0: "));
        assert!(fault(&tx.query(sql).one(|row| row.text(1)).await.unwrap_err()).starts_with("column 1: "));
        assert_eq!(fault(&tx.query(sql).one(|row| row.bool(2)).await.unwrap_err()), "column 2: NULL where a value was expected");
        assert!(fault(&tx.query(sql).one(|row| row.text(3)).await.unwrap_err()).starts_with("column 3: "));
        assert!(fault(&tx.query(sql).all(|row| row.int(0)).await.unwrap_err()).starts_with("column 0: "));
    }

    async fn parameters_go_by_number_and_may_be_used_twice(store: Store) {
        let store = store.with(KINDS).await;
        store.db.write(async |tx| {
            tx.query("INSERT INTO kinds (i, id, t) VALUES ($2, $1, $3)").bind(1).bind(2).bind("x").execute().await?;
            tx.query("UPDATE kinds SET i = i + $2 WHERE id = $1 AND i + $2 = 12").bind(1).bind(10).execute().await
        }).await.unwrap();
        assert_eq!(kinds(&mut store.db.read().await.unwrap(), 1).await.unwrap().1, Some(12));
    }

    async fn parameters_that_do_not_fit_are_refused(store: Store) {
        let store = store.notes().await;
        let mut tx = store.db.read().await.unwrap();
        let sql = "SELECT body FROM notes WHERE id = $1 AND body = $2";
        let few = tx.query(sql).bind("a").all(|row| row.text(0)).await.unwrap_err();
        assert!(fault(&few).starts_with("2 parameters wanted ($1, $2, ..), 1 bound, in: SELECT"), "{}", fault(&few));
        let many = tx.query(sql).bind("a").bind("b").bind("c").all(|row| row.text(0)).await.unwrap_err();
        assert!(fault(&many).starts_with("2 parameters wanted ($1, $2, ..), 3 bound"), "{}", fault(&many));
        let gap = tx.query("SELECT body FROM notes WHERE id = $2").bind("a").bind("b").all(|row| row.text(0)).await;
        gap.unwrap_err();
        let foreign = tx.query("SELECT body FROM notes WHERE id = ?").bind("a").all(|row| row.text(0)).await;
        foreign.unwrap_err();
    }

    async fn text_with_a_nul_is_refused_on_both(store: Store) {
        let store = store.notes().await;
        assert_eq!(fault(&store.note("a\0b").await.unwrap_err()), "text with a NUL character cannot be kept");
        assert_eq!(store.count("notes").await, 0);
    }

    async fn one_row_means_one(store: Store) {
        let store = store.notes().await;
        let mut tx = store.db.read().await.unwrap();
        let sql = "SELECT id FROM notes";
        assert!(fault(&tx.query(sql).one(|row| row.text(0)).await.unwrap_err()).starts_with("one row expected, 0 found"));
        assert_eq!(tx.query(sql).optional(|row| row.text(0)).await.unwrap(), None);
        store.note("a").await.unwrap();
        assert_eq!(tx.query(sql).one(|row| row.text(0)).await.unwrap(), "a");
        store.note("b").await.unwrap();
        assert!(fault(&tx.query(sql).optional(|row| row.text(0)).await.unwrap_err()).starts_with("one row expected, 2 found"));
        assert_eq!(tx.query("SELECT id FROM notes ORDER BY id").all(|row| row.text(0)).await.unwrap(), ["a", "b"]);
    }

    async fn a_writer_serves_where_a_reader_is_asked_for_and_sees_its_own_rows(store: Store) {
        let store = store.notes().await;
        let inside = store.db.write(async |tx| {
            note(tx, "a").await?;
            body(tx, "a").await
        }).await.unwrap();
        assert_eq!(inside.as_deref(), Some("text"));
        assert_eq!(body(&mut store.db.read().await.unwrap(), "b").await.unwrap(), None);
    }

    async fn rows_met_are_counted_and_returned_ones_are_read(store: Store) {
        let store = store.notes().await;
        for id in ["a", "b", "c"] {
            store.note(id).await.unwrap();
        }
        let (changed, missed, taken) = store.db.write(async |tx| {
            let changed = tx.query("UPDATE notes SET body = $1 WHERE id <> $2").bind("new").bind("c").affected().await?;
            let missed = tx.query("DELETE FROM notes WHERE id = $1").bind("z").affected().await?;
            let taken = tx.query("DELETE FROM notes WHERE body = $1 RETURNING id").bind("new").all(|row| row.text(0)).await?;
            Ok((changed, missed, taken.len()))
        }).await.unwrap();
        assert_eq!((changed, missed, taken), (2, 0, 2));
        assert_eq!(store.count("notes").await, 1);
    }

    async fn a_returning_statement_runs_to_its_end_though_its_rows_cannot_be_read(store: Store) {
        let store = store.notes().await;
        for id in ["a", "b", "c"] {
            store.note(id).await.unwrap();
        }
        store.db.write(async |tx| {
            let unread = tx.query("DELETE FROM notes RETURNING id").all(|row| row.int(0)).await;
            assert!(unread.is_err());
            Ok(())
        }).await.unwrap();
        assert_eq!(store.count("notes").await, 0);
    }

    async fn a_scan_answers_as_any_query_does(store: Store) {
        let store = store.notes().await;
        for id in ["a", "b", "c"] {
            store.note(id).await.unwrap();
        }
        let least = String::from("b");
        let sql = "SELECT id FROM notes WHERE id >= $1 ORDER BY id";
        let outside = store.db.read().await.unwrap().query(sql).bind(&least).scan(|row| row.text(0)).await.unwrap();
        let inside = store.db.write(async |tx| tx.query(sql).bind(&least).scan(|row| row.text(0)).await).await.unwrap();
        assert_eq!(outside, ["b", "c"]);
        assert_eq!(inside, outside);
        let mut tx = store.db.read().await.unwrap();
        assert!(tx.query("SELECT nothing FROM notes").scan(|row| row.text(0)).await.is_err());
    }

    async fn two_texts_stand_side_by_side_where_the_engines_differ(store: Store) {
        let engine = store.db.read().await.unwrap().query(Sql::each("SELECT 'sqlite'", "SELECT 'postgres'"))
            .one(|row| row.text(0)).await.unwrap();
        assert_eq!(engine, if store.test.is_sqlite() { "sqlite" } else { "postgres" });
    }

    async fn a_violated_constraint_gets_its_name_at_the_query(store: Store) {
        let store = store.with(
            "CREATE TABLE a (pool TEXT NOT NULL, name TEXT NOT NULL, mail TEXT, PRIMARY KEY (pool, name), UNIQUE (pool, mail));
             CREATE TABLE b (id TEXT NOT NULL PRIMARY KEY);
             CREATE UNIQUE INDEX b_folded ON b (lower(id));",
        ).await;
        let named = |text: &'static str| move || Error::new(ErrorKind::GroupExists, text);
        store.db.write(async |tx| add(tx, "n", "m").await).await.unwrap();

        let any = store.db.write(async |tx| add(tx, "n", "other").await.on_unique(named("any"))).await.unwrap_err();
        assert_eq!((any.kind, any.message.as_ref()), (ErrorKind::GroupExists, "any"));
        let which = async |name: &str, mail: &str| {
            store.db.write(async |tx| {
                add(tx, name, mail).await
                    .on_unique_in("a.mail", named("mail"))
                    .on_unique_in("a.name", named("name"))
                    .on_unique_in("a", named("never, for it has its name already"))
            }).await.unwrap_err().message
        };
        assert_eq!(which("n", "other").await, "name");
        assert_eq!(which("other", "m").await, "mail");
        let elsewhere = store.db.write(async |tx| add(tx, "n", "m").await.on_unique_in("b", named("b"))).await.unwrap_err();
        assert_eq!(elsewhere.kind, ErrorKind::InternalError);

        let folded = async |id: &str| {
            store.db.write(async |tx| tx.query("INSERT INTO b (id) VALUES ($1)").bind(id).execute().await
                .on_unique_in("b_folded", named("folded"))).await
        };
        folded("X").await.unwrap();
        assert_eq!(folded("x").await.unwrap_err().message, "folded");
    }

    async fn text_sorts_and_compares_by_its_bytes(store: Store) {
        let store = store.notes().await;
        for id in ["b", "B", "a", "Z", "é", "e", "_", "-", "10", "9", "ﬀ", "😀", "a b", "ab"] {
            store.note(id).await.unwrap();
        }
        let mut tx = store.db.read().await.unwrap();
        let ids = tx.query("SELECT id FROM notes ORDER BY id").all(|row| row.text(0)).await.unwrap();
        let mut sorted = ids.clone();
        sorted.sort();
        assert_eq!(ids, sorted);
        let above = tx.query("SELECT id FROM notes WHERE id > $1 ORDER BY id").bind("Z").all(|row| row.text(0)).await.unwrap();
        assert_eq!(above, ["_", "a", "a b", "ab", "b", "e", "é", "ﬀ", "😀"]);
    }

    async fn a_reader_cannot_change_rows(store: Store) {
        let store = store.notes().await;
        store.note("a").await.unwrap();
        if store.test.is_sqlite() {
            let mut tx = store.db.read().await.unwrap();
            let refused = tx.query("DELETE FROM notes RETURNING id").all(|row| row.text(0)).await.unwrap_err();
            assert!(fault(&refused).contains("readonly"), "{}", fault(&refused));
            assert_eq!(store.count("notes").await, 1);
        }
    }
}

/// Without this the test of sorting would prove nothing on PostgreSQL.
#[tokio::test]
async fn the_test_server_of_our_own_does_not_sort_by_bytes_by_itself() {
    let test = cognate_testkit::TestDb::postgres().await;
    let db = cognate_store::Db::open(&test.url, cognate_store::Options::default()).await.unwrap();
    let plain =
        db.read().await.unwrap().query("SELECT CAST('a' AS TEXT) < CAST('B' AS TEXT)").one(|row| row.bool(0)).await;
    assert!(plain.unwrap(), "the server's default collation is C: start it with another one");
}
