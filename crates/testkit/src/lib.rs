//! What tests stand on: databases of both engines, made for one test and gone after it.

pub mod databases;
pub mod server;

pub use databases::{On, TestDb};
