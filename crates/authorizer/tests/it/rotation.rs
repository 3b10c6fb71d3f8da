//! Keys that come and go: who waits, how often an issuer is asked, and what is trusted in the meantime. The runtime's
//! clock stands still but for what the tests wait.

use std::time::Duration;

use cognate_authorizer::{Authorizer, FetchError, Refusal, Rule};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, advance, sleep};

use crate::kit::{Shelf, Signer, access, fetching};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

async fn is_good(authorizer: &Authorizer, signer: &Signer) -> bool {
    why_not(authorizer, signer).await.is_none()
}

async fn why_not(authorizer: &Authorizer, signer: &Signer) -> Option<Refusal> {
    authorizer.verify(&signer.sign(&access(json!({}))), &Rule::authenticated()).await.err()
}

/// Lets what is under way come to its end.
async fn settle() {
    sleep(Duration::from_secs(10)).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_requests_with_a_new_key_cost_one_fetch() {
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let shelf = Shelf::new([&old]);
    let authorizer = fetching(&shelf);
    assert!(is_good(&authorizer, &old).await);
    sleep(MINUTE).await;

    shelf.has([&old, &new]);
    let token = new.sign(&access(json!({})));
    let mut requests = JoinSet::new();
    for _ in 0..100 {
        let (authorizer, token) = (authorizer.clone(), token.clone());
        requests.spawn(async move { authorizer.verify(&token, &Rule::authenticated()).await.is_ok() });
    }
    let good = requests.join_all().await;
    assert_eq!(good, [true; 100]);
    assert_eq!(shelf.times_asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn made_up_keys_cost_the_issuer_one_request_an_interval() {
    let signer = Signer::new("k");
    let shelf = Shelf::new([&signer]);
    let authorizer = fetching(&shelf);
    authorizer.preload().await.unwrap();
    assert_eq!(shelf.times_asked(), 1);

    for _ in 0..3 {
        sleep(MINUTE).await;
        let before = shelf.times_asked();
        for number in 0..100 {
            let refused = why_not(&authorizer, &Signer::new(&format!("made-up-{number}"))).await;
            assert!(matches!(refused, Some(Refusal::UnknownKey { .. })));
        }
        assert_eq!(shelf.times_asked(), before + 1);
    }
    assert!(is_good(&authorizer, &signer).await);
}

#[tokio::test(start_paused = true)]
async fn whoever_has_a_known_key_does_not_wait_for_those_who_have_not() {
    let signer = Signer::new("k");
    let shelf = Shelf::new([&signer]).slow(Duration::from_secs(4));
    let authorizer = fetching(&shelf);
    authorizer.preload().await.unwrap();
    sleep(MINUTE).await;

    let waiting = tokio::spawn({
        let authorizer = authorizer.clone();
        async move { is_good(&authorizer, &Signer::new("made-up")).await }
    });
    tokio::task::yield_now().await;
    let (begun, asked) = (Instant::now(), shelf.times_asked());
    assert!(is_good(&authorizer, &signer).await);
    assert_eq!((begun.elapsed(), asked, waiting.is_finished()), (Duration::ZERO, 2, false));
    assert!(!waiting.await.unwrap());
    assert_eq!(begun.elapsed(), Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_does_not_break_the_fetch_off() {
    let signer = Signer::new("k");
    let shelf = Shelf::new([&signer]).slow(Duration::from_secs(3));
    let authorizer = fetching(&shelf);
    let leaving = tokio::spawn({
        let authorizer = authorizer.clone();
        let token = signer.sign(&access(json!({})));
        async move { authorizer.verify(&token, &Rule::authenticated()).await.is_ok() }
    });
    tokio::task::yield_now().await;
    leaving.abort();
    assert!(leaving.await.unwrap_err().is_cancelled());

    assert!(is_good(&authorizer, &signer).await);
    assert_eq!(shelf.times_asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_followed_by_a_rest_and_then_by_another_try() {
    let signer = Signer::new("k");
    let shelf = Shelf::new([&signer]);
    let authorizer = fetching(&shelf);
    shelf.says(Err(FetchError::Status(503)));
    for _ in 0..50 {
        let refused = why_not(&authorizer, &signer).await.unwrap();
        assert!(matches!(refused, Refusal::NoKeys { reason: FetchError::Status(503), .. }), "{refused}");
    }
    assert_eq!(shelf.times_asked(), 1);

    shelf.has([&signer]);
    sleep(Duration::from_secs(9)).await;
    assert!(!is_good(&authorizer, &signer).await);
    sleep(Duration::from_secs(1)).await;
    assert!(is_good(&authorizer, &signer).await);
    assert_eq!(shelf.times_asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn keys_serve_on_while_the_issuer_does_not_answer_but_not_for_ever() {
    let signer = Signer::new("k");
    let shelf = Shelf::new([&signer]);
    let authorizer = fetching(&shelf);
    authorizer.preload().await.unwrap();
    shelf.says(Err(FetchError::Unreachable));

    for _ in 0..23 {
        sleep(HOUR).await;
        assert!(is_good(&authorizer, &signer).await);
    }
    sleep(HOUR).await;
    let refused = why_not(&authorizer, &signer).await.unwrap();
    assert!(matches!(refused, Refusal::NoKeys { reason: FetchError::Unreachable, .. }), "{refused}");

    shelf.has([&signer]);
    settle().await;
    assert!(is_good(&authorizer, &signer).await);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_an_issuer_takes_back_is_trusted_for_an_hour_at_most_where_requests_come() {
    let (stolen, new) = (Signer::new("stolen"), Signer::new("new"));
    let shelf = Shelf::new([&stolen]);
    let authorizer = fetching(&shelf);
    authorizer.preload().await.unwrap();
    shelf.has([&new]);

    sleep(Duration::from_secs(3599)).await;
    assert!(is_good(&authorizer, &stolen).await);
    assert_eq!(shelf.times_asked(), 1);
    sleep(Duration::from_secs(1)).await;
    // The request that notices does not wait.
    let begun = Instant::now();
    assert!(is_good(&authorizer, &stolen).await);
    assert_eq!(begun.elapsed(), Duration::ZERO);
    settle().await;
    assert!(!is_good(&authorizer, &stolen).await);
    assert!(is_good(&authorizer, &new).await);
    assert_eq!(shelf.times_asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_has_taken_all_its_keys_back_is_believed() {
    let signer = Signer::new("k");
    let shelf = Shelf::new([&signer]);
    let authorizer = fetching(&shelf);
    authorizer.preload().await.unwrap();
    shelf.has([]);
    advance(HOUR).await;
    assert!(is_good(&authorizer, &signer).await);
    settle().await;
    assert!(matches!(why_not(&authorizer, &signer).await, Some(Refusal::UnknownKey { .. })));
}
