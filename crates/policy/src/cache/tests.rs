use std::sync::atomic::{AtomicUsize, Ordering};

use cognate_domain::Timestamp;
use cognate_domain::directory::PolicyText;

use super::*;

fn catalogue(version: i64) -> Catalogue {
    Catalogue { version, roles: Vec::new(), grants: Vec::new(), policies: Vec::new() }
}

fn broken(version: i64) -> Catalogue {
    let policy =
        PolicyText { id: "p".into(), source: "permit".into(), created_at: Timestamp(0), modified_at: Timestamp(0) };
    Catalogue { policies: vec![policy], ..catalogue(version) }
}

#[tokio::test]
async fn a_version_is_loaded_once_and_the_next_one_again() {
    let (cache, loads) = (Cache::new(), AtomicUsize::new(0));
    let ask = async |asked: i64, there: i64| {
        let load = async || {
            loads.fetch_add(1, Ordering::SeqCst);
            Ok(catalogue(there))
        };
        cache.get(asked, load).await.unwrap()
    };
    let first = ask(1, 1).await;
    assert!(Arc::ptr_eq(&first, &ask(1, 1).await));
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    let second = ask(2, 2).await;
    assert_eq!((second.compiled.version(), loads.load(Ordering::SeqCst)), (2, 2));
    // Whoever read the version before the change gets what is there, and nothing is compiled for it.
    assert!(Arc::ptr_eq(&second, &ask(1, 2).await));
    assert!(Arc::ptr_eq(&second, &ask(2, 2).await));
    // A store that was put back.
    assert_eq!(ask(1, 1).await.compiled.version(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_ask_at_once_wait_for_one_compilation() {
    let (cache, loads) = (Arc::new(Cache::new()), Arc::new(AtomicUsize::new(0)));
    let askers: Vec<_> = (0..16)
        .map(|_| {
            let (cache, loads) = (Arc::clone(&cache), Arc::clone(&loads));
            tokio::spawn(async move {
                let load = async || {
                    loads.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    Ok(catalogue(7))
                };
                cache.get(7, load).await.unwrap().compiled.version()
            })
        })
        .collect();
    for asker in askers {
        assert_eq!(asker.await.unwrap(), 7);
    }
    assert_eq!(loads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_catalogue_that_does_not_compile_is_an_error_until_the_next_version() {
    let (cache, loads) = (Cache::new(), AtomicUsize::new(0));
    cache.get(1, async || Ok(catalogue(1))).await.unwrap();
    for _ in 0..2 {
        let load = async || {
            loads.fetch_add(1, Ordering::SeqCst);
            Ok(broken(2))
        };
        let error = cache.get(2, load).await.unwrap_err();
        let refused = error.cause::<Refused>().unwrap();
        assert!(refused.to_string().starts_with("policy p, line 1, column "), "{refused}");
    }
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    assert!(cache.get(3, async || Ok(catalogue(3))).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_loaded_is_loaded_again() {
    let cache = Cache::new();
    assert!(cache.get(1, async || Err(Error::corrupt("no store"))).await.is_err());
    assert_eq!(cache.get(1, async || Ok(catalogue(1))).await.unwrap().compiled.version(), 1);
}
