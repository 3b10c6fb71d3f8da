//! What tests stand on: databases of both engines, made for one test and gone after it; with the feature `app` the
//! whole server in process.

#[cfg(feature = "app")]
pub mod app;
pub mod databases;
pub mod server;

#[cfg(feature = "app")]
pub use app::{Answered, Serving, TestApp};
pub use databases::{On, TestDb};
