//! The whole server in process, on a database of its own: a clock that stands still, chance from a seed, a fixed master
//! key and fixed signing keys, so that whole tokens can be compared. Every call goes through `cognate_api::answer`.

#![expect(clippy::panic, clippy::expect_used, clippy::missing_panics_doc, reason = "a test kit fails by panicking")]

mod answered;
mod calls;
mod keys;
pub mod log;
mod people;
mod seams;
mod signed;
mod srp;

use std::ops::Deref;
use std::sync::Arc;

use cognate_engine::app::Parts;
use cognate_engine::messages::Post;
use cognate_engine::{App, Cx, Mode, Settings};
use cognate_jose::{Keyring, MasterKey};
use cognate_store::{Db, Options};

use crate::{On, TestDb};

pub use answered::Answered;
pub use calls::TARGET;
pub use people::{PASSWORD, Tokens, claims};
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
        let app = Self::start(Arc::new(db), Mode::Dev, Arc::new(TestClock::new()), 1).await;
        keys::stock(&app.app).await;
        app
    }
}

impl TestApp {
    async fn start(db: Arc<TestDb>, mode: Mode, clock: Arc<TestClock>, seed: u64) -> Self {
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
            post: Post::inbox(),
        };
        Self { app: App::start(parts).await.expect("the app starts"), clock, key: None, db }
    }

    /// Another node on the same database, with the same clock and keys.
    pub async fn another_node(&self) -> Self {
        let mode = self.app.settings.mode;
        let node = Self::start(Arc::clone(&self.db), mode, Arc::clone(&self.clock), 2).await;
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
        let app = TestApp::start(Arc::new(db), Mode::Serve, Arc::new(TestClock::new()), 1).await;
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
