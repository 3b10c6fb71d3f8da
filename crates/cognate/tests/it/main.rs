//! The binary as its users start it.

mod dev;
mod keys;
mod process;
mod serve;
mod store;
