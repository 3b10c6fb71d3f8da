//! Many at once, on both engines: one code is good once, and limits are exact.

use std::collections::BTreeMap;
use std::sync::Arc;

use cognate_testkit::app::{Answered, PASSWORD};
use cognate_testkit::{TestApp, both_engines};
use tokio::task::JoinSet;

use super::kit::World;

const CROWD: usize = 50;

/// How often each outcome came.
async fn together<F>(world: &Arc<World>, call: impl Fn(Arc<World>, usize) -> F) -> BTreeMap<String, usize>
where
    F: Future<Output = Answered> + Send + 'static,
{
    let mut calls = JoinSet::new();
    for number in 0..CROWD {
        calls.spawn(call(Arc::clone(world), number));
    }
    let mut outcomes = BTreeMap::new();
    for answer in calls.join_all().await {
        *outcomes.entry(answer.error.unwrap_or_else(|| "success".to_owned())).or_default() += 1;
    }
    outcomes
}

fn times(outcomes: &BTreeMap<String, usize>, outcome: &str) -> usize {
    outcomes.get(outcome).copied().unwrap_or_default()
}

async fn limited(world: &World, kind: &str) -> i64 {
    let mut tx = world.app.app.db.read().await.unwrap();
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM attempts WHERE kind = $1";
    tx.query(sql).bind(kind).one(|row| row.int(0)).await.unwrap()
}

both_engines! {
    async fn of_fifty_uses_of_one_code_one_succeeds(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;
        let world = Arc::new(world);

        let outcomes = together(&world, |world, number| {
            let code = code.clone();
            async move { world.confirm("ann", &code, &format!("Horse-Number-{number}")).await }
        }).await;

        assert_eq!(times(&outcomes, "success"), 1, "{outcomes:?}");
        let known = ["success", "ExpiredCodeException", "LimitExceededException", "TooManyRequestsException"];
        assert!(outcomes.keys().all(|outcome| known.contains(&outcome.as_str())), "{outcomes:?}");
        let mut good = 0;
        for number in 0..CROWD {
            world.app.clock.advance(std::time::Duration::from_hours(1)); // past every lock
            let answer = world.app.password(&world.client, "ann", &format!("Horse-Number-{number}")).await;
            good += usize::from(answer.status == 200);
        }
        assert_eq!(good, 1, "one of the fifty passwords is the new one");
    }

    async fn of_fifty_wrong_codes_no_more_than_the_limit_are_judged(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;
        let wrong = super::kit::another(&code);
        let world = Arc::new(world);

        let outcomes =
            together(&world, |world, _| async move { world.confirm("ann", wrong, "Another-Horse-9").await }).await;

        let judged = times(&outcomes, "CodeMismatchException");
        assert!(judged <= 9, "{outcomes:?}");
        assert_eq!(limited(&world, "recovery").await, 1 + i64::try_from(judged).unwrap());
        assert_eq!(judged + times(&outcomes, "LimitExceededException") + times(&outcomes, "TooManyRequestsException"), CROWD);
    }

    async fn of_fifty_requests_no_more_than_the_limit_send_a_code(app: TestApp) {
        let world = Arc::new(World::new(app).await);

        let outcomes = together(&world, |world, _| async move { world.forgot("ann").await }).await;

        let sent = times(&outcomes, "success");
        assert!((1..=10).contains(&sent), "{outcomes:?}");
        assert_eq!(world.app.rows("inbox").await, i64::try_from(sent).unwrap());
        assert_eq!(world.app.rows("codes").await, 1);
        assert!(limited(&world, "recovery").await <= 10);
    }

    async fn of_fifty_changes_at_once_one_succeeds_and_five_are_judged(app: TestApp) {
        let world = World::new(app).await;
        let token = world.token("ann").await;
        let world = Arc::new(world);

        let outcomes = together(&world, |world, number| {
            let token = token.clone();
            async move { world.change(&token, Some(PASSWORD), &format!("Horse-Number-{number}")).await }
        }).await;

        assert_eq!(times(&outcomes, "success"), 1, "{outcomes:?}");
        let known = ["success", "NotAuthorizedException", "LimitExceededException", "TooManyRequestsException"];
        assert!(outcomes.keys().all(|outcome| known.contains(&outcome.as_str())), "{outcomes:?}");
        assert!(limited(&world, "change_password").await <= 5);
    }

    async fn fifty_wrong_passwords_by_token_are_counted_each_up_to_the_limit(app: TestApp) {
        let world = World::new(app).await;
        let token = world.token("ann").await;
        let world = Arc::new(world);

        let outcomes = together(&world, |world, _| {
            let token = token.clone();
            async move { world.change(&token, Some("Wrong-Horse-9"), "Another-Horse-9").await }
        }).await;

        let judged = times(&outcomes, "NotAuthorizedException");
        assert!(judged <= 5, "{outcomes:?}");
        assert_eq!(limited(&world, "password").await, i64::try_from(judged).unwrap());
    }
}
