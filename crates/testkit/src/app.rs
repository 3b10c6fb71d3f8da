//! The whole server in process, on a database of its own: a clock that stands still, chance from a seed, a fixed master
//! key and fixed signing keys, so that whole tokens can be compared. Every call goes through `cognate_api::answer`.

#![expect(clippy::panic, clippy::expect_used, clippy::missing_panics_doc, reason = "a test kit fails by panicking")]

mod answered;
mod calls;
mod keys;
pub mod log;
mod people;
pub mod people_file;
mod seams;
mod signed;
mod srp;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cognate_engine::app::Parts;
use cognate_engine::messages::Post;
use cognate_engine::{App, Cx, Mode, Settings};
use cognate_jose::{Keyring, MasterKey};
use cognate_store::{Db, Options};

use crate::{On, TestDb};

pub use answered::Answered;
pub use calls::TARGET;
pub use people::{PASSWORD, Tokens, claims, merged};
pub use seams::{SeededEntropy, TestClock};
pub use signed::Key;
pub use srp::{Proof, SrpClient, timestamp};

pub const REGION: &str = "us-east-1";
pub const ACCOUNT: &str = "123456789012";
pub const PUBLIC_URL: &str = "https://id.example.com";

/// One node. Dropping the last one of a database removes the database.
pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Arc<TestClock>,
    /// What signs this app's calls; in `dev` nothing does.
    pub key: Option<Key>,
    db: Arc<TestDb>,
}

impl On for TestApp {
    async fn on(db: TestDb) -> Self {
        Self::with_post(db, Post::inbox()).await
    }
}

impl TestApp {
    /// Messages leave this way instead of staying in the inbox.
    pub async fn with_post(db: TestDb, post: Post) -> Self {
        let app = Self::start(Arc::new(db), Arc::new(TestClock::new()), 1, (Mode::Dev, post)).await;
        keys::stock(&app.app).await;
        app
    }

    async fn start(db: Arc<TestDb>, clock: Arc<TestClock>, seed: u64, how: (Mode, Post)) -> Self {
        let (mode, post) = how;
        let parts = Parts {
            db: Db::open(&db.url, Options::default()).await.expect("the database opens"),
            clock: Arc::clone(&clock) as Arc<dyn cognate_domain::Clock>,
            entropy: Arc::new(SeededEntropy::new(seed)),
            keyring: Keyring::new(MasterKey::from_bytes([7; 32]), Vec::new()),
            settings: Settings {
                mode,
                public_url: PUBLIC_URL.to_owned(),
                region: REGION.to_owned(),
                account: ACCOUNT.to_owned(),
            },
            post,
        };
        Self { app: App::start(parts).await.expect("the app starts"), clock, key: None, db }
    }

    /// Another node on the same database, with the same clock and keys and chance of its own.
    pub async fn another_node(&self) -> Self {
        static NODES: AtomicU64 = AtomicU64::new(2);

        let (seed, how) = (NODES.fetch_add(1, Ordering::Relaxed), (self.app.settings.mode, Post::inbox()));
        let node = Self::start(Arc::clone(&self.db), Arc::clone(&self.clock), seed, how).await;
        Self { key: self.key.clone(), ..node }
    }

    /// For what has no operation yet.
    pub fn cx(&self) -> Cx {
        Cx::new(Arc::clone(&self.app))
    }

    pub async fn rows(&self, table: &str) -> i64 {
        let mut tx = self.app.db.read().await.expect("the database can be read");
        let counted = tx.query(&format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}")).one(|row| row.int(0)).await;
        counted.expect("the table can be counted")
    }
}

/// `serve`: signatures are asked for, and every call of this app is signed with a key of its own.
pub struct Serving(pub TestApp);

impl On for Serving {
    async fn on(db: TestDb) -> Self {
        let how = (Mode::Serve, Post::inbox());
        let app = TestApp::start(Arc::new(db), Arc::new(TestClock::new()), 1, how).await;
        keys::stock(&app.app).await;
        let key = app.new_key(ACCOUNT).await;
        Self(TestApp { key: Some(key), ..app })
    }
}

impl Deref for Serving {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.0
    }
}
