//! Many at once: one wins, and the others hear what an AWS client understands.

use std::collections::BTreeMap;
use std::sync::Arc;

use cognate_testkit::app::Answered;
use cognate_testkit::{TestApp, both_engines};
use tokio::task::JoinSet;

/// How often each outcome came: `ok` or the error's name.
fn outcomes(answers: &[Answered]) -> BTreeMap<&str, usize> {
    let mut outcomes = BTreeMap::new();
    for answer in answers {
        *outcomes.entry(answer.error.as_deref().unwrap_or("ok")).or_default() += 1;
    }
    outcomes
}

/// Exactly one is good, and nobody hears anything but these.
#[track_caller]
fn assert_one_won(answers: &[Answered], others: &[&str]) {
    let outcomes = outcomes(answers);
    assert_eq!(outcomes.get("ok"), Some(&1), "{outcomes:?}");
    assert!(outcomes.keys().all(|outcome| *outcome == "ok" || others.contains(outcome)), "{outcomes:?}");
}

both_engines! {
    async fn of_fifty_sign_ups_of_one_name_one_succeeds(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let (app, client) = (Arc::clone(&app), client.clone());
            calls.spawn(async move { app.sign_up(&client, "ann").await });
        }
        let answers = calls.join_all().await;

        assert_one_won(&answers, &["UsernameExistsException", "TooManyRequestsException"]);
        assert_eq!((app.rows("users").await, app.rows("codes").await, app.rows("inbox").await), (1, 1, 1));
    }

    async fn of_fifty_sign_ups_of_one_address_one_succeeds(app: TestApp) {
        let pool = app.pool_with(serde_json::json!({ "UsernameAttributes": ["email"] })).await;
        let client = app.client(&pool).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let (app, client) = (Arc::clone(&app), client.clone());
            calls.spawn(async move { app.sign_up(&client, "ann@example.com").await });
        }
        let answers = calls.join_all().await;

        assert_one_won(&answers, &["UsernameExistsException", "TooManyRequestsException"]);
        assert_eq!(app.rows("users").await, 1);
    }

    async fn of_fifteen_confirmations_with_the_right_code_one_succeeds(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "ann").await.assert_good();
        let code = app.code("ann").await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..15 {
            let (app, client, code) = (Arc::clone(&app), client.clone(), code.clone());
            calls.spawn(async move { app.confirm(&client, "ann", &code).await });
        }
        let answers = calls.join_all().await;

        assert_one_won(&answers, &["NotAuthorizedException", "TooManyRequestsException"]);
    }

    async fn of_fifty_confirmations_with_the_right_code_one_succeeds(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "ann").await.assert_good();
        let code = app.code("ann").await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let (app, client, code) = (Arc::clone(&app), client.clone(), code.clone());
            calls.spawn(async move { app.confirm(&client, "ann", &code).await });
        }
        let answers = calls.join_all().await;

        let others = ["NotAuthorizedException", "LimitExceededException", "TooManyRequestsException"];
        assert_one_won(&answers, &others);
    }

    async fn sign_ups_of_many_names_at_once_all_succeed(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..50 {
            let (app, client) = (Arc::clone(&app), client.clone());
            calls.spawn(async move { app.sign_up(&client, &format!("user-{number}")).await });
        }
        let answers = calls.join_all().await;

        assert_eq!(outcomes(&answers), BTreeMap::from([("ok", 50)]));
        assert_eq!(app.rows("users").await, 50);
    }
}
