//! A run that ends half-way, and the next one. What has been kept so far belongs to nobody's pool yet.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cognate_testkit::app::{PASSWORD, people_file};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;
use tokio::sync::Notify;

use super::{assert_nothing_of_it, check, export, flaw, import, key, place, state};

/// Imports until so many lines are kept, and is then dropped where it stands.
async fn stopped_after(app: &TestApp, path: &Path, lines: u64) {
    let checked = check(app, path).await.unwrap();
    let there = Arc::new(Notify::new());
    let (tell, key) = (Arc::clone(&there), key());
    let progress = move |done| {
        if done >= lines {
            tell.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = there.notified() => {}
        done = app.app.import_pool((path, &key), &checked, progress) => panic!("it came to its end: {done:?}"),
    }
}

async fn done(app: &TestApp) -> i64 {
    let mut tx = app.app.db.read().await.unwrap();
    let sql = "SELECT CAST(MAX(lines_done) AS BIGINT) FROM imports WHERE finished_at IS NULL";
    tx.query(sql).one(|row| row.int(0)).await.unwrap()
}

both_engines! {
    async fn an_import_goes_on_where_it_was_and_brings_each_user_once(app: TestApp) {
        let (_folder, path) = place();
        let made = people_file::write(&path, [42; 32], 3500);
        stopped_after(&app, &path, 1000).await;
        let kept = done(&app).await;
        assert!((1000..3505).contains(&kept), "{kept}");
        assert!(app.rows("users").await >= kept - 5);

        let describe = json!({ "UserPoolId": made.pool_id });
        assert_eq!(app.idp("DescribeUserPool", describe).await.error.as_deref(), Some("ResourceNotFoundException"));
        assert_eq!(app.idp("ListUserPools", json!({ "MaxResults": 60 })).await.body["UserPools"], json!([]));
        let early = app.password(&made.client_id, "person-0000000", PASSWORD).await;
        assert_eq!(early.error.as_deref(), Some("ResourceNotFoundException"));

        let other = path.with_extension("other");
        fs::copy(&path, &other).unwrap();
        let imported = import(&app, &other).await.unwrap();
        // A batch that was on its way when the run ended may have been kept after we looked.
        let resumed = i64::try_from(imported.resumed_after).unwrap();
        assert!((kept..3505).contains(&resumed), "it is the content that counts, not the name: {resumed}");
        assert_eq!((app.rows("users").await, app.rows("user_aliases").await), (3500, 3500));
        app.tokens(&made.client_id, "person-0000000").await;
        app.srp(&made.pool_id, &made.client_id, "person-0003499", PASSWORD).await.assert_good();
        assert_eq!(app.rows("imports").await, 1, "the claim is gone");
    }

    async fn an_unfinished_import_can_be_taken_back(app: TestApp) {
        let (_folder, path) = place();
        let made = people_file::write(&path, [42; 32], 1500);
        let nothing = app.app.abandon_import(&made.pool_id, |_| {}).await;
        assert_eq!(state(nothing), format!("no import of pool {} waits for its end", made.pool_id));
        stopped_after(&app, &path, 1000).await;

        let (_other_folder, other) = place();
        let again = rewritten_with_another_id(&app, &path, &other);
        assert!(state(import(&app, again).await).contains("--abandon"), "one pool, one file at a time");

        app.app.abandon_import(&made.pool_id, |_| {}).await.unwrap();
        assert_nothing_of_it(&app).await;
        import(&app, &other).await.unwrap();
        assert_eq!(app.rows("users").await, 1500);
        assert!(state(app.app.abandon_import(&made.pool_id, |_| {}).await).contains("waits for its end"));
    }

    async fn two_who_import_one_file_at_once_bring_each_user_once(app: TestApp) {
        let (_folder, path) = place();
        let made = people_file::write(&path, [42; 32], 2200);
        let other = app.another_node().await;
        let (one, two) = tokio::join!(import(&app, &path), import(&other, &path));
        assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
        for lost in [one, two].into_iter().filter(Result::is_err) {
            assert_eq!(state(lost), "another process is importing this file");
        }
        assert_eq!(app.rows("users").await, 2200);
        app.tokens(&made.client_id, "person-0000007").await;
    }

    async fn a_file_that_changes_after_it_was_verified_is_taken_back(app: TestApp) {
        let (_folder, path) = place();
        people_file::write(&path, [42; 32], 2500);
        let checked = check(&app, &path).await.unwrap();
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.len() - 2000;
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        let (line, reason) = flaw(app.app.import_pool((&path, &key()), &checked, |_| {}).await);
        assert!(line > 2000, "{line}: {reason}");
        assert_nothing_of_it(&app).await;
    }

    async fn an_export_goes_on_where_it_was(app: TestApp) {
        let (_folder, path) = place();
        let made = people_file::write(&path, [42; 32], 1300);
        import(&app, &path).await.unwrap();
        let (whole, part) = (path.with_extension("out"), path.with_extension("out.part"));
        export(&app, &made.pool_id, &whole).await.unwrap();
        let bytes = fs::read(&whole).unwrap();
        assert!(!part.exists());

        for (kept, resumed) in [(0, false), (100, false), (3000, false), (bytes.len() / 2, true), (bytes.len() - 3, true)] {
            fs::rename(&whole, &part).unwrap();
            fs::write(&part, &bytes[..kept]).unwrap();
            let exported = export(&app, &made.pool_id, &whole).await.unwrap();
            assert_eq!((exported.counts.users, exported.resumed_after > 0), (1300, resumed), "{kept} bytes");
            let checked = check(&app, &whole).await.unwrap();
            assert_eq!(checked.counts.users, 1300);
        }
        fs::rename(&whole, &part).unwrap();
        export(&app, &made.pool_id, &whole).await.unwrap();
        check(&app, &whole).await.unwrap();

        let mut altered = bytes[..bytes.len() / 2].to_vec();
        altered[bytes.len() / 4] ^= 1;
        fs::remove_file(&whole).unwrap();
        fs::write(&part, altered).unwrap();
        assert!(flaw(export(&app, &made.pool_id, &whole).await).0 > 5, "what was altered is not gone on with");
    }
}

/// The same pool in another file.
fn rewritten_with_another_id<'a>(app: &TestApp, from: &Path, to: &'a Path) -> &'a Path {
    super::forged::rewritten(from, to, app, |lines| lines);
    to
}
