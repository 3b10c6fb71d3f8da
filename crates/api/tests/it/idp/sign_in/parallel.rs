//! Sign-ins that are under way together: none is lost, and none slips through.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use cognate_domain::Clock as _;
use cognate_domain::attempts::AttemptKind;
use cognate_store::attempts::{self, Attempts};
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use tokio::task::JoinSet;

/// Keeps every thread for costly work busy until it is dropped, so that what was admitted waits to be judged.
struct Blocked {
    _held: Vec<Sender<()>>,
}

impl Blocked {
    fn new(app: &TestApp) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { _held: (0..cores).map(|_| block(app)).collect() }
    }
}

fn block(app: &TestApp) -> Sender<()> {
    let (sender, receiver) = channel::<()>();
    let app = Arc::clone(&app.app);
    tokio::spawn(async move { app.work.run(move || assert!(receiver.recv().is_err())).await.unwrap() });
    sender
}

/// As another node would.
async fn fail_five_times(app: &TestApp, pool: &str, sub: &str) {
    let failed = Attempts { pool_id: pool, user_id: sub, kind: AttemptKind::Password };
    let now = app.clock.now();
    for attempt in ["1", "2", "3", "4", "5"] {
        app.app.db.write(async |tx| attempts::insert(tx, &failed, attempt, now).await).await.unwrap();
    }
}

/// Long enough for tasks that need no thread for costly work to get to where they do.
async fn until_admitted() {
    tokio::time::sleep(Duration::from_millis(1500)).await;
}

async fn ann(app: &TestApp) -> (String, String, String) {
    let pool = app.pool().await;
    let client = app.client(&pool).await;
    let sub = app.user(&pool, "ann").await;
    (pool, client, sub)
}

both_engines! {
    async fn fifty_wrong_passwords_that_were_all_admitted_all_count(app: TestApp) {
        let (_, client, _) = ann(&app).await;
        let app = Arc::new(app);
        let blocked = Blocked::new(&app);
        tokio::time::sleep(Duration::from_millis(50)).await;

        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let (app, client) = (Arc::clone(&app), client.clone());
            calls.spawn(async move { app.password(&client, "ann", "Wrong-Horse-9").await });
        }
        until_admitted().await;
        assert_eq!(app.rows("attempts").await, 0, "something was judged too early");
        drop(blocked);
        let answers = calls.join_all().await;

        assert_eq!(app.rows("attempts").await, 50);
        for answer in &answers {
            let told = ["Incorrect username or password.", "Password attempts exceeded"];
            assert_eq!(answer.error.as_deref(), Some("NotAuthorizedException"), "{answer}");
            assert!(told.contains(&answer.message.as_str()), "{answer}");
        }
        let judged = answers.iter().filter(|answer| answer.message.starts_with("Incorrect")).count();
        assert!(judged <= 5, "{judged} guesses learned whether they were right");
        app.clock.almost(Duration::from_mins(15));
        app.password(&client, "ann", PASSWORD).await
            .assert_refused("NotAuthorizedException", "Password attempts exceeded");
        app.clock.tick();
        app.password(&client, "ann", PASSWORD).await.assert_good();
    }

    async fn fifty_wrong_proofs_of_one_challenge_all_count(app: TestApp) {
        let (pool, client, _) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", "Wrong-Horse-9").await;
        let app = Arc::new(app);
        let blocked = Blocked::new(&app);
        tokio::time::sleep(Duration::from_millis(50)).await;

        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let (app, client, proof) = (Arc::clone(&app), client.clone(), proof.clone());
            calls.spawn(async move { app.send_proof(&client, &proof).await });
        }
        until_admitted().await;
        drop(blocked);
        let answers = calls.join_all().await;

        assert_eq!(app.rows("attempts").await, 50);
        for answer in answers {
            assert_eq!(answer.error.as_deref(), Some("NotAuthorizedException"), "{answer}");
        }
    }

    async fn a_right_proof_under_way_when_the_lock_falls_is_refused(app: TestApp) {
        let (pool, client, sub) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        let app = Arc::new(app);
        let blocked = Blocked::new(&app);
        tokio::time::sleep(Duration::from_millis(50)).await;

        let mut calls = JoinSet::new();
        let (the_app, the_client) = (Arc::clone(&app), client.clone());
        calls.spawn(async move { the_app.send_proof(&the_client, &proof).await });
        until_admitted().await;
        fail_five_times(&app, &pool, &sub).await;
        drop(blocked);
        let answer = calls.join_all().await.remove(0);

        answer.assert_refused("NotAuthorizedException", "Password attempts exceeded");
        assert_eq!((app.rows("token_families").await, app.rows("attempts").await), (0, 5));
    }

    async fn a_right_password_under_way_when_the_lock_falls_is_refused(app: TestApp) {
        let (pool, client, sub) = ann(&app).await;
        let app = Arc::new(app);
        let blocked = Blocked::new(&app);
        tokio::time::sleep(Duration::from_millis(50)).await;

        let mut calls = JoinSet::new();
        let (the_app, the_client) = (Arc::clone(&app), client.clone());
        calls.spawn(async move { the_app.password(&the_client, "ann", PASSWORD).await });
        until_admitted().await;
        fail_five_times(&app, &pool, &sub).await;
        drop(blocked);
        let answer = calls.join_all().await.remove(0);

        answer.assert_refused("NotAuthorizedException", "Password attempts exceeded");
        assert_eq!((app.rows("token_families").await, app.rows("attempts").await), (0, 5));
    }

    async fn a_password_changed_while_the_old_one_was_judged_signs_nobody_in(app: TestApp) {
        let (pool, client, _) = ann(&app).await;
        let app = Arc::new(app);
        let blocked = Blocked::new(&app);
        tokio::time::sleep(Duration::from_millis(50)).await;

        let mut calls = JoinSet::new();
        let (the_app, the_client) = (Arc::clone(&app), client.clone());
        calls.spawn(async move { the_app.password(&the_client, "ann", PASSWORD).await });
        until_admitted().await;
        app.change_user(&pool, "ann", |user| user.enabled = false).await;
        drop(blocked);
        let answer = calls.join_all().await.remove(0);

        answer.assert_refused("NotAuthorizedException", "Incorrect username or password.");
        assert_eq!(app.rows("token_families").await, 0);
    }

    async fn of_twenty_answers_of_one_session_one_succeeds(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.invited(&pool, "ann", PASSWORD).await;
        let session = app.password(&client, "ann", PASSWORD).await.text("/Session");
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..20 {
            let (app, client, session) = (Arc::clone(&app), client.clone(), session.clone());
            calls.spawn(async move {
                let password = format!("Brand-New-Pass-{number}");
                let answers = [("USERNAME", "ann"), ("NEW_PASSWORD", &password)];
                app.answer(&client, "NEW_PASSWORD_REQUIRED", &session, &answers).await
            });
        }
        let answers = calls.join_all().await;

        let won = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1);
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            let error = lost.error.as_deref().unwrap();
            assert!(["NotAuthorizedException", "TooManyRequestsException"].contains(&error), "{lost}");
        }
        assert_eq!(app.rows("token_families").await, 1);
    }

    async fn of_twenty_equal_proofs_one_succeeds(app: TestApp) {
        let (pool, client, _) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..20 {
            let (app, client, proof) = (Arc::clone(&app), client.clone(), proof.clone());
            calls.spawn(async move { app.send_proof(&client, &proof).await });
        }
        let answers = calls.join_all().await;

        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            let error = lost.error.as_deref().unwrap();
            assert!(["NotAuthorizedException", "TooManyRequestsException"].contains(&error), "{lost}");
        }
        assert_eq!(app.rows("token_families").await, 1);
    }

    async fn right_passwords_at_once_all_sign_in(app: TestApp) {
        let (_, client, _) = ann(&app).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..20 {
            let (app, client) = (Arc::clone(&app), client.clone());
            calls.spawn(async move { app.password(&client, "ann", PASSWORD).await });
        }
        for answer in calls.join_all().await {
            answer.assert_good();
        }
        assert_eq!(app.rows("token_families").await, 20);
    }
}
