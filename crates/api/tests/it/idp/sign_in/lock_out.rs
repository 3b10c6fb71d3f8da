//! Wrong passwords, by either way of signing in: user-pools.md, section 6.

use std::time::Duration;

use cognate_testkit::app::{Answered, PASSWORD};
use cognate_testkit::{TestApp, both_engines};

const WRONG: &str = "Wrong-Horse-9";
const QUARTER: Duration = Duration::from_mins(15);

#[derive(Clone, Copy)]
enum Way {
    Password,
    Srp,
}

struct Ann {
    app: TestApp,
    pool: String,
    client: String,
    way: Way,
}

impl Ann {
    async fn new(app: TestApp, way: Way) -> Self {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        Self { app, pool, client, way }
    }

    async fn tries(&self, password: &str) -> Answered {
        match self.way {
            Way::Password => self.app.password(&self.client, "ann", password).await,
            Way::Srp => self.app.srp(&self.pool, &self.client, "ann", password).await,
        }
    }

    /// A wrong password that is judged.
    async fn fails(&self) {
        let answer = self.tries(WRONG).await;
        answer.assert_refused("NotAuthorizedException", "Incorrect username or password.");
    }

    async fn fails_times(&self, times: usize) {
        for _ in 0..times {
            self.fails().await;
        }
    }

    /// Neither the wrong nor the right password is looked at.
    async fn is_locked(&self) {
        let before = self.app.rows("attempts").await;
        self.tries(WRONG).await.assert_refused("NotAuthorizedException", "Password attempts exceeded");
        self.tries(PASSWORD).await.assert_refused("NotAuthorizedException", "Password attempts exceeded");
        assert_eq!(self.app.rows("attempts").await, before, "an attempt during the lock was counted");
    }
}

/// The fifth failure locks for a second, each further one for twice as long, up to fifteen minutes.
async fn the_whole_ladder(ann: &Ann) {
    ann.fails_times(4).await;
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900] {
        ann.fails().await;
        ann.is_locked().await;
        ann.app.clock.almost(Duration::from_secs(seconds));
        ann.is_locked().await;
        ann.app.clock.tick();
    }
    ann.tries(PASSWORD).await.assert_good();
}

both_engines! {
    async fn a_wrong_password_locks_longer_each_time(app: TestApp) {
        the_whole_ladder(&Ann::new(app, Way::Password).await).await;
    }

    async fn a_wrong_proof_locks_longer_each_time(app: TestApp) {
        the_whole_ladder(&Ann::new(app, Way::Srp).await).await;
    }

    async fn both_ways_share_one_count(app: TestApp) {
        let mut ann = Ann::new(app, Way::Password).await;
        ann.fails_times(3).await;
        ann.way = Way::Srp;
        ann.fails_times(2).await;

        ann.is_locked().await;
        ann.way = Way::Password;
        ann.is_locked().await;
    }

    async fn four_failures_lock_nothing(app: TestApp) {
        let ann = Ann::new(app, Way::Password).await;
        ann.fails_times(4).await;

        ann.tries(PASSWORD).await.assert_good();
    }

    async fn a_success_forgets_all_failures(app: TestApp) {
        let ann = Ann::new(app, Way::Password).await;
        ann.fails_times(4).await;
        ann.tries(PASSWORD).await.assert_good();
        assert_eq!(ann.app.rows("attempts").await, 0);

        ann.fails_times(5).await;
        ann.is_locked().await;
    }

    async fn a_success_after_a_lock_begins_the_ladder_anew(app: TestApp) {
        let ann = Ann::new(app, Way::Srp).await;
        ann.fails_times(5).await;
        ann.app.clock.advance(Duration::from_secs(1));
        ann.tries(PASSWORD).await.assert_good();

        ann.fails_times(4).await;
        ann.tries(PASSWORD).await.assert_good();
    }

    async fn failures_are_forgotten_a_quarter_of_an_hour_after_the_lock(app: TestApp) {
        let ann = Ann::new(app, Way::Password).await;
        ann.fails_times(5).await;
        ann.app.clock.advance(Duration::from_secs(1) + QUARTER);

        ann.fails_times(5).await; // as if for the first time
        ann.is_locked().await;
        ann.app.clock.advance(Duration::from_secs(1));
        ann.tries(PASSWORD).await.assert_good();
    }

    async fn failures_are_remembered_until_then(app: TestApp) {
        let ann = Ann::new(app, Way::Password).await;
        ann.fails_times(5).await;
        ann.app.clock.almost(Duration::from_secs(1) + QUARTER);

        ann.fails().await; // the sixth
        ann.app.clock.almost(Duration::from_secs(2));
        ann.is_locked().await;
    }

    async fn a_lock_is_one_users_own(app: TestApp) {
        let ann = Ann::new(app, Way::Password).await;
        ann.app.user(&ann.pool, "bob").await;
        ann.fails_times(5).await;

        ann.is_locked().await;
        ann.app.password(&ann.client, "bob", PASSWORD).await.assert_good();
    }

    async fn another_client_is_no_way_around(app: TestApp) {
        let mut ann = Ann::new(app, Way::Password).await;
        ann.fails_times(5).await;
        ann.client = ann.app.client(&ann.pool).await;

        ann.is_locked().await;
    }
}
