//! A node whose connections are all in use says so, in words that make clients come again.

use std::time::Duration;

use cognate_testkit::{On, TestApp, TestDb};
use serde_json::json;

/// Longer than a connection is waited for.
const LONG: &str = "SELECT 1 FROM pg_sleep(7)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_and_writes_that_get_no_connection_are_too_many_requests() {
    let app = TestApp::on(TestDb::postgres().await).await;
    let mut slow = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let db = app.app.db.clone();
        slow.spawn(async move { db.write(async |tx| tx.query(LONG).one(|row| row.int(0)).await).await });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;

    let (read, write, plain) = tokio::join!(
        app.idp("ListUserPools", json!({ "MaxResults": 10 })),
        app.idp("CreateUserPool", json!({ "PoolName": "people" })),
        app.idp("DescribeUserPool", json!({ "UserPoolId": "us-east-1_000000000" })),
    );

    for answer in [read, write, plain] {
        answer.assert_refused("TooManyRequestsException", "Too many requests");
    }
    while let Some(done) = slow.join_next().await {
        done.unwrap().unwrap();
    }
    app.idp("ListUserPools", json!({ "MaxResults": 10 })).await.assert_good();
}
