//! What is asked where, and what is made of answers that are no keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cognate_authorizer::{Authorizer, Fetch, FetchError, Fetching, Issuer, KeySetError, Pace, Refusal, Rule};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::kit::{CLIENT, NOW, PARTNER, POOL, Shelf, Signer, access, at, fetching, set};

fn reason(outcome: Result<(), Refusal>) -> FetchError {
    match outcome {
        Err(Refusal::NoKeys { reason, .. }) => reason,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_no_keys_leave_none() {
    let signer = Signer::new("k");
    for (answer, expected) in [
        (Ok(b"<html>".to_vec()), FetchError::NotKeys(KeySetError::NotASet)),
        (Ok(Vec::new()), FetchError::NotKeys(KeySetError::NotASet)),
        (Ok(vec![b' '; 10_000_000]), FetchError::TooLong),
        (Err(FetchError::Other("no way".to_owned())), FetchError::Other("no way".to_owned())),
    ] {
        let shelf = Shelf::new([&signer]);
        shelf.says(answer);
        assert_eq!(reason(fetching(&shelf).preload().await), expected);
    }
}

/// A broken answer is no reason to forget the keys that were good a minute ago.
#[tokio::test(start_paused = true)]
async fn answers_that_are_no_keys_take_none_away() {
    let signer = Signer::new("k");
    let shelf = Shelf::new([&signer]);
    let authorizer = fetching(&shelf);
    authorizer.preload().await.unwrap();
    let verified = async |signer: &Signer| {
        authorizer.verify(&signer.sign(&access(json!({}))), &Rule::authenticated()).await.is_ok()
    };
    for broken in [b"<html>".to_vec(), br#"{"keys":[{"#.to_vec(), vec![b'['; 300_000]] {
        shelf.says(Ok(broken));
        sleep(Duration::from_mins(1)).await;
        assert!(!verified(&Signer::new("made-up")).await);
        assert!(verified(&signer).await);
    }
    assert_eq!(shelf.times_asked(), 4);
}

#[tokio::test(start_paused = true)]
async fn started_without_keys_it_refuses_everybody() {
    let signer = Signer::new("k");
    let shelf = Shelf::new([&signer]);
    let authorizer = fetching(&shelf);
    let token = signer.sign(&access(json!({})));
    let refused = authorizer.verify_now(&token, &Rule::authenticated()).unwrap_err();
    assert!(matches!(refused, Refusal::NoKeys { reason: FetchError::NotYet, .. }), "{refused}");
    assert_eq!(shelf.times_asked(), 0);
    authorizer.preload().await.unwrap();
    assert!(authorizer.verify_now(&token, &Rule::authenticated()).is_ok());
}

#[test]
fn without_a_runtime_nothing_is_fetched_and_nothing_breaks() {
    let signer = Signer::new("k");
    let authorizer = fetching(&Shelf::new([&signer]));
    let mut verifying =
        Box::pin(async { authorizer.verify(&signer.sign(&access(json!({}))), &Rule::authenticated()).await.map(drop) });
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match verifying.as_mut().poll(&mut context) {
        std::task::Poll::Ready(outcome) => assert_eq!(reason(outcome), FetchError::NoRuntime),
        std::task::Poll::Pending => unreachable!("nobody would wake it"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_fetcher_that_never_answers_is_waited_for_as_long_as_was_set() {
    let shelf = Shelf::new([]).slow(Duration::from_hours(100));
    let pace = Pace { patience: Duration::from_secs(2), ..Pace::default() };
    let issuer = Issuer::cognito(POOL).clients([CLIENT]);
    let authorizer = at(NOW).issuer(issuer).fetcher(shelf).pace(pace).build().unwrap();
    let begun = Instant::now();
    assert_eq!(reason(authorizer.preload().await), FetchError::Timeout);
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_fetcher_that_panics_is_a_fetch_that_failed() {
    struct Broken(Arc<AtomicUsize>);
    impl Fetch for Broken {
        fn fetch<'a>(&'a self, _: &'a str) -> Fetching<'a> {
            self.0.fetch_add(1, Ordering::Relaxed);
            unreachable!("it is broken")
        }
    }

    let asked = Arc::new(AtomicUsize::new(0));
    let issuer = Issuer::cognito(POOL).clients([CLIENT]);
    let authorizer = at(NOW).issuer(issuer).fetcher(Broken(Arc::clone(&asked))).build().unwrap();
    for _ in 0..5 {
        assert_eq!(reason(authorizer.preload().await), FetchError::NotYet);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    sleep(Duration::from_secs(10)).await;
    assert!(authorizer.preload().await.is_err());
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn keys_are_where_the_issuer_is_known_to_have_them() {
    for (issuer, url) in [
        (Issuer::amazon("eu-central-1_Test").any_client(), format!("{POOL}/.well-known/jwks.json")),
        (Issuer::cognito("https://a.example/p/").any_client(), "https://a.example/p/.well-known/jwks.json".to_owned()),
        (Issuer::cognito(POOL).any_client().jwks_uri("https://in.example/k"), "https://in.example/k".to_owned()),
        (Issuer::oidc(PARTNER).any_audience(), format!("{PARTNER}/.well-known/openid-configuration")),
    ] {
        let shelf = Shelf::new([]);
        let authorizer = Authorizer::builder().issuer(issuer).fetcher(shelf.clone()).build().unwrap();
        drop(authorizer.preload().await);
        assert_eq!(shelf.asked(), [url]);
    }
}

/// Says metadata, and then keys.
struct Provider {
    metadata: String,
    keys: Vec<u8>,
    asked: Shelf,
}

impl Fetch for Provider {
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a> {
        let noted = self.asked.fetch(url);
        Box::pin(async move {
            drop(noted.await);
            Ok(if url.ends_with("openid-configuration") { self.metadata.clone().into() } else { self.keys.clone() })
        })
    }
}

#[tokio::test(start_paused = true)]
async fn metadata_name_the_keys_if_they_are_the_issuers_own() {
    let signer = Signer::new("k");
    let try_with = async |metadata: String| {
        let asked = Shelf::new([]);
        let keys = serde_json::to_vec(&set([&signer])).unwrap();
        let provider = Provider { metadata, keys, asked: asked.clone() };
        let issuer = Issuer::oidc(PARTNER).any_audience();
        (at(NOW).issuer(issuer).fetcher(provider).build().unwrap().preload().await, asked.asked().len())
    };
    let metadata = |issuer: &str, jwks: &str| json!({ "issuer": issuer, "jwks_uri": jwks, "more": [1] }).to_string();

    let (outcome, asked) = try_with(metadata(PARTNER, "https://keys.partner.example/jwks")).await;
    assert_eq!((outcome, asked), (Ok(()), 2));
    for issuer in ["https://thief.example", "https://login.partner.example/", ""] {
        let (outcome, asked) = try_with(metadata(issuer, "https://keys.partner.example/jwks")).await;
        assert!(matches!(reason(outcome), FetchError::OfAnotherIssuer { .. }), "{issuer}");
        assert_eq!(asked, 1);
    }
    for jwks in ["http://keys.partner.example/jwks", "file:///etc/passwd", "/jwks", "https://a:b@partner.example/"] {
        let (outcome, asked) = try_with(metadata(PARTNER, jwks)).await;
        assert!(matches!(reason(outcome), FetchError::BadJwksUri(_)), "{jwks}");
        assert_eq!(asked, 1);
    }
    let good = metadata(PARTNER, "https://keys.partner.example/jwks");
    for broken in [
        "{}".to_owned(),
        "[]".to_owned(),
        json!({ "issuer": PARTNER }).to_string(),
        json!({ "issuer": PARTNER, "jwks_uri": ["https://keys.partner.example/jwks"] }).to_string(),
        good.replacen('{', r#"{"jwks_uri":"https://thief.example/jwks","#, 1),
    ] {
        assert_eq!(reason(try_with(broken.clone()).await.0), FetchError::NotMetadata, "{broken}");
    }
}

struct OnlyPool(Shelf);
impl Fetch for OnlyPool {
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a> {
        if url.starts_with(POOL) { self.0.fetch(url) } else { Box::pin(std::future::pending()) }
    }
}

#[tokio::test(start_paused = true)]
async fn one_issuers_silence_does_not_keep_the_others_keys_away() {
    let signer = Signer::new("k");
    let authorizer = at(NOW)
        .issuer(Issuer::oidc(PARTNER).any_audience())
        .issuer(Issuer::cognito(POOL).clients([CLIENT]))
        .fetcher(OnlyPool(Shelf::new([&signer])))
        .build()
        .unwrap();
    let begun = Instant::now();
    let silent = authorizer.preload().await.unwrap_err();
    assert_eq!(silent.to_string(), format!("there are no keys of {PARTNER}: the answer took too long"));
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
    assert!(authorizer.verify_now(&signer.sign(&access(json!({}))), &Rule::authenticated()).is_ok());
}
