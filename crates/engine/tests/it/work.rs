//! The threads for costly work: bounded, and no panic ends them.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use cognate_domain::error::ErrorKind;
use cognate_engine::work::Work;
use tokio::task::JoinSet;

#[tokio::test]
async fn a_result_comes_back() {
    assert_eq!(Work::start().run(|| 6 * 7).await.unwrap(), 42);
}

#[tokio::test]
async fn a_panic_fails_its_own_call_alone() {
    let work = Work::start();

    for _ in 0..20 {
        let failed = work.run(|| panic!("on purpose")).await;
        assert_eq!(failed.map_err(|error| error.kind), Err::<(), _>(ErrorKind::InternalError));
    }

    assert_eq!(work.run(|| 1).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_the_queue_is_refused_at_once() {
    let work = Arc::new(Work::start());
    let (release, held) = channel::<()>();
    let held = Arc::new(std::sync::Mutex::new(held));
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let mut calls = JoinSet::new();
    for _ in 0..cores {
        let (work, held) = (Arc::clone(&work), Arc::clone(&held));
        calls.spawn(async move { work.run(move || assert!(held.lock().unwrap().recv().is_err())).await });
    }
    tokio::time::sleep(Duration::from_millis(200)).await;

    let waiting = cores * 256;
    for _ in 0..waiting {
        let work = Arc::clone(&work);
        calls.spawn(async move { work.run(|| ()).await });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let refused = work.run(|| ()).await;
    drop(release);

    assert_eq!(refused.unwrap_err().kind, ErrorKind::TooManyRequests);
    for done in calls.join_all().await {
        done.unwrap();
    }
}
