//! A fresh database for each test, on both engines.
//!
//! PostgreSQL is the server that `COGNATE_TEST_POSTGRES` (an administrator's URL) names, or else one that this test
//! process starts for itself; `with-postgres` starts one for a whole test run. A missing PostgreSQL fails the test.

#![expect(clippy::panic, clippy::expect_used, clippy::missing_panics_doc, reason = "a test kit fails by panicking")]

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use tokio_postgres::NoTls;

use crate::server::Server;

/// The variable that names a running server, by the URL of a user who may create databases.
pub const SERVER: &str = "COGNATE_TEST_POSTGRES";

/// An empty database; dropping it removes it.
pub struct TestDb {
    /// As `Db::open` and the program's configuration take it.
    pub url: String,
    kept: Kept,
}

enum Kept {
    Sqlite { _folder: TempDir },
    Postgres { admin: String, name: String },
}

impl TestDb {
    pub fn sqlite() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self {
            url: format!("sqlite:{}", folder.path().join("cognate.db").display()),
            kept: Kept::Sqlite { _folder: folder },
        }
    }

    pub async fn postgres() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);

        let admin = tokio::task::spawn_blocking(admin_url).await.expect("a PostgreSQL server");
        let unique = format!("{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let name = format!("cognate_test_{unique}");
        // A dead process's leftovers may bear the name.
        run(&admin, &[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")]).await;

        Self { url: with_database(&admin, &name), kept: Kept::Postgres { admin, name } }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.kept, Kept::Sqlite { .. })
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Kept::Postgres { admin, name } = &self.kept {
            let (admin, name) = (admin.clone(), name.clone());
            // The test's runtime cannot be waited for from here.
            let done = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(run(&admin, &[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]));
            });
            let dropped = done.join().is_ok() || std::thread::panicking();
            assert!(dropped, "a test's database could not be dropped");
        }
    }
}

/// What a test of `both_engines!` may ask for: a `TestDb`, or something that is built on one.
pub trait On: Sized {
    fn on(db: TestDb) -> impl Future<Output = Self> + Send;
}

impl On for TestDb {
    async fn on(db: TestDb) -> Self {
        db
    }
}

/// Makes two tests of each function, `name::sqlite` and `name::postgres`.
///
/// ```ignore
/// both_engines! {
///     async fn a_code_is_good_once(app: TestApp) { .. }
/// }
/// ```
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($($given:ident)+: $kind:ty) $body:block)*) => {$(
        #[cfg(test)] // so that clippy knows
        async fn $name($($given)+: $kind) $body

        #[cfg(test)]
        mod $name {
            use super::*;

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(<$kind as $crate::On>::on($crate::TestDb::sqlite()).await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(<$kind as $crate::On>::on($crate::TestDb::postgres().await).await).await;
            }
        }
    )*};
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration to read it through")]
fn admin_url() -> String {
    static OWN: OnceLock<Server> = OnceLock::new();

    match std::env::var(SERVER) {
        Ok(url) if !url.is_empty() => url,
        _ => OWN.get_or_init(|| Server::start(true).unwrap_or_else(|why| panic!("{why}"))).url(),
    }
}

/// The same server's URL for another database.
fn with_database(admin: &str, name: &str) -> String {
    let (before, parameters) = admin.split_once('?').unwrap_or((admin, ""));
    let (scheme, rest) = before.split_once("://").expect("postgres://..");
    let host = rest.split('/').next().unwrap_or(rest);
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{scheme}://{host}/{name}{mark}{parameters}")
}

async fn run(admin: &str, statements: &[String]) {
    let (client, connection) = tokio_postgres::connect(admin, NoTls).await.unwrap_or_else(|error| {
        panic!("the test server at {admin} does not answer: {error:?}");
    });
    let connection = tokio::spawn(connection);
    for statement in statements {
        client.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    }
    drop(client);
    let _ = connection.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_turned_to_another_database() {
        assert_eq!(
            with_database("postgres://a:b@host:1/x?sslmode=disable", "y"),
            "postgres://a:b@host:1/y?sslmode=disable"
        );
        assert_eq!(with_database("postgres://a@%2Ftmp%2Fz", "y"), "postgres://a@%2Ftmp%2Fz/y");
    }
}
