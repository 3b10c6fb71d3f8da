//! One refresh token in many hands at once: one exchange, and a family that falls only for what is no accident.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use cognate_testkit::app::Tokens;
use cognate_testkit::{Answered, TestApp, both_engines};
use serde_json::json;
use tokio::task::JoinSet;

async fn ann(app: &TestApp, grace: i64) -> (String, String, Tokens) {
    let pool = app.pool().await;
    let settings = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": grace },
    });
    let client = app.client_with(&pool, settings).await;
    app.user(&pool, "ann").await;
    let tokens = app.tokens(&client, "ann").await;
    (pool, client, tokens)
}

async fn renew(app: &TestApp, client: &str, token: &str) -> Answered {
    app.idp("GetTokensFromRefreshToken", json!({ "ClientId": client, "RefreshToken": token })).await
}

fn spawn(calls: &mut JoinSet<Answered>, app: &Arc<TestApp>, client: &str, token: &str) {
    let (app, client, token) = (Arc::clone(app), client.to_owned(), token.to_owned());
    calls.spawn(async move { renew(&app, &client, &token).await });
}

/// The one good answer, the others having been told that the token was used already.
#[track_caller]
fn the_winner(answers: &[Answered]) -> Tokens {
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    for lost in lost {
        lost.assert_refused("RefreshTokenReuseException", "Refresh token has already been used");
    }
    assert_eq!(won.len(), 1);
    Tokens::of(won[0])
}

/// Keeps every thread for costly work busy until it is dropped: what was accepted waits to be signed.
fn block(app: &TestApp) -> Vec<Sender<()>> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let hold = |_| {
        let (sender, receiver) = channel::<()>();
        let app = Arc::clone(&app.app);
        tokio::spawn(async move { app.work.run(move || assert!(receiver.recv().is_err())).await.unwrap() });
        sender
    };
    (0..cores).map(hold).collect()
}

async fn a_while() {
    tokio::time::sleep(Duration::from_millis(500)).await;
}

both_engines! {
    async fn of_fifty_uses_at_once_one_wins_and_the_family_lives(app: TestApp) {
        let (_, client, first) = ann(&app, 0).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..50 {
            spawn(&mut calls, &app, &client, &first.refresh);
        }
        let winner = the_winner(&calls.join_all().await);

        assert_eq!(app.rows("refresh_tokens").await, 2);
        app.get_user(&winner.access).await.assert_good();
        renew(&app, &client, &winner.refresh).await.assert_good();
    }

    async fn within_the_grace_all_of_twenty_get_tokens(app: TestApp) {
        let (_, client, first) = ann(&app, 60).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..20 {
            spawn(&mut calls, &app, &client, &first.refresh);
        }

        for answer in calls.join_all().await {
            renew(&app, &client, &Tokens::of(&answer).refresh).await.assert_good();
        }
    }

    async fn a_use_that_began_before_the_taking_is_refused_and_ends_nothing(app: TestApp) {
        let (_, client, first) = ann(&app, 0).await;
        let app = Arc::new(app);
        let blocked = block(&app);
        a_while().await;

        let mut calls = JoinSet::new();
        for _ in 0..3 {
            spawn(&mut calls, &app, &client, &first.refresh);
            a_while().await;
            app.clock.tick(); // the later ones begin after the first, and before anybody is answered
        }
        drop(blocked);
        let winner = the_winner(&calls.join_all().await);

        renew(&app, &client, &winner.refresh).await.assert_good();
    }

    async fn a_server_too_busy_to_sign_takes_no_token(app: TestApp) {
        let (_, client, first) = ann(&app, 0).await;
        let app = Arc::new(app);
        let blocked = block(&app);
        a_while().await;
        let mut waiting = JoinSet::new();
        loop {
            let node = Arc::clone(&app.app);
            let mut job = Box::pin(async move { node.work.run(|| ()).await });
            match at_once(&mut job).await {
                Some(refused) => break assert!(refused.is_err()),
                None => drop(waiting.spawn(job)),
            }
        }

        let refused = renew(&app, &client, &first.refresh).await;

        refused.assert_refused("TooManyRequestsException", "Too many requests");
        drop(blocked);
        drop(waiting.join_all().await);
        renew(&app, &client, &first.refresh).await.assert_good();
    }

    async fn tokens_of_many_sign_ins_are_exchanged_side_by_side(app: TestApp) {
        let (_, client, _) = ann(&app, 0).await;
        let mut tokens = Vec::new();
        for _ in 0..16 {
            tokens.push(app.tokens(&client, "ann").await.refresh);
        }
        let app = Arc::new(app);

        for _ in 0..3 {
            let mut calls = JoinSet::new();
            for token in &tokens {
                spawn(&mut calls, &app, &client, token);
            }
            tokens = calls.join_all().await.iter().map(|answer| Tokens::of(answer).refresh).collect();
        }
    }

    async fn an_exchange_that_races_a_sign_out_gives_nothing_that_outlives_it(app: TestApp) {
        let (pool, client, _) = ann(&app, 60).await;
        let app = Arc::new(app);

        for _ in 0..5 {
            let first = app.tokens(&client, "ann").await;
            let mut calls = JoinSet::new();
            for _ in 0..6 {
                spawn(&mut calls, &app, &client, &first.refresh);
            }
            let out = app.idp("AdminUserGlobalSignOut", json!({ "UserPoolId": pool, "Username": "ann" })).await;
            out.assert_good();
            for answer in calls.join_all().await {
                if answer.status == 200 {
                    let tokens = Tokens::of(&answer);
                    let refused = renew(&app, &client, &tokens.refresh).await;
                    refused.assert_refused("NotAuthorizedException", "Refresh Token has been revoked");
                    let refused = app.get_user(&tokens.access).await;
                    refused.assert_refused("NotAuthorizedException", "Access Token has been revoked");
                } else {
                    answer.assert_refused("NotAuthorizedException", "Refresh Token has been revoked");
                }
            }
        }
    }
}

/// What a future comes to at once; none if it waits.
async fn at_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| match std::pin::Pin::new(&mut *future).poll(context) {
        std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}
