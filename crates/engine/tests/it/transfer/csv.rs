//! Cognito's CSV into a pool that is in use.

use std::fs;
use std::path::PathBuf;

use cognate_engine::transfer::{Failure, ImportedCsv, Skipped};
use cognate_testkit::{On as _, TestApp, TestDb, both_engines};
use serde_json::json;
use tempfile::TempDir;

use super::{flaw, state};

const HEADER: &str = "cognito:username,cognito:mfa_enabled,email,email_verified,name,given_name,family_name,middle_name,\
    nickname,preferred_username,profile,picture,website,gender,birthdate,zoneinfo,locale,phone_number,\
    phone_number_verified,address,updated_at";

/// A row with its first columns; the others are empty.
fn row(first: &str) -> String {
    format!("{first}{}", ",".repeat(20 - first.matches(',').count() + first.matches("\\,").count()))
}

fn person(name: &str) -> String {
    row(&format!("{name},false,{name}@example.com,true"))
}

fn file(rows: &[String]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    fs::write(&path, format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
    (folder, path)
}

async fn bring(app: &TestApp, pool: &str, path: &std::path::Path) -> Result<(ImportedCsv, Vec<Skipped>), Failure> {
    let checked = app.app.check_csv(path, pool, |_| {}).await?;
    let mut skipped = Vec::new();
    let done = app.app.import_csv(checked, |_, some| skipped.extend_from_slice(some)).await?;
    Ok((done, skipped))
}

both_engines! {
    async fn people_of_a_csv_must_choose_a_password(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        let rows = [row("ann,false,ann@example.com,true,Ann \\, the first"), format!("{}\r", person("bob"))];
        let (_folder, path) = file(&rows);

        let (done, skipped) = bring(&app, &pool, &path).await.unwrap();

        assert_eq!((done.imported, done.skipped, skipped.len()), (2, 0, 0));
        let ann = app.idp("AdminGetUser", json!({ "UserPoolId": pool, "Username": "ann" })).await.good();
        assert_eq!((&ann["UserStatus"], &ann["Enabled"]), (&json!("RESET_REQUIRED"), &json!(true)));
        let attributes = ann["UserAttributes"].as_array().unwrap();
        assert!(attributes.contains(&json!({ "Name": "name", "Value": "Ann , the first" })), "{attributes:?}");
        assert!(attributes.contains(&json!({ "Name": "email_verified", "Value": "true" })));
        let refused = app.password(&client, "bob", "Correct-Horse-9").await;
        assert_eq!(refused.error.as_deref(), Some("PasswordResetRequiredException"));
        let found = app.idp("ListUsers", json!({ "UserPoolId": pool, "Filter": "email = \"bob@example.com\"" })).await;
        assert_eq!(found.body["Users"].as_array().unwrap().len(), 1);
        let described = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await;
        assert_eq!(described.body["UserPool"]["EstimatedNumberOfUsers"], 2);
    }

    async fn who_is_there_already_is_skipped_and_told(app: TestApp) {
        let pool = app.pool_with(json!({ "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;
        app.user(&pool, "ann").await;
        let rows = [person("zoe"), person("ann"), person("bob")];
        let (_folder, path) = file(&rows);
        let (done, skipped) = bring(&app, &pool, &path).await.unwrap();
        assert_eq!((done.imported, done.skipped), (2, 1));
        assert_eq!(skipped, [Skipped { line: 3, name: "username" }]);

        let other = [row("robert,false,bob@example.com,true"), person("kim")];
        let (_folder, path) = file(&other);
        let (done, skipped) = bring(&app, &pool, &path).await.unwrap();
        assert_eq!((done.imported, skipped), (1, vec![Skipped { line: 2, name: "email" }]));

        let (done, skipped) = bring(&app, &pool, &path).await.unwrap();
        assert_eq!((done.imported, skipped.len()), (0, 2), "a file that was brought may be brought again");
        assert_eq!(app.rows("users").await, 4);
    }

    async fn a_broken_row_keeps_every_other_out_too(app: TestApp) {
        let pool = app.pool().await;
        let mut rows: Vec<_> = (0..1200).map(|at| person(&format!("p{at}"))).collect();
        rows[1100] = person("white space");
        rows[1150] = row("late,false,late@example.com,true,\"quoted\"");
        let (_folder, path) = file(&rows);
        let Failure::File(flaws) = bring(&app, &pool, &path).await.unwrap_err() else { panic!("not the file") };
        assert_eq!(flaws.iter().map(|flaw| flaw.line).collect::<Vec<_>>(), [1102, 1152]);
        assert_eq!((app.rows("users").await, app.rows("imports").await), (0, 0));

        rows[1100] = person("good");
        rows[1150] = person("P7");
        rows.push(person("p7"));
        let (_folder, path) = file(&rows);
        let (line, reason) = flaw(bring(&app, &pool, &path).await);
        assert_eq!((line, reason.as_str()), (1202, "its username stands in line 9 already"));
        assert_eq!(app.rows("users").await, 0);
    }

    async fn a_csv_goes_on_where_it_was(app: TestApp) {
        let pool = app.pool().await;
        let rows: Vec<_> = (0..1300).map(|at| person(&format!("p{at}"))).collect();
        let (_folder, path) = file(&rows);
        let checked = app.app.check_csv(&path, &pool, |_| {}).await.unwrap();
        let there = tokio::sync::Notify::new();
        tokio::select! {
            biased;
            () = there.notified() => {}
            _ = app.app.import_csv(checked, |_, _| there.notify_one()) => panic!("it came to its end"),
        }
        let kept = app.rows("users").await;
        assert!((500..1300).contains(&kept), "{kept}");

        let (done, skipped) = bring(&app, &pool, &path).await.unwrap();

        // A batch that was on its way when the run ended may have been kept after we looked.
        let before = done.resumed_after - 1;
        assert!(before >= u64::try_from(kept).unwrap(), "{before} of {kept}");
        assert_eq!((done.imported + before, skipped.len()), (1300, 0));
        assert_eq!((app.rows("users").await, app.rows("user_aliases").await), (1300, 1300));
    }
}

#[tokio::test]
async fn bytes_that_are_no_csv_of_this_pool_are_named_by_line() {
    let app = TestApp::on(TestDb::sqlite()).await;
    let pool = app.pool().await;
    let (_folder, path) = file(&[]);
    let good = person("ann");
    let long = "x".repeat(70_000);
    for (content, line, why) in [
        (Vec::new(), 1, "the file is empty"),
        (b"\xef\xbb\xbf".iter().copied().chain(HEADER.bytes()).collect(), 1, "byte order mark"),
        (format!("{}\n", HEADER.replace("email,", "")).into_bytes(), 1, "the column email is missing"),
        ([HEADER.as_bytes(), b"\n", good.as_bytes(), b"\n\xff\xfe\n"].concat(), 3, "this is no UTF-8"),
        (format!("{HEADER}\n{good}\n\n{}\n", person("bob")).into_bytes(), 3, "an empty line"),
        (format!("{HEADER}\n{good},\n").into_bytes(), 2, "22 values where the header has 21 columns"),
        (format!("{HEADER}\n{good}\n{long}").into_bytes(), 3, "more than 16000 characters"),
        (HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect(), 1, ""),
    ] {
        fs::write(&path, content).unwrap();
        let (named, reason) = flaw(bring(&app, &pool, &path).await);
        assert!(named == line && reason.contains(why), "line {named}: {reason}");
    }
    assert_eq!(app.rows("users").await, 0);

    let no_auto = app.pool_with(json!({ "AutoVerifiedAttributes": [] })).await;
    let (_folder, path) = file(&[good]);
    assert!(state(bring(&app, &no_auto, &path).await).contains("AutoVerifiedAttributes"));
    assert_eq!(state(bring(&app, "us-east-1_none", &path).await), "there is no pool us-east-1_none");
}

#[tokio::test]
async fn where_a_contact_is_the_name_a_row_makes_a_user_with_an_id_for_a_username() {
    let app = TestApp::on(TestDb::sqlite()).await;
    let pool = app.pool_with(json!({ "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;
    let (_folder, path) =
        file(&[row("ann@example.com,false,,true"), row("bob@example.com,false,bob@example.com,true")]);
    let (done, _) = bring(&app, &pool, &path).await.unwrap();
    assert_eq!(done.imported, 2);
    let ann = app.idp("AdminGetUser", json!({ "UserPoolId": pool, "Username": "ann@example.com" })).await.good();
    assert_eq!(ann["Username"], ann["UserAttributes"][0]["Value"], "the sub");
    let (done, skipped) = bring(&app, &pool, &path).await.unwrap();
    assert_eq!((done.imported, skipped.len()), (0, 2));
}
